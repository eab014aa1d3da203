/** Commits of pull requests that stand in the default branch under another id, because somebody rewrote them. */
import { spawnSync } from 'node:child_process'
import { git } from './git.ts'

interface Row {
  readonly id: string
  readonly committed: number
}

/** A commit of a head and the commit of the range that has the same author, time and patch. */
export interface Rebase {
  readonly head: string
  readonly commit: string
  /** The one of the head was made after that of the range: somebody carried a released change into a branch, and it is no source of it. */
  readonly isLater: boolean
}

export function rebasesOf(repository: string, range: ReadonlySet<string>): readonly Rebase[] {
  const format = '--format=%H%x1f%ct%x1f%at %ae%x1f%ct %ce%x1f%P'
  const rewritten = new Map<string, Row[]>()
  for (const line of git(repository, ['log', format, 'HEAD']).split('\n')) {
    const [id = '', committed = '', author = '', committer = '', parents = ''] = line.split('\x1f')
    if (!range.has(id) || author === committer || parents.includes(' ')) continue
    rewritten.set(author, [...(rewritten.get(author) ?? []), { id, committed: Number(committed) }])
  }
  const pairs: { head: Row; row: Row }[] = []
  for (const line of git(repository, ['log', format, '--glob=refs/pull/*/head', '--not', 'HEAD']).split('\n')) {
    const [id = '', committed = '', author = '', , parents = ''] = line.split('\x1f')
    if (id === '' || parents.includes(' ')) continue
    for (const row of rewritten.get(author) ?? []) pairs.push({ head: { id, committed: Number(committed) }, row })
  }
  const patches = patchesOf(repository, new Set(pairs.flatMap(({ head, row }) => [head.id, row.id])))
  return pairs.flatMap(({ head, row }) => {
    const patch = patches.get(head.id)
    if (patch === undefined || patch !== patches.get(row.id)) return []
    return [{ head: head.id, commit: row.id, isLater: head.committed > row.committed }]
  })
}

/** Of those whose files are all there. */
function patchesOf(repository: string, ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const all = [...ids]
  // A large file that the snapshot lacks ends git: then its part is gone through one by one.
  const take = (part: readonly string[]): void => {
    const script = 'git -C "$0" diff-tree --stdin -p --no-renames --no-ext-diff --no-textconv | git patch-id --stable'
    const { stdout, stderr } = spawnSync('sh', ['-c', script, repository], {
      ...{ input: `${part.join('\n')}\n`, encoding: 'utf8', maxBuffer: 2 ** 30 },
    })
    if (stderr !== '' && part.length > 1) {
      for (const one of part) take([one])
      return
    }
    for (const line of stdout.split('\n')) {
      const [patch = '', id = ''] = line.split(' ')
      if (id !== '' && stderr === '') found.set(id, patch)
    }
  }
  for (let at = 0; at < all.length; at += 100) take(all.slice(at, at + 100))
  return found
}
