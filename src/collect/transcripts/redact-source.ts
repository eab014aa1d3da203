/** A whole text, whatever it is, without its secrets, and where they stood: rows as they are in records, documents and text as they are written. */
import { CountersignError } from '../../errors.ts'
import type { Json } from '../../model/json.ts'
import type { RedactedFile } from '../../model/redaction-report.ts'
import type { FoundSecret } from '../redact/find-secrets.ts'
import { findSecrets } from '../redact/find-secrets.ts'
import { redactJsonSource } from '../redact/json-source.ts'
import { newLocalPaths } from '../redact/local-paths.ts'
import type { LocalPaths } from '../redact/local-paths.ts'
import { redaction } from '../redact/secrets.ts'
import { recordJson } from '../sessions/record-json.ts'
import { learnFolder, plainRow } from './plain-rows.ts'
import { headBytes, headRows } from './read-transcript.ts'
import { redactRows } from './redacted-rows.ts'
import { isObject } from './row-batch.ts'

export interface RedactedText {
  readonly text: string
  readonly form: RedactedFile['form']
  readonly count: number
  /** Paths of a machine that are told another way; in rows alone. */
  readonly paths: number
  readonly places: RedactedFile['places']
}

/** `what` names the bytes, which the caller has bounded. Error: `text-binary`. */
export async function redactSource(bytes: Uint8Array, what: string): Promise<RedactedText> {
  const source = textOf(bytes, what)
  if (isJson(source)) {
    const { text, found } = await redactJsonSource(source)
    return { text, form: 'json', count: found.length, paths: 0, places: placesIn(source, found) }
  }
  const pieces: string[] = []
  const found: FoundSecret[] = []
  const local = newLocalPaths()
  learnFolder(headIn(source), local)
  let count = 0
  let paths = 0
  let rows = 0
  let text = ''
  let start = 0
  const endText = async (): Promise<void> => {
    const secrets = await findSecrets(text)
    pieces.push(without(text, secrets))
    found.push(...secrets.map((it) => moved(it, start)))
    count += secrets.length
    text = ''
  }
  for (let at = 0; at < source.length;) {
    const feed = source.indexOf('\n', at)
    const end = feed < 0 ? source.length : feed + 1
    const line = source.slice(at, end)
    const row = rowIn(line, local)
    if (row === undefined) {
      if (text === '') start = at
      text += line
    } else {
      await endText()
      rows += 1
      const redacted = await redactRow(line, row)
      pieces.push(redacted.text)
      count += redacted.count
      paths += row.paths ?? 0
      found.push(...redacted.found.map((it) => moved(it, at)))
    }
    at = end
  }
  await endText()
  return { text: pieces.join(''), form: rows > 0 ? 'rows' : 'text', count, paths, places: placesIn(source, found) }
}

/** Text of UTF-8 has no zero byte in it. */
function textOf(bytes: Uint8Array, what: string): string {
  try {
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Said below.
  }
  throw new CountersignError('text-binary', `${what} is no text in UTF-8`)
}

function isJson(source: string): boolean {
  if (!/^\ufeff?\s{0,64}[{[]/.test(source)) return false
  const bytes = Buffer.from(source)
  return 'json' in recordJson(bytes, bytes.length)
}

type Row = Parameters<typeof redactRows>[0][number]

function rowIn(line: string, local: LocalPaths): Row | undefined {
  if (!/^\ufeff?[ \t]*\{/.test(line)) return undefined
  const row = plainRow(Buffer.from(line.replace(/^\ufeff/, '').trimEnd()), local)
  return row !== undefined && isObject(row.json) ? row : undefined
}

/** The rows by which a record is begun. */
function headIn(source: string): Json[] {
  const lines = source.slice(0, headBytes).split('\n', headRows + 1)
  return lines.slice(0, headRows).flatMap((line) => {
    const bytes = Buffer.from(line.replace(/^\ufeff/, ''))
    const read = recordJson(bytes, bytes.length)
    return 'json' in read ? [read.json] : []
  })
}

/** As a record has it, so that the digest of what comes out is that of the record. */
async function redactRow(
  line: string,
  row: Row,
): Promise<{ text: string; count: number; found: readonly FoundSecret[] }> {
  const [redacted] = await redactRows([row])
  if (redacted === undefined || (redacted.redactions === 0 && redacted.paths === undefined)) {
    return { text: line, count: 0, found: [] }
  }
  const behind = /[ \t\r\n]*$/.exec(line)?.[0] ?? ''
  const { found } = await redactJsonSource(line)
  return { text: Buffer.from(redacted.bytes).toString() + behind, count: redacted.redactions, found }
}

function moved({ place: [from, to], rule }: FoundSecret, by: number): FoundSecret {
  return { place: [from + by, to + by], rule }
}

function without(text: string, secrets: readonly FoundSecret[]): string {
  let redacted = ''
  let end = 0
  for (const { place } of secrets) {
    redacted += text.slice(end, place[0]) + redaction
    end = place[1]
  }
  return redacted + text.slice(end)
}

function placesIn(source: string, found: readonly FoundSecret[]): RedactedFile['places'] {
  let line = 1
  let start = 0
  return found.map(({ place: [from], rule }) => {
    for (let feed = source.indexOf('\n', start); feed >= 0 && feed < from; feed = source.indexOf('\n', start)) {
      line += 1
      start = feed + 1
    }
    return { line, column: from - start + 1, rule }
  })
}
