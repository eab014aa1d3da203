/**
 * Which sessions wrote a line of what is about to be committed. Having been seen here is not enough, nor is a file that was edited
 * once and put back since: a line that the session wrote must be among those that this commit adds to the same file.
 */
import { committedEdits, forgetOld, pendingEdits } from './edits.ts'
import type { PendingEdit } from './edits.ts'
import { unique } from './environment-sessions.ts'
import { stagedChanges } from './patch.ts'
import type { Changes } from './patch.ts'
import type { Places } from './places.ts'
import type { SessionName } from './session-name.ts'
import { noteUndone, undoneEdits } from './undone.ts'

/**
 * In the order of their first edit. `isMadeByGit`: out of other commits, which HEAD does not have either; what was undone is not
 * looked for.
 */
export function sessionsHere(
  places: Places,
  isMadeByGit: boolean,
  now: number,
  warn: (message: string) => void,
): SessionName[] {
  const pending = pendingEdits(places, now)
  const committed = isMadeByGit ? [] : committedEdits(places, now)
  if (!isMadeByGit && committed.length === 0) forgetOld(places, now)
  if (pending.length + committed.length === 0) return []
  const staged = stagedChanges(new Set([...pending, ...committed].map(({ path }) => path)))
  if (staged === undefined) {
    warn('git does not tell what is staged, or too much of it: this commit names no session for lines that it wrote')
    return []
  }
  const undone = undoneEdits(committed, staged)
  noteUndone(places, undone)
  return unique([...editsStaged(pending, staged), ...undone].map(({ session }) => session))
}

/** Those of which a line is added to their file. */
export function editsStaged<E extends PendingEdit>(edits: readonly E[], staged: Changes): E[] {
  return edits.filter(({ path, lines }) => {
    const added = staged.get(path)?.added
    return added !== undefined && lines.some((it) => added.has(it))
  })
}
