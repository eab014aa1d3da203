/**
 * Which sessions wrote a line of what is about to be committed. Having been seen here is not enough, nor is a file that was edited
 * once and put back since: a line that the session wrote must be among those that this commit adds to the same file.
 */
import { bringBack, committedEdits, lineKey, pendingEdits } from './edits.ts'
import type { PendingEdit } from './edits.ts'
import { unique } from './environment-sessions.ts'
import { askGit } from './git.ts'
import type { Places } from './places.ts'
import type { SessionName } from './session-name.ts'

/**
 * In the order of their first edit. What a commit had that HEAD does not come from any more, as behind `git reset --soft`, is pending
 * again. `isMadeByGit`: out of another commit, which would be one of those.
 */
export function sessionsHere(places: Places, isMadeByGit: boolean, now: number): SessionName[] {
  const pending = pendingEdits(places, now)
  const committed = isMadeByGit ? [] : committedEdits(places, now)
  if (pending.length + committed.length === 0) return []
  const patch = stagedPatch([...pending, ...committed].map(({ path }) => path))
  const undone = undoneOf(editsStaged(committed, patch).map(({ commit }) => commit))
  if (undone.size > 0) bringBack(places, (commit) => undone.has(commit), now)
  const own = [...pending, ...committed.filter(({ commit }) => undone.has(commit))]
  return unique(editsStaged(own, patch).map(({ session }) => session))
}

/** Those of which a patch adds a line to their file. */
export function editsStaged<E extends PendingEdit>(edits: readonly E[], patch: string | undefined): E[] {
  if (edits.length === 0 || patch === undefined) return []
  const added = addedKeys(patch, new Set(edits.map(({ path }) => path)))
  return edits.filter(({ path, lines }) => {
    const keys = added.get(path)
    return keys !== undefined && lines.some((it) => keys.has(it))
  })
}

/** A line of an undone commit may have been in others, too: the last ones are asked about. */
const mostCommits = 16

function undoneOf(commits: readonly string[]): Set<string> {
  const last = [...new Set(commits)].slice(-mostCommits)
  return new Set(last.filter((it) => askGit(['merge-base', '--is-ancestor', it, 'HEAD']) === undefined))
}

const longestArguments = 64 * 1024

/** The staged change of these files, as a patch. */
export function stagedPatch(paths: readonly string[]): string | undefined {
  return patchOf(['--cached'], paths)
}

/** What the working tree has of these files beyond HEAD, as a patch. */
export function unstagedPatch(paths: readonly string[]): string | undefined {
  return patchOf(['HEAD'], paths)
}

function patchOf(of: readonly string[], paths: readonly string[]): string | undefined {
  const names = [...new Set(paths)].filter((it) => !it.includes('\0'))
  // A command line has an end; then the whole change is asked for.
  const asked = names.join(' ').length > longestArguments ? [] : names
  const args = ['--no-pager', '--literal-pathspecs', '-c', 'core.quotePath=false', 'diff', ...of, '--unified=0']
  const options = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/']
  return askGit([...args, ...options, '--', ...asked])
}

/** File → keys of the lines that a patch adds to it. */
export function addedKeys(patch: string, paths: ReadonlySet<string>): Map<string, Set<string>> {
  const added = new Map<string, Set<string>>()
  let keys: Set<string> | undefined
  let isHeader = true
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) {
      isHeader = true
      keys = undefined
    } else if (isHeader && line.startsWith('+++ ')) {
      const path = line.slice(4).replace(/\t$/, '').replace(/^b\//, '')
      keys = paths.has(path) ? new Set() : undefined
      if (keys !== undefined) added.set(path, keys)
    } else if (line.startsWith('@@ ')) {
      isHeader = false
    } else if (!isHeader && line.startsWith('+')) {
      const key = lineKey(line.slice(1))
      if (key !== undefined) keys?.add(key)
    }
  }
  return added
}
