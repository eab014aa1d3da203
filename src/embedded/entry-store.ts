/**
 * The entries of one log, append-only: in memory, or in a file with one JSON line an entry that is on disk before anybody
 * gets a proof for it.
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import * as z from 'zod/mini'
import { asFailure, CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'

/** `integratedTime` is in seconds since 1970; `body` is the canonical entry, the bytes of the leaf. */
export interface EntryRecord {
  readonly integratedTime: number
  readonly body: Buffer
}

export interface EntryStore {
  /** What was in the store when it was opened, in order. */
  readonly records: readonly EntryRecord[]
  /** Returns once the record is kept for good, or throws and keeps nothing of it. */
  append(record: EntryRecord): void
  close(): void
}

/** Keeps nothing beyond the process. */
export function memoryStore(): EntryStore {
  return { records: [], append: () => undefined, close: () => undefined }
}

const line = z.strictObject({
  integratedTime: z.int().check(z.nonnegative()),
  body: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
})

const newline = 0x0a

/**
 * Opens the file of a log, which must exist. A last line without its end is what a crash leaves of an append that nobody
 * was told about, and is dropped; anything else that is no entry is `local-state-malformed`. `assertHeld` runs before each
 * append and throws if the log is no longer ours. Errors of an append: `output-failed`.
 */
export function openEntryFile(path: string, assertHeld: () => void): EntryStore {
  const file = openLog(path)
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw malformed(path, 'it is no file')
    if (status.size > limits.bundleFileBytes) throw malformed(path, 'it is too large')
    const bytes = readFileSync(file)
    let length = bytes.lastIndexOf(newline) + 1
    if (length < bytes.length) {
      ftruncateSync(file, length)
      fdatasyncSync(file)
    }
    return {
      records: recordsOf(bytes.subarray(0, length), path),
      append(record): void {
        assertHeld()
        const text = { integratedTime: record.integratedTime, body: record.body.toString('base64') }
        length += appendLine(file, length, Buffer.from(`${JSON.stringify(text)}\n`))
      },
      close: () => closeSync(file),
    }
  } catch (thrown) {
    closeSync(file)
    throw asFailure(thrown, 'local-state-malformed', `cannot read ${path}`)
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (thrown) {
    throw asFailure(thrown, 'local-state-malformed', 'a log of the embedded Sigstore cannot be opened')
  }
}

function recordsOf(bytes: Buffer, path: string): EntryRecord[] {
  const lines = bytes.toString('utf8').split('\n').slice(0, -1)
  return lines.map((text, index) => {
    const parsed = line.safeParse(jsonOf(text))
    if (!parsed.success) throw malformed(path, `line ${index + 1} is no log entry`)
    return { integratedTime: parsed.data.integratedTime, body: Buffer.from(parsed.data.body, 'base64') }
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes and flushes a whole line; on failure the file is cut back, or the next line would join a torn one. */
function appendLine(file: number, at: number, bytes: Buffer): number {
  try {
    for (let written = 0; written < bytes.length;) {
      written += writeSync(file, bytes, written, bytes.length - written, at + written)
    }
    fdatasyncSync(file)
    return bytes.length
  } catch (thrown) {
    ftruncateSync(file, at)
    throw asFailure(thrown, 'output-failed', 'the log of the embedded Sigstore cannot be written')
  }
}

function malformed(path: string, reason: string): CountersignError {
  return new CountersignError('local-state-malformed', `the log ${path} is malformed: ${reason}`)
}
