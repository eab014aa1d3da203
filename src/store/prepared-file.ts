/** Prepared statements in files: `<bundle>.unsigned.json` beside where the bundle would have been. */
import { createHash } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { CountersignError, reasonOf } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { parsePrepared, preparedType } from '../model/prepared.ts'
import type { Prepared, PreparedIdentity } from '../model/prepared.ts'
import { replaceFile } from './bundle-file.ts'

/** What is to be kept. */
export interface Unsigned {
  /** Bytes that were to be signed. */
  readonly statement: Uint8Array
  readonly identity: PreparedIdentity
  /** Path of the bundle that could not be made. */
  readonly out: string
  readonly preparedAt: Date
  /** Version of this program. */
  readonly version: string
}

/** What was kept, its digest checked. */
export interface StoredUnsigned {
  readonly prepared: Prepared
  readonly statement: Buffer
}

/** Writes it whole or not at all, over one of an earlier try, and returns its path. Error: `output-failed`. */
export async function keepUnsigned({ statement, identity, out, preparedAt, version }: Unsigned): Promise<string> {
  const content: Prepared = {
    type: preparedType,
    preparedAt: preparedAt.toISOString(),
    tool: { countersign: version },
    statement: { base64: Buffer.from(statement).toString('base64'), sha256: sha256(statement) },
    identity,
    output: basename(out),
  }
  const path = `${out}.unsigned.json`
  await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`)
  return path
}

/** Errors: `input-unreadable`, `prepared-malformed` (also: too large, or the bytes are not those of the digest). */
export async function readUnsigned(path: string): Promise<StoredUnsigned> {
  const prepared = parsePrepared(await readBounded(path))
  const statement = Buffer.from(prepared.statement.base64, 'base64')
  if (sha256(statement) !== prepared.statement.sha256) {
    throw new CountersignError('prepared-malformed', `the statement in ${path} is not the one that was prepared`)
  }
  return { prepared, statement }
}

/** Removes what is signed now. It is no failure if that cannot be done: false. */
export async function removeUnsigned(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  )
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r')
    try {
      const stats = await handle.stat()
      if (!stats.isFile() || stats.size > limits.preparedBytes) {
        throw new CountersignError('prepared-malformed', `${path} is no prepared statement: no file, or too large`)
      }
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('input-unreadable', `cannot read ${path}: ${reasonOf(thrown)}`, { cause: thrown })
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
