/** What the transcripts in a store tell of their sessions: whom they asked, what they wrote. They are told as the store has them. */
import { limits } from '../../../model/limits.ts'
import { readBlobParts } from '../../git/blob-parts.ts'
import type { Repository } from '../../git/repository.ts'
import { newTeller } from '../../transcripts/teller.ts'
import type { Teller } from '../../transcripts/teller.ts'
import type { SessionTranscript } from '../transcript-table.ts'
import type { ReadSession } from './checkpoints.ts'

/** Each session is one with a record, whose transcript is here and was read. Errors: `object-altered`, `git-failed`. */
export async function tellStored(
  repository: Repository,
  sessions: readonly ReadSession[],
  add: (session: ReadSession, transcript: SessionTranscript) => void,
): Promise<void> {
  const told = new Map(sessions.flatMap((it) => (it.record === undefined ? [] : [[it.record.digest, it] as const])))
  const parts = [...told.values()].flatMap((session) =>
    session.transcript.map((blob, at) => ({
      session,
      blob,
      isFirst: at === 0,
      isLast: at === session.transcript.length - 1,
    })),
  )
  if (parts.length === 0) return
  let open: Teller | undefined
  let left = limits.checkpointBytes
  await readBlobParts(
    repository,
    parts.map(({ blob }) => blob),
    {
      wants(index, bytes) {
        const part = parts[index]
        if (part?.isFirst === true) open = newTeller(part.session.session)
        left -= bytes
        if (left < 0) open = undefined
        return open !== undefined
      },
      part: (_, bytes) => open?.write(bytes),
      end(index, outcome) {
        const part = parts[index]
        if (outcome === 'missing') open = undefined
        if (part?.isLast !== true) return
        const end = open?.end()
        const { session } = part
        if (end !== undefined && session.record !== undefined) {
          const { format, told, isByName } = end
          const isTold = !isByName && told.session === session.session && told.tool === session.tool
          add(session, { format, told, isTold, digest: session.record.digest, redactions: undefined })
        }
        open = undefined
      },
    },
  )
}
