/**
 * Is an entry in its log? By the log's promise (signed entry timestamp of Rekor v1), by a Merkle inclusion proof up to a
 * signed checkpoint (RFC 6962 §2.1.1; C2SP tlog-checkpoint, signed-note), or by both: whatever is there must hold.
 */
import { createHash, verify } from 'node:crypto'
import { readCheckpoint } from '../../model/checkpoint.ts'
import type { Checkpoint } from '../../model/checkpoint.ts'
import { isWithin } from './chain.ts'
import { hashesFor } from './key-hash.ts'
import { hasLogId } from './log-key.ts'
import type { LogKey } from './log-key.ts'
import type { LogEntryMaterial } from './material.ts'

/**
 * Undefined if the entry is included; else why not. `times` are the trusted times of the signature: a promise holds under a
 * key that was believed at the time that it states, a proof alone, which states none, under one believed at each of these.
 */
export function inclusionProblem(
  entry: LogEntryMaterial,
  logs: readonly LogKey[],
  times: readonly Date[],
): string | undefined {
  const own = logs.filter((log) => hasLogId(log, entry.logId))
  if (own.length === 0) return 'the log is not one of the trusted root'
  if (entry.promise === undefined && entry.proof === undefined) return 'the entry has neither a promise nor a proof'
  if (entry.promise !== undefined && !promiseHolds(entry, entry.promise, own)) {
    return "the log's promise does not cover this entry and time"
  }
  if (entry.proof === undefined) return undefined
  const believed = own.filter(
    (log) => entry.promise !== undefined || times.every((time) => isWithin(log.validFor, time)),
  )
  return believed.length === 0
    ? 'the log was not believed when the signature was made'
    : proofProblem(entry.body, entry.proof, believed)
}

/** The signature is over canonical JSON (RFC 8785) of these four members, which is their order. */
function promiseHolds(entry: LogEntryMaterial, promise: Buffer, logs: readonly LogKey[]): boolean {
  const time = new Date(entry.integratedTime * 1000)
  const payload = JSON.stringify({
    body: entry.body.toString('base64'),
    integratedTime: entry.integratedTime,
    logID: entry.logId.toString('hex'),
    logIndex: entry.logIndex,
  })
  return logs.some((log) => isWithin(log.validFor, time) && signatureHolds(Buffer.from(payload), log, promise))
}

function signatureHolds(data: Buffer, { key }: LogKey, signature: Buffer): boolean {
  try {
    return hashesFor(key).some((hash) => verify(hash, data, key, signature))
  } catch {
    return false
  }
}

function proofProblem(
  body: Buffer,
  { logIndex, hashes, checkpoint }: NonNullable<LogEntryMaterial['proof']>,
  logs: readonly LogKey[],
): string | undefined {
  const signed = readCheckpoint(checkpoint)
  if (signed === undefined) return 'the checkpoint is malformed'
  if (!isSignedByOneOf(signed, logs)) return 'the checkpoint is not signed by the log'
  const root = rootOf(body, logIndex, signed.size, hashes)
  return root?.equals(signed.root) === true ? undefined : 'the inclusion proof does not lead to the checkpoint'
}

/** True for the text of a checkpoint that one of these logs signed, whatever tree it is of. */
export function isCheckpointOf(text: string, logs: readonly LogKey[]): boolean {
  const signed = readCheckpoint(text)
  return signed !== undefined && isSignedByOneOf(signed, logs)
}

/** True if the key signed the text of a checkpoint, whatever name and id stand there: enough to say what is wrong with them. */
export function hasSigned(text: string, log: LogKey): boolean {
  const signed = readCheckpoint(text)
  return signed?.signatures.some(({ signature }) => signatureHolds(signed.note, log, signature)) === true
}

function isSignedByOneOf(signed: Checkpoint, logs: readonly LogKey[]): boolean {
  return signed.signatures.some(({ name, keyHint, signature }) =>
    logs.some(
      (log) => hintOf(log).equals(keyHint) && isNamed(log, name, signed) && signatureHolds(signed.note, log, signature),
    ),
  )
}

function hintOf({ id, checkpointKeyId }: LogKey): Buffer {
  return (checkpointKeyId ?? id).subarray(0, 4)
}

/** Rekor v1 signs the name of its host and the number of its tree; sigstore-go tells the two versions apart by the same. */
const originOfV1 = /^(.*) - \d+$/

/**
 * True if a log signs checkpoints under this name. A name stands outside of what is signed, so it must be that of the origin,
 * which is signed. Rekor v1 names whatever its host is called (a pod, `localhost:8000`), and nobody compares that: its key and
 * the id of the log say which log it is. The origin of Rekor v2 (C2SP tlog-checkpoint) is the host of its URL; where the root
 * names no URL, an Ed25519 log is known by its id, the hash of just that name and key (C2SP signed-note), and another is not.
 */
function isNamed(log: LogKey, name: string, { origin }: Checkpoint): boolean {
  const v1 = originOfV1.exec(origin)?.[1]
  if (v1 !== undefined) return v1 === name
  return origin === name && (log.host === undefined ? isNoteId(log, name) : log.host === name)
}

function isNoteId({ id, key }: LogKey, name: string): boolean {
  if (key.asymmetricKeyType !== 'ed25519') return false
  const bare = key.export({ format: 'der', type: 'spki' }).subarray(-32)
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(1)).update(bare).digest().equals(id)
}

/** The root that a proof leads to; undefined if it has the wrong length for this place in this tree. */
function rootOf(body: Buffer, index: bigint, size: bigint, hashes: readonly Buffer[]): Buffer | undefined {
  if (index < 0n || index >= size || hashes.some(({ length }) => length !== hashLength)) return undefined
  // Below the level where the paths of this leaf and of the last one part, a sibling is left or right by the bits of the
  // index; above it only left siblings are left, one for every set bit (RFC 9162 §2.1.3.2).
  const inner = (index ^ (size - 1n)).toString(2).replace(/^0$/, '').length
  const border = (index >> BigInt(inner)).toString(2).replaceAll('0', '').length
  if (hashes.length !== inner + border) return undefined
  return hashes.reduce<Buffer>(
    (node, sibling, level) =>
      level < inner && ((index >> BigInt(level)) & 1n) === 0n ? nodeHash(node, sibling) : nodeHash(sibling, node),
    createHash('sha256').update(Buffer.of(0)).update(body).digest(),
  )
}

/** SHA-256. */
const hashLength = 32

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}
