/** A session is recorded again as it goes on, so what was taken out of one record mostly stands in others too. */
import { CountersignError, attemptAsync } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Repository } from '../git/repository.ts'
import { linesOf } from '../transcripts/lines.ts'
import type { NamedWords } from './named-words.ts'
import { listRecords, openRecords, readSessionRecord } from './read-record.ts'

export interface OtherRecords {
  /** Digests of other records of the session that hold one of the words. */
  readonly holding: readonly string[]
  /** Of those of which nobody can tell: they cannot be read. */
  readonly unread: readonly string[]
}

interface OfSession {
  readonly tool: string
  readonly session: string
  /** Digests that are not looked at: the record itself, and its successor. */
  readonly except: readonly string[]
}

/** Errors: `object-altered`, `git-failed`. */
export async function otherRecords(
  repository: Repository,
  words: NamedWords,
  { tool, session, except }: OfSession,
): Promise<OtherRecords> {
  const { tips } = await listRecords(repository)
  const digests: string[] = []
  for await (const it of openRecords(repository, tips)) {
    const isOfSession = !('malformed' in it) && it.header.tool === tool && it.header.session === session
    if (isOfSession && !except.includes(it.digest)) digests.push(it.digest)
  }
  const holding: string[] = []
  const unread: string[] = []
  for (const digest of digests) {
    const isHolding = await attemptAsync(() => holds(repository, words, digest))
    if (isHolding instanceof CountersignError && isHolding.code !== 'record-malformed') throw isHolding
    if (isHolding instanceof CountersignError || isHolding === undefined) unread.push(digest)
    else if (isHolding) holding.push(digest)
  }
  return { holding, unread }
}

/** Undefined where a row is longer than is read. */
async function holds(repository: Repository, words: NamedWords, digest: string): Promise<boolean | undefined> {
  const pieces = await readSessionRecord(repository, digest)
  if (pieces === undefined) return undefined
  let isWhole = true
  let isHolding = false
  // To its end, because only then its digest is known.
  for await (const line of linesOf(buffers(pieces), limits.transcriptRowBytes)) {
    if (line.isTooLong) isWhole = false
    else isHolding ||= words.isIn(line.bytes.toString('utf8'))
  }
  return isHolding || (isWhole ? false : undefined)
}

async function* buffers(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const it of pieces) yield Buffer.from(it.buffer, it.byteOffset, it.byteLength)
}
