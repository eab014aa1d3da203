/** Samples in files of their own, whole and as somebody left them. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FileRead, ReadOptions } from '../../../src/collect/transcripts/file-read.ts'
import { readTranscriptFolder } from '../../../src/collect/transcripts/read-files.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { madeDatabase, madeFolder } from './samples/made-database.ts'
import type { Sample } from './samples/sample.ts'

export interface Written {
  readonly sample: Sample
  /** Of the file, or of the folder. */
  readonly path: string
}

export const isRows = ({ name }: Sample): boolean => name.endsWith('.jsonl')

export const linesOf = (text: string): readonly JsonObject[] =>
  text
    .trim()
    .split('\n')
    .map((it) => JSON.parse(it) as JsonObject)

export function write(sample: Sample): Written {
  if ('database' in sample) return { sample, path: madeDatabase(sample.database) }
  const folder = madeFolder()
  if ('files' in sample) {
    for (const [path, json] of sample.files) put(join(folder, path), JSON.stringify(json))
    return { sample, path: folder }
  }
  const path = join(folder, sample.name)
  put(path, sample.text)
  if (sample.beside !== undefined) put(join(dirname(path), sample.beside[0]), sample.beside[1])
  return { sample, path }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

export async function read({ sample, path }: Written, options: ReadOptions = {}): Promise<FileRead | undefined> {
  if (!('files' in sample)) return await readTranscriptFile(path, sample.name, options)
  const names = sample.files.map(([name]) => name)
  const { links: _, ...rest } = options
  return (await readTranscriptFolder(path, names, rest))[0]?.read
}

/** Its last row, document, page or file is half there. */
export function halve(sample: Sample): Written {
  if ('files' in sample) {
    const written = write(sample)
    const [path = ''] = sample.files.at(-1) ?? []
    put(join(written.path, path), '{"half')
    return written
  }
  if ('database' in sample) {
    const written = write(sample)
    truncateSync(written.path, 4_096 + 2_048)
    return written
  }
  const text = isRows(sample) ? `${sample.text}{"type":"user","timest` : sample.text.slice(0, sample.text.length / 2)
  return write({ ...sample, text })
}

/** With members, columns, tables and rows that nobody knows. */
export function withMore(sample: Sample): Written {
  const later = { later: { deep: ['x', { y: 1 }] } }
  if ('files' in sample) {
    return write({ ...sample, files: sample.files.map(([path, json]) => [path, { ...json, ...later }] as const) })
  }
  if ('database' in sample) {
    const written = write(sample)
    addColumns(written.path)
    return written
  }
  if (isRows(sample)) {
    const known = linesOf(sample.text).map((it) => `${JSON.stringify({ ...it, ...later })}\n`)
    const unknown = '{"type":"from-later","kind":77,"data":{"x":[1]},"message":{"x":1}}\n'
    return write({ ...sample, text: known.join('') + unknown })
  }
  return sample.name.endsWith('.md')
    ? write({ ...sample, text: `${sample.text}\n> What later versions say  \n` })
    : write({ ...sample, text: JSON.stringify({ ...(JSON.parse(sample.text) as JsonObject), ...later }) })
}

function addColumns(path: string): void {
  const database = new DatabaseSync(path)
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
  for (const { name } of tables.all()) {
    const table = String(name)
    for (const it of database.prepare(`PRAGMA table_xinfo("${table}")`).all()) {
      const column = `"${String(it['name'])}"`
      // Of a blob nobody knows whether it is packed.
      database.exec(
        `UPDATE "${table}" SET ${column} = json_set(${column}, '$.later', json('{"deep":["x"]}'))
         WHERE typeof(${column}) = 'text' AND json_valid(${column}) AND json_type(${column}) = 'object'`,
      )
    }
    database.exec(`ALTER TABLE "${table}" ADD COLUMN later TEXT DEFAULT '{"x":[1]}'`)
  }
  database.exec('CREATE TABLE later (id TEXT)')
  database.close()
}

/** As a later version of its tool writes it. */
export function asLater(sample: Sample, [from, to]: readonly [from: string, to: string]): Written {
  const changed = <T extends object>(it: T): T =>
    JSON.parse(JSON.stringify(it).replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1))) as T
  return write(changed(sample))
}
