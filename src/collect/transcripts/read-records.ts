/** Records and transcripts → what was asked and decided in each session, redacted once more on the way. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import type { LogEntry, ReasoningLog } from '../../model/reasoning-log.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readFileIfThere, systemCode } from '../../platform/files.ts'
import { hashFile } from '../../platform/hash.ts'
import type { Progress } from './progress.ts'
import type { KeepRecord } from './record-book.ts'
import { readTranscriptFile } from './read-transcript.ts'
import { objectIn, textIn } from './members.ts'
import { newSessionTexts } from './session-texts.ts'
import type { SessionTexts } from './session-texts.ts'

/** What one record tells. */
export interface RecordTexts {
  readonly tool: string
  readonly session: string | undefined
  /** Of an agent of the session; then there are no texts: what it was asked, no person asked. */
  readonly agent: string | undefined
  readonly progress: Progress
  /** SHA-256 of the bytes of the record; of a transcript, of its redacted form. */
  readonly digest: string
  readonly entries: readonly LogEntry[]
  readonly left: number
}

export interface ReadRecords {
  readonly records: readonly RecordTexts[]
  /** The files that are what they are said to be. */
  readonly files: readonly string[]
  readonly refused: ReasoningLog['refused']
}

const recordName = /^([0-9a-f]{64})\.jsonl$/
const cardBytes = 1024 * 1024

/** A folder as `keepRecords` writes it: only files of such names are read. Errors: `path-missing`, `input-unreadable`. */
export async function readRecordFolder(folder: string): Promise<ReadRecords> {
  const records: RecordTexts[] = []
  const files: string[] = []
  const refused: { name: string; code: 'record-altered' | 'record-unreadable' }[] = []
  for (const name of (await namesIn(folder)).slice(0, limits.transcripts)) {
    const [, digest] = recordName.exec(name) ?? []
    if (digest === undefined) continue
    const path = join(folder, name)
    const hashed = await hashFile(path, [], 'refuse')
    if (hashed.digest.sha256 !== digest) {
      refused.push({ name, code: 'record-altered' })
      continue
    }
    const read = await readTexts(path, `${await sessionOfCard(join(folder, `${digest}.json`))}.jsonl`)
    if (read.length === 0) refused.push({ name, code: 'record-unreadable' })
    else files.push(path)
    // What is signed is the digest of these bytes; rules that came later may take out more.
    records.push(...read.map((it) => ({ ...it, digest })))
  }
  return { records, files, refused }
}

/** A file that a tool wrote. Errors: `path-*`, `input-unreadable`. */
export async function readTranscriptTexts(path: string): Promise<ReadRecords> {
  const records = await readTexts(path, basename(path))
  if (records.length > 0) return { records, files: [path], refused: [] }
  return { records, files: [], refused: [{ name: basename(path), code: 'record-unreadable' }] }
}

async function readTexts(path: string, name: string): Promise<RecordTexts[]> {
  const records: RecordTexts[] = []
  let texts: SessionTexts | undefined
  const keep: KeepRecord = {
    tell(sink) {
      texts = newSessionTexts(sink)
      return texts.sink
    },
    piece: () => undefined,
    end(transcript) {
      if (transcript === undefined || texts === undefined) return
      const { digest, bytes, session: told } = transcript
      const { tool, session, agent, iterations, turns } = told
      const kept = agent === undefined ? texts.entries() : { entries: [], left: 0 }
      records.push({ tool, session, agent, digest, progress: { iterations, turns, bytes, digest }, ...kept })
    },
  }
  const read = await readTranscriptFile(path, name, { links: 'follow', keep })
  return read === undefined || 'problem' in read ? [] : records
}

/** Some forms name the session in the name of the file alone. */
async function sessionOfCard(path: string): Promise<string> {
  try {
    const bytes = await readFileIfThere(path, cardBytes, 'the card of a record')
    const name = textIn(objectIn(JSON.parse(bytes?.toString() ?? 'null') as Json)?.['session'])
    return name !== undefined && /^[\w.-]{1,200}$/.test(name) ? name : 'record'
  } catch {
    return 'record'
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (thrown) {
    const isMissing = systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR'
    const words = isMissing ? 'there is no such folder' : 'the folder cannot be read'
    throw new CountersignError(isMissing ? 'path-missing' : 'input-unreadable', `${JSON.stringify(folder)}: ${words}`)
  }
}
