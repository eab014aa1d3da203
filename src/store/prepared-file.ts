/** Prepared statements in files: `<bundle>.unsigned.json` beside where the bundle would have been. */
import { unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { CountersignError } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { parsePrepared, preparedType } from '../model/prepared.ts'
import type { Prepared, PreparedIdentity } from '../model/prepared.ts'
import { readRegularFile, writeWholeFile } from '../platform/files.ts'

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
    statement: { base64: Buffer.from(statement).toString('base64'), sha256: sha256Hex(statement) },
    identity,
    output: basename(out),
  }
  const path = `${out}.unsigned.json`
  await writeWholeFile(path, `${JSON.stringify(content, null, 2)}\n`, { present: 'replace' })
  return path
}

/** Errors: `path-*`, `input-*`, `prepared-malformed` (also: the bytes are not those of the digest). */
export async function readUnsigned(path: string): Promise<StoredUnsigned> {
  const prepared = parsePrepared(await readRegularFile(path, limits.preparedBytes, path))
  const statement = Buffer.from(prepared.statement.base64, 'base64')
  if (sha256Hex(statement) !== prepared.statement.sha256) {
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
