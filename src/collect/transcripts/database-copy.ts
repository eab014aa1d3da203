/**
 * A private copy of somebody's database, with what stands in its log of writes, so that nothing of theirs is written or locked, and so
 * that nothing is asked of SQLite that its file can make endless.
 */
import { open, realpath, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { openRegular } from '../../platform/files.ts'
import type { Links } from '../../platform/system.ts'
import { withTemporaryFolder } from '../../platform/temporary-folder.ts'
import { limits } from '../../model/limits.ts'
import { checkSchemaPages } from './schema-pages.ts'

export interface DatabaseFile {
  readonly path: string
  /** Of the file at that path; it stays open. */
  readonly handle: FileHandle
  readonly links: Links
  /** Of database and log together. */
  readonly maxBytes: number
}

const magic = Buffer.from('SQLite format 3\0', 'latin1')

/** Whether a file is a database of SQLite, by its first bytes. */
export async function isDatabase(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0)
  return bytesRead === magic.length && buffer.equals(magic)
}

/**
 * Gives the path of a copy, which is gone when `use` ends: one file that SQLite can open for reading alone. A log that a transaction left
 * half done (`-journal`) is not copied, for it can name other files that SQLite would remove.
 *
 * Errors: `input-too-large`, those of `openRegular` for the log, `BrokenDatabase` for pages that SQLite must not be given; what SQLite
 * throws for a log that it cannot read.
 */
export async function withDatabaseCopy<T>(file: DatabaseFile, use: (copy: string) => Promise<T>): Promise<T> {
  return withTemporaryFolder('database', async (folder) => {
    const copy = join(folder, 'copy.db')
    await copyTogether(file, copy)
    await foldLog(copy)
    await checkSchemaPages(copy, limits.transcriptSchemaBytes)
    return use(copy)
  })
}

/** Times that it is tried while somebody writes. */
const mostTries = 3

/**
 * The database, then its log. A log that grows meanwhile does no harm, for it is read to its last whole transaction; but what is moved
 * from the log into the database meanwhile would be in neither.
 */
async function copyTogether({ path, handle, links, maxBytes }: DatabaseFile, copy: string): Promise<void> {
  // SQLite keeps the log beside the file itself, not beside a link to it.
  const own = links === 'follow' ? await realpath(path) : path
  for (let tries = 1; ; tries += 1) {
    const before = await handle.stat()
    const bytes = await copyBytes(handle, copy, maxBytes)
    const log = await logOf(own, links)
    try {
      await rm(`${copy}-wal`, { force: true })
      if (log !== undefined) await copyBytes(log, `${copy}-wal`, maxBytes - bytes)
    } finally {
      await log?.close()
    }
    const after = await handle.stat()
    if ((after.mtimeMs === before.mtimeMs && after.size === before.size) || tries === mostTries) return
  }
}

async function logOf(path: string, links: Links): Promise<FileHandle | undefined> {
  try {
    return await openRegular(`${path}-wal`, 'the log of a database', links)
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code === 'path-missing') return undefined
    throw thrown
  }
}

async function copyBytes(from: FileHandle, path: string, maxBytes: number): Promise<number> {
  const to = await open(path, 'w', 0o600)
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    for (let at = 0; ;) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return at
      at += bytesRead
      if (at > maxBytes) throw new CountersignError('input-too-large', 'the database is too large')
      await to.writeFile(buffer.subarray(0, bytesRead))
    }
  } finally {
    await to.close()
  }
}

/**
 * SQLite moves what is in the log into the database when the last one that has read closes it. The version is a number in the header: to
 * ask for it reads no table, not even that of the tables, whose pages nobody has looked at yet.
 */
async function foldLog(copy: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(copy, { allowExtension: false })
  try {
    database.prepare('PRAGMA user_version').get()
  } finally {
    database.close()
  }
  // Neither log nor shared memory is made any more: both numbers say that the file has none.
  const file = await open(copy, 'r+')
  try {
    await file.write(Buffer.from([1, 1]), 0, 2, 18)
  } finally {
    await file.close()
  }
}
