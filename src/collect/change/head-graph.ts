/** The commits below heads of requests that are not in the history of a release. */
import { limits } from '../../model/limits.ts'
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'

/** With their parents; as many as are looked at. Error: `git-failed`. */
export async function headGraph(
  repository: Repository,
  until: string,
  heads: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parentsOf = new Map<string, readonly string[]>()
  const tips = [...heads]
  if (tips.length === 0) return parentsOf
  const args = ['rev-list', '--parents', `--max-count=${limits.walkedCommits}`, '--stdin']
  let rest = ''
  for await (const chunk of streamGit(repository.git, args, tipsOf(tips, until))) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [commit = '', ...parents] = line.split(' ')
      parentsOf.set(commit, parents)
    }
  }
  return parentsOf
}

/** Input of `rev-list --stdin`: what is reachable from heads, and not from the end of the release. */
export function tipsOf(heads: Iterable<string>, until: string): string {
  return [...new Set(heads), `^${until}`, ''].join('\n')
}
