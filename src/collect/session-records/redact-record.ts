/**
 * A record once more without what had to go: the rules of today, words that somebody named, whole rows. What comes of it must tell of the same
 * session as before, for a record of nobody would explain nothing.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { recordFiles } from '../../model/session-record.ts'
import type { RecordCard } from '../../model/session-record.ts'
import type { SessionRedaction } from '../../model/session-redaction.ts'
import type { Repository } from '../git/repository.ts'
import { redactSecrets, redaction } from '../redact/secrets.ts'
import { recordJson } from '../sessions/record-json.ts'
import { transcriptFormats } from '../transcripts/formats/index.ts'
import { linesOf } from '../transcripts/lines.ts'
import { newSalt } from '../transcripts/record-book.ts'
import { redactRows } from '../transcripts/redacted-rows.ts'
import type { Row } from '../transcripts/redacted-rows.ts'
import { newTeller } from '../transcripts/teller.ts'
import type { NamedWords } from './named-words.ts'
import { readSessionRecord } from './read-record.ts'
import { breaksRecord, redactedCard } from './redacted-card.ts'

export interface RedactionAsked {
  readonly words: NamedWords
  /** Of lines, from 1, both ends inclusive. */
  readonly rows: readonly (readonly [first: number, last: number])[]
  /** What the card says of it. */
  readonly reason: string
}

export interface RemadeRecord {
  readonly card: RecordCard
  readonly removed: SessionRedaction['removed']
  /** The lines, from 1, of words that were nowhere in the old transcript. */
  readonly unfound: readonly number[]
}

type Removed = { -readonly [kind in keyof SessionRedaction['removed']]: number }

/**
 * Writes the new transcript to `path`. Errors: `redaction-empty`, `redaction-breaks-record`, `record-malformed`, `input-too-large`, `usage`,
 * `git-failed`.
 */
export async function remakeRecord(
  repository: Repository,
  card: RecordCard,
  asked: RedactionAsked,
  path: string,
): Promise<RemadeRecord> {
  const old = await readSessionRecord(repository, card.digest.sha256)
  if (old === undefined) throw new CountersignError('record-missing', 'the record is not in this clone')
  const kind = transcriptFormats.find(({ id }) => id === card.format)?.body.kind
  const removed: Removed = { secrets: 0, words: 0, rows: 0 }
  const before = newTelling(card.file)
  const after = newTelling(card.file !== undefined && asked.words.isIn(card.file) ? undefined : card.file)
  const pieces =
    kind === 'document' || kind === 'text'
      ? redactedWhole(heard(old, before), kind, asked, removed)
      : redactedLines(heard(old, before), asked, removed)
  await pipeline(heard(pieces, after), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  if (removed.secrets + removed.words + removed.rows === 0) {
    throw new CountersignError('redaction-empty', 'there is nothing in the record that would be taken out of it')
  }
  const unfound = asked.words.unfound()
  const made = redactedCard({ card, before: before.end(), after: after.end(), asked, removed })
  return { card: made, removed, unfound }
}

function newTelling(file: string | undefined) {
  const hash = createHash('sha256')
  const salt = newSalt()
  const teller = newTeller(file ?? recordFiles.transcript, undefined, salt.end)
  let bytes = 0
  return {
    hear(piece: Uint8Array) {
      hash.update(piece)
      salt.update(piece)
      teller.write(piece)
      bytes += piece.length
    },
    end: () => ({ told: teller.end()?.told, sha256: hash.digest('hex'), bytes }),
  }
}

async function* heard(
  pieces: AsyncIterable<Uint8Array>,
  telling: ReturnType<typeof newTelling>,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of pieces) {
    telling.hear(piece)
    yield Buffer.from(piece)
  }
}

const lineEnd = Buffer.from('\n')
/** In the place of a whole row: JSON still, and of no format. */
const goneRow = Buffer.from(JSON.stringify({ redacted: redaction }))

type Waiting = Row | { readonly text: string } | 'gone'

async function* redactedLines(
  chunks: AsyncIterable<Buffer>,
  { words, rows }: RedactionAsked,
  removed: Removed,
): AsyncGenerator<Buffer, void, undefined> {
  let number = 0
  let waiting: Waiting[] = []
  let bytes = 0
  for await (const line of linesOf(chunks, limits.transcriptRowBytes)) {
    if (line.isTooLong) throw tooLarge()
    number += 1
    const read = recordJson(line.bytes, line.bytes.length)
    const isGone = isAsked(rows, number)
    if (isGone) words.isIn(line.bytes.toString('utf8'))
    const isRow = 'json' in read && typeof read.json === 'object' && read.json !== null
    waiting.push(
      isGone ? 'gone' : isRow ? { bytes: line.bytes, json: read.json } : { text: line.bytes.toString('utf8') },
    )
    // Blank lines come as one.
    number += line.bytes.filter((it) => it === lineEnd[0]).length
    bytes += line.bytes.length
    if (bytes < batchBytes && !line.isLast) continue
    yield* redactedBatch(waiting, words, removed, line.isLast)
    waiting = []
    bytes = 0
  }
  yield* redactedBatch(waiting, words, removed, false)
  refuseBeyond(rows, number)
}

