/**
 * The transcripts of checkpoints, read as they stream by: what they say, and their digest. That is the SHA-256 of all bytes of a
 * transcript as it is stored; of one that was cut into `full.jsonl`, `full.jsonl.001`, `full.jsonl.002` …, of all their bytes in this
 * order with nothing between.
 */
import { createHash } from 'node:crypto'
import { limits } from '../../../model/limits.ts'
import { readBlobParts } from '../../git/blob-parts.ts'
import type { Repository } from '../../git/repository.ts'
import { newTranscriptScan } from './transcript.ts'
import type { TranscriptFacts } from './transcript.ts'

export interface Transcript {
  /** SHA-256 in lower-case hex. */
  readonly digest: string
  readonly bytes: number
  readonly facts: TranscriptFacts
}

/** `missing`: a part is not in this repository; `too-large`: not read. */
export type TranscriptRead = Transcript | 'missing' | 'too-large'

/** Of one transcript, and of all. */
export interface Bounds {
  readonly transcriptBytes: number
  readonly checkpointBytes: number
}

/** Each transcript is the list of its blobs; those that are the same are read once. Errors: `object-altered`, `git-failed`. */
export async function readTranscripts(
  repository: Repository,
  transcripts: readonly (readonly string[])[],
  { transcriptBytes, checkpointBytes }: Bounds = limits,
): Promise<ReadonlyMap<string, TranscriptRead>> {
  const distinct = new Map(transcripts.filter((it) => it.length > 0).map((blobs) => [keyOf(blobs), blobs]))
  const parts = [...distinct.values()].flatMap((blobs) =>
    blobs.map((blob, at) => ({ blob, isFirst: at === 0, isLast: at === blobs.length - 1, key: keyOf(blobs) })),
  )
  const found = new Map<string, TranscriptRead>()
  let left = checkpointBytes
  let open = newReading()
  await readBlobParts(
    repository,
    parts.map(({ blob }) => blob),
    {
      wants(index, bytes) {
        if (parts[index]?.isFirst === true) open = newReading()
        open.bytes += bytes
        if (open.bytes > Math.min(transcriptBytes, left)) open.failure ??= 'too-large'
        return open.failure === undefined
      },
      part(_, bytes) {
        open.hash.update(bytes)
        open.scan.write(bytes)
      },
      end(index, outcome) {
        const part = parts[index]
        if (part === undefined) return
        if (outcome === 'missing') {
          if (part.isFirst) open = newReading()
          open.failure = 'missing'
        }
        if (!part.isLast) return
        if (open.failure === undefined) left -= open.bytes
        found.set(part.key, open.failure ?? transcriptOf(open))
      },
    },
  )
  return found
}

interface Reading {
  readonly hash: ReturnType<typeof createHash>
  readonly scan: ReturnType<typeof newTranscriptScan>
  bytes: number
  failure: 'missing' | 'too-large' | undefined
}

function newReading(): Reading {
  return { hash: createHash('sha256'), scan: newTranscriptScan(), bytes: 0, failure: undefined }
}

function transcriptOf({ hash, scan, bytes }: Reading): Transcript {
  return { digest: hash.digest('hex'), bytes, facts: scan.end() }
}

/** What {@link readTranscripts} calls the transcript of these blobs. */
export function keyOf(blobs: readonly string[]): string {
  return blobs.join(' ')
}
