/** What a reader says of a ref of notes that is not in the clone. */
import type { HasRemoteRef } from '../git/remote-refs.ts'
import type { Absence } from './readers/row.ts'

/** A clone fetches no notes unless it is told to, so that they are not here does not say that there are none. */
export async function withoutNotes(ref: string, hasRemoteRef: HasRemoteRef): Promise<Absence> {
  const isAtRemote = await hasRemoteRef(ref)
  if (isAtRemote === false) return { outcome: 'nothing', detail: `the remote has no ${ref}` }
  return {
    outcome: 'not-fetched',
    detail: isAtRemote === true ? `the remote has ${ref}, this clone has not` : `${ref} is not in this clone`,
  }
}
