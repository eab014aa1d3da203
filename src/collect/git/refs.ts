/** The refs of a repository, as many as there are. */
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

export interface Ref {
  /** Full name. */
  readonly name: string
  /** Full id of what it names, and its type: `commit`, `tag`, `tree`, `blob`. */
  readonly object: string
  readonly type: string
}

/**
 * Those whose names match one of the patterns of git-for-each-ref(1), in the order of their names. A ref that is broken is left out.
 * Error: `git-failed`.
 */
export async function* listRefs(
  { git }: Repository,
  patterns: readonly string[],
): AsyncGenerator<Ref, void, undefined> {
  const args = ['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)', ...patterns]
  let rest = ''
  for await (const chunk of streamGit(git, args)) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, object, type, name] = /^([0-9a-f]+) (\w+) (\S+)$/.exec(line) ?? []
      if (object !== undefined && type !== undefined && name !== undefined) yield { object, type, name }
    }
  }
}
