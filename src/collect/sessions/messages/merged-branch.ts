/**
 * The branch that a merge commit brought in, by the subjects that git and the forges write. Its name tells which tool made it;
 * the branch that something is merged *into* tells nothing: people bring the agents' branches up to date.
 */
const subjects: readonly RegExp[] = [
  /^Merge pull request #\d{1,10} (?:from|in) [^\s/]{1,100}\/(\S{1,250})$/, // GitHub, its owner first
  /^Merge branch '([^'\s]{1,250})'(?: of \S{1,400})?(?: into .{1,300})?$/, // git, GitLab
  /^Merge remote-tracking branch '[^'\s/]{1,100}\/([^'\s]{1,250})'(?: into .{1,300})?$/,
  /^Merged in (\S{1,250}) \(pull request #\d{1,10}\)$/, // Bitbucket
]

/** Of the message of a merge; undefined where its subject is none of these. */
export function mergedBranch(message: string): string | undefined {
  const [subject = ''] = message.slice(0, 1_024).split(/\r?\n/, 1)
  for (const shape of subjects) {
    const branch = shape.exec(subject)?.[1]
    if (branch !== undefined) return branch
  }
  return undefined
}