const batchBytes = 1024 * 1024

async function* redactedBatch(
  waiting: readonly Waiting[],
  words: NamedWords,
  removed: Removed,
  endsOpen: boolean,
): AsyncGenerator<Buffer, void, undefined> {
  const rows = await redactRows(waiting.filter((it): it is Row => it !== 'gone' && 'json' in it))
  let at = 0
  for (const [index, one] of waiting.entries()) {
    const end = endsOpen && index === waiting.length - 1 ? [] : [lineEnd]
    if (one === 'gone') {
      removed.rows += 1
      yield Buffer.concat([goneRow, ...end])
    } else if ('text' in one) {
      yield Buffer.concat([Buffer.from(await redactedText(one.text, words, removed)), ...end])
    } else {
      const row = rows[at] ?? { ...one, redactions: 0 }
      at += 1
      removed.secrets += row.redactions
      // What went with a secret was found.
      if (row.redactions > 0) words.isIn(Buffer.from(one.bytes).toString('utf8'))
      yield Buffer.concat([withoutWords(row, words, removed), ...end])
    }
  }
}

/** A word may also reach over what parts two texts, or be a part of a number: then the row goes. */
function withoutWords(row: Row, words: NamedWords, removed: Removed): Uint8Array {
  const { json, count } = words.redact(row.json)
  const bytes = count === 0 ? Buffer.from(row.bytes) : Buffer.from(JSON.stringify(json))
  if (words.isIn(bytes.toString('utf8'))) {
    removed.rows += 1
    return goneRow
  }
  removed.words += count
  return bytes
}

async function redactedText(text: string, words: NamedWords, removed: Removed): Promise<string> {
  const secrets = await redactSecrets(text)
  if (secrets.count > 0) words.isIn(text)
  const named = words.redactText(secrets.text)
  removed.secrets += secrets.count
  removed.words += named.count
  return named.text
}

/** A document, or a text, whose secrets may stand on several lines. */
async function* redactedWhole(
  chunks: AsyncIterable<Buffer>,
  kind: 'document' | 'text',
  { words, rows }: RedactionAsked,
  removed: Removed,
): AsyncGenerator<Buffer, void, undefined> {
  if (kind === 'document' && rows.length > 0) {
    throw new CountersignError('usage', 'the record is one document and has no rows', { option: 'rows' })
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const it of chunks) {
    bytes += it.length
    if (bytes > limits.transcriptRowBytes) throw tooLarge()
    parts.push(it)
  }
  const whole = Buffer.concat(parts)
  const read = kind === 'document' ? recordJson(whole, whole.length) : undefined
  if (read !== undefined && 'json' in read) {
    const [row] = await redactRows([{ bytes: whole, json: read.json }])
    removed.secrets += row?.redactions ?? 0
    if (removed.secrets > 0) words.isIn(whole.toString('utf8'))
    const { json, count } = words.redact(row?.json ?? null)
    removed.words += count
    const made = count === 0 ? Buffer.from(row?.bytes ?? '') : Buffer.from(JSON.stringify(json))
    // There is nothing smaller that could go in its place.
    if (words.isIn(made.toString('utf8'))) throw breaksRecord('a word stands where no text is')
    yield made
    return
  }
  const lines = whole.toString('utf8').split('\n')
  refuseBeyond(rows, lines.length)
  const kept = lines.map((line, at) => {
    if (!isAsked(rows, at + 1)) return line
    removed.rows += 1
    words.isIn(line)
    return redaction
  })
  yield Buffer.from(await redactedText(kept.join('\n'), words, removed))
}

function isAsked(rows: RedactionAsked['rows'], number: number): boolean {
  return rows.some(([first, last]) => first <= number && number <= last)
}

/** Who names a row that is not there meant another one, which would stay. Error: `usage`. */
function refuseBeyond(rows: RedactionAsked['rows'], last: number): void {
  const beyond = rows.find(([, end]) => end > last)
  if (beyond === undefined) return
  throw new CountersignError('usage', `the record has ${last} rows, and no row ${beyond[1]}`, { option: 'rows' })
}

function tooLarge(): CountersignError {
  return new CountersignError('input-too-large', 'the record has a row that is larger than is read')
}
