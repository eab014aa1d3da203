/** A transcript in a file of its own, read as the product reads it. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import type { FileRead, ReadOptions } from '../../../src/collect/transcripts/file-read.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'

/** `name` is where it lies below the folder that was named. */
export async function readSample(
  name: string,
  contents: string | Uint8Array,
  options?: ReadOptions,
): Promise<FileRead | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-transcript-'))
  try {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
    return await readTranscriptFile(path, name, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The only one in it. */
export async function onlyIn(name: string, contents: string | Uint8Array): Promise<ReadTranscript> {
  const read = await readSample(name, contents)
  if (read === undefined || 'problem' in read) throw new Error(`no transcript: ${JSON.stringify(read)}`)
  const [only, ...others] = read.transcripts
  if (only === undefined || others.length > 0) throw new Error(`${read.transcripts.length} transcripts`)
  return only
}

/** Rows of JSON, a line each. */
export function rowsOf(rows: readonly unknown[]): string {
  return rows.map((it) => `${JSON.stringify(it)}\n`).join('')
}
