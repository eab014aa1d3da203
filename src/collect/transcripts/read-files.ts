/** Folders in which several files are one session → the transcripts in them. Each file is a row of the record, with its path before it. */
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readRegularFile } from '../../platform/files.ts'
import { recordJson } from '../sessions/record-json.ts'
import { transcriptFormats } from './formats/index.ts'
import type { FilesBody, TranscriptFormat } from './formats/row.ts'
import type { FileRead, ReadOptions } from './file-read.ts'
import { newLocalPaths } from '../redact/local-paths.ts'
import { plainJson } from './plain-rows.ts'
import { newRecordBook } from './record-book.ts'
import { newRowBatch } from './row-batch.ts'

/** A session in a folder, and the files of which it is, whether or not they could be read. */
export interface FolderSession {
  readonly name: string
  readonly files: readonly string[]
  readonly read: FileRead
}

type FilesFormat = TranscriptFormat & { readonly body: FilesBody }

/**
 * `names` are the paths of the files below the folder, `/` between. Sessions come in the order of their names; files that are of none
 * are in none. No link is followed below the folder. What is wrong in a file is told, not thrown.
 */
export async function readTranscriptFolder(
  folder: string,
  names: readonly string[],
  { formats = transcriptFormats, bounds = limits, keep }: Omit<ReadOptions, 'links'> = {},
): Promise<readonly FolderSession[]> {
  const inside = names.filter(isInside).sort()
  const found: FolderSession[] = []
  for (const format of formats.filter((it): it is FilesFormat => it.body.kind === 'files')) {
    const files = newFolderFiles(folder, bounds.transcriptRowBytes)
    for (const session of [...format.body.sessions(inside)].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const read = await readSession(format, session, files, bounds.transcriptBytes, keep)
      found.push({ ...session, read })
    }
  }
  return found
}

function isInside(name: string): boolean {
  return !name.includes('\\') && name.split('/').every((it) => it !== '' && it !== '.' && it !== '..')
}

async function readSession(
  format: FilesFormat,
  { name, files: paths }: Omit<FolderSession, 'read'>,
  files: FolderFiles,
  maxBytes: number,
  keep: ReadOptions['keep'],
): Promise<FileRead> {
  const local = newLocalPaths()
  const book = newRecordBook(format, name, local, keep)
  const reader = format.body.open(book.telling)
  const batch = newRowBatch(reader, book)
  const tooLarge = { problem: { code: 'transcript-too-large', detail: 'the session is larger than is read' } }
  let total = 0
  let broken = 0
  let missing = 0
  if (paths.length > limits.transcriptDatabaseRows) return tooLarge
  for (const path of paths) {
    const content = await files.read(path)
    if (content === undefined) {
      missing += 1
      continue
    }
    const read = recordJson(content, content.length)
    if (!('json' in read)) {
      broken += 1
      continue
    }
    const row = plainJson({ path, json: read.json }, local)
    total += row.bytes.length + 1
    if (total > maxBytes) return tooLarge
    await batch.add(row)
  }
  await batch.end()
  reader.end?.()
  if (broken > 0) book.problem('transcript-row-broken', `${broken} files`)
  if (missing > 0) book.problem('transcript-incomplete', `${missing} files cannot be read`)
  return { transcripts: book.end() }
}

interface FolderFiles {
  /** Undefined for what is no file, cannot be read, or is larger than a row may be. */
  read(path: string): Promise<Buffer | undefined>
}

function newFolderFiles(folder: string, maxBytes: number): FolderFiles {
  const real = new Map<string, boolean>()

  /** Whether the folder of a file is where its path says: a link within would lead out of what was named. */
  async function isReal(path: string): Promise<boolean> {
    const known = real.get(path)
    if (known !== undefined) return known
    const is = (await realpath(join(folder, path))) === join(await realpath(folder), path)
    real.set(path, is)
    return is
  }

  return {
    async read(path) {
      try {
        if (!(await isReal(dirname(path)))) return undefined
        return await readRegularFile(join(folder, path), maxBytes, JSON.stringify(path), 'refuse')
      } catch (thrown) {
        const isSystem = typeof (thrown as NodeJS.ErrnoException).code === 'string'
        if (thrown instanceof CountersignError || isSystem) return undefined
        throw thrown
      }
    },
  }
}
