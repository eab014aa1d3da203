/** `git patch-id --stable`: the same change under another commit has the same one. */
import { CountersignError } from '../../errors.ts'
import { feedGit, streamGit } from './process.ts'
import type { Repository } from './repository.ts'

// What a configuration or an attribute could change is said.
const diffArgs = [
  ...['diff-tree', '--stdin', '--root', '-r', '--patch', '--full-index', '--no-renames', '--no-ext-diff'],
  ...['--no-textconv', '--no-color', '--binary', '--submodule=short', '--diff-algorithm=myers', '--indent-heuristic'],
  ...['--src-prefix=a/', '--dst-prefix=b/'],
]

/** Commit → patch id, for those that change something; a merge has none. Two processes. Errors: `git-failed`. */
export async function patchIds({ git }: Repository, commits: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  const input = [...commits, ''].join('\n')
  if (input === '') return ids
  const hashing = feedGit(git, ['patch-id', '--stable'])
  try {
    const feeding = hashing.writeAll(streamGit(git, diffArgs, input))
    // Awaited below; until then a failure of it must not end the process.
    feeding.catch(() => undefined)
    let rest = ''
    for await (const chunk of hashing.output) {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [id, commit] = line.split(' ')
        if (id !== undefined && commit !== undefined) ids.set(commit, id)
      }
    }
    await feeding
    const { status } = await hashing.end()
    if (status !== 0) throw new CountersignError('git-failed', 'git patch-id failed')
    return ids
  } finally {
    await hashing.stop()
  }
}
