/** The notes of a ref, here and at the remote: a clone fetches none unless it is told to, and keeps those that it had. */
import { withoutAncestors } from '../git/commits-here.ts'
import { listNotes, notesTree } from '../git/notes.ts'
import type { NoteBlobs } from '../git/notes.ts'
import type { LookAtRemotes } from '../git/remote.ts'
import type { Absence, Look } from './readers/row.ts'

export interface Notes {
  readonly blobOf: NoteBlobs
  /** Some are not here. */
  readonly absence: Absence | undefined
}

/** Or why none are here. Error: `git-failed`. */
export async function notesAt(
  { repository, remote }: Pick<Look, 'repository' | 'remote'>,
  ref: string,
): Promise<Notes | Absence> {
  const own = await notesTree(repository, ref)
  const look = await remote.look([ref])
  const here = [...(own === undefined ? [] : [own]), ...look.refs.filter((it) => it.isHere).map((it) => it.id)]
  const absence = absenceOf(ref, own, look)
  if (here.length === 0) return absence ?? { outcome: 'nothing', detail: `the remote has no ${ref}` }
  const blobOf = new Map<string, string | null>()
  // One is mostly an older state of the other.
  for (const tip of await withoutAncestors(repository.git, [...new Set(here)])) {
    for (const [commit, blob] of await listNotes(repository, tip)) {
      // What was written apart on both sides: nobody can say which of two notes counts.
      const isOther = blobOf.has(commit) && blobOf.get(commit) !== blob
      blobOf.set(commit, isOther ? null : blob)
    }
  }
  return { blobOf, absence }
}

function absenceOf(ref: string, own: string | undefined, look: LookAtRemotes): Absence | undefined {
  const { refs, whole, failure } = look
  if (failure !== undefined) return { outcome: 'could-not-look', detail: failure }
  const isNewer = refs.some(({ isHere }) => !isHere)
  if (own !== undefined) {
    return isNewer ? { outcome: 'not-fetched', detail: `${ref} is older than the remote's, or another` } : undefined
  }
  if (isNewer) return { outcome: 'not-fetched', detail: `the remote has ${ref}, this clone has not` }
  return whole || refs.length > 0 ? undefined : { outcome: 'not-fetched', detail: `${ref} is not in this clone` }
}
