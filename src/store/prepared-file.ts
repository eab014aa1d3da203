/** Prepared statements in files: `<bundle>.unsigned.json` beside where the bundle would have been. */
import { readdir, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { areAttempts, parsePrepared, preparedType, withoutAttempt } from '../model/prepared.ts'
import type { Prepared, PreparedIdentity } from '../model/prepared.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { byText } from '../model/text-order.ts'
import { readRegularFile, writeWholeFile } from '../platform/files.ts'

const ending = '.unsigned.json'

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

/**
 * Writes it whole or not at all, and returns its path: over what an earlier try has kept of the same files, and beside
 * anything else, such as what another job of a build matrix has kept that writes to the same place. Error: `output-failed`.
 */
export async function keepUnsigned({ statement, identity, out, preparedAt, version }: Unsigned): Promise<string> {
  const content: Prepared = {
    type: preparedType,
    preparedAt: preparedAt.toISOString(),
    tool: { countersign: version },
    statement: { base64: Buffer.from(statement).toString('base64'), sha256: sha256Hex(statement) },
    identity,
    output: outputName(out),
  }
  const text = `${JSON.stringify(content, null, 2)}\n`
  // What could not be read again would be lost, however well it was written.
  parsePrepared(Buffer.from(text))
  const short = content.statement.sha256.slice(0, 12)
  const isLong = Buffer.byteLength(basename(out)) > nameBytes
  const base = isLong ? join(dirname(out), short) : out
  const path = `${base}${ending}`
  const written = await attemptAsync(() => writeWholeFile(path, text, { present: 'refuse' }))
  if (!(written instanceof CountersignError)) return path
  if (written.code !== 'output-exists') throw written
  const own = `${base}.${short}${ending}`
  const place = (await isEarlierTry(path, content)) ? path : own
  await writeWholeFile(place, text, { present: 'replace' })
  return place
}

/** A name that reading accepts (`model/prepared`), which not every name of a file is; whoever resumes may name another place. */
function outputName(out: string): string {
  return basename(out)
    .replace(/[/\\\p{Cc}]/gu, '-')
    .toWellFormed()
}

/** Bytes of a name beside which endings find room in the 255 that file systems give one. */
const nameBytes = 200

/**
 * Whether a file keeps what this is to replace: a statement about files of the same names, of another run, which nobody can sign
 * any more, or of any attempt of this very job about the very same files.
 */
async function isEarlierTry(path: string, { identity, statement }: Prepared): Promise<boolean> {
  const found = await attemptAsync(() => readUnsigned(path))
  if (found instanceof CountersignError) return false
  const [before, now] = [statementIn(found.statement), statementIn(Buffer.from(statement.base64, 'base64'))]
  // What tells the changes of the same files is something else.
  if (before?.predicateType !== now?.predicateType) return false
  const isSameRun = withoutAttempt(found.prepared.identity.run) === withoutAttempt(identity.run)
  // Another job of the run has an identity of its own, and may still sign what it kept.
  if (isSameRun && !areAttempts(found.prepared.identity, identity)) return false
  const what = ({ name, digest }: Subject): unknown => (isSameRun ? [name, digest] : name)
  return JSON.stringify(before?.subject.map(what)) === JSON.stringify(now?.subject.map(what))
}

type Subject = Statement['subject'][number]

function statementIn(statement: Uint8Array): Statement | undefined {
  const parsed = attempt(() => parseStatement(statement))
  return parsed instanceof CountersignError ? undefined : parsed
}

/** Names of files of this kind in a folder, sorted; none where it cannot be listed. */
export async function unsignedIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((it) => it.endsWith(ending)).sort(byText)
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

/**
 * Removes what is signed now, known by the digest of its statement; what another job has kept there in between stays. It is no
 * failure if that cannot be done: false.
 */
export async function removeUnsigned(path: string, sha256: string): Promise<boolean> {
  const found = await attemptAsync(() => readUnsigned(path))
  if (found instanceof CountersignError || found.prepared.statement.sha256 !== sha256) return false
  return unlink(path).then(
    () => true,
    () => false,
  )
}
