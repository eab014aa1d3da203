/**
 * The transparency log as Rekor v1 serves it (sigstore/rekor openapi.yaml). Three kinds of entry, each verified before it is
 * logged and stored in the canonical form that Rekor gives it; the answer has a signed entry timestamp and a proof.
 */
import { createHash, createPublicKey } from 'node:crypto'
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { digestAlgorithms } from '../model/digest.ts'
import { preAuthEncoding } from '../model/envelope.ts'
import { parseJsonText } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { canonicalJson } from './canonical-json.ts'
import type { EntryStore } from './entry-store.ts'
import { keyHashLogId } from './key-id.ts'
import type { Material } from './material.ts'
import { leafHash } from './merkle.ts'
import { rekorV1Host } from './names.ts'
import { Refusal } from './refusal.ts'
import { openTransparencyLog } from './transparency-log.ts'
import type { LoggedEntry } from './transparency-log.ts'
import { canonicalPem, keyFromPem, verifiesData, verifiesDigest } from './verification-key.ts'
import type { VerificationKey } from './verification-key.ts'

export interface RekorV1 {
  /** Proposed entry → its uuid and `{ uuid: entry }`. Refusals: 400, and 409 with the place of an equivalent entry. */
  createEntry(proposed: Json): { readonly uuid: string; readonly body: Json }
  /** `{ uuid: entry }`, with a proof in today's tree. Refusal: 404. */
  entry(uuid: string): Json
  logInfo(): Json
  /** PEM */
  readonly publicKey: string
}

/** Where an entry can be read again. */
export function entryPath(uuid: string): string {
  return `/api/v1/log/entries/${uuid}`
}

interface RekorV1Options {
  readonly material: Material
  readonly store: EntryStore
  readonly now: () => Date
}

export function openRekorV1({ material, store, now }: RekorV1Options): RekorV1 {
  const key = material.keys.rekorV1
  const id = keyHashLogId(key)
  // A tree id tells Go clients that this is a checkpoint of v1 (sigstore-go hasRekorV1STH); Trillian's are 63 bits.
  const treeId = id.readBigUInt64BE() >> 1n
  const origin = `${rekorV1Host} - ${treeId}`
  const log = openTransparencyLog({ name: rekorV1Host, origin, id, key, store })
  const treePrefix = treeId.toString(16).padStart(16, '0')

  const uuidOf = (leaf: Buffer): string => `${treePrefix}${leaf.toString('hex')}`

  const answer = ({ body, integratedTime, index, proof, leafHash: leaf }: LoggedEntry): Json => {
    const promised = { body: body.toString('base64'), integratedTime, logIndex: index, logID: id.toString('hex') }
    return {
      [uuidOf(leaf)]: {
        ...promised,
        verification: {
          signedEntryTimestamp: log.sign(Buffer.from(canonicalJson(promised))).toString('base64'),
          inclusionProof: {
            logIndex: index,
            treeSize: proof.treeSize,
            rootHash: proof.rootHash.toString('hex'),
            hashes: proof.hashes.map((hash) => hash.toString('hex')),
            checkpoint: proof.checkpoint,
          },
        },
      },
    }
  }

  return {
    createEntry(proposed) {
      const body = Buffer.from(canonicalJson(canonicalEntry(proposed)))
      const leaf = leafHash(body)
      if (log.find(leaf) !== undefined) {
        throw new Refusal(409, `an equivalent entry already exists in the transparency log with UUID ${uuidOf(leaf)}`, {
          code: 409,
          headers: { location: entryPath(uuidOf(leaf)) },
        })
      }
      const added = log.add({ body, integratedTime: Math.floor(now().getTime() / 1_000) })
      return { uuid: uuidOf(leaf), body: answer(added) }
    },
    entry(uuid) {
      const [, tree, leaf] = /^([0-9a-f]{16})?([0-9a-f]{64})$/.exec(uuid) ?? []
      const known = leaf === undefined || (tree ?? treePrefix) !== treePrefix ? undefined : Buffer.from(leaf, 'hex')
      const found = known === undefined ? undefined : log.find(known)
      if (found === undefined) throw new Refusal(404, 'there is no such entry', { code: 404 })
      return answer(found)
    },
    logInfo: () => ({
      treeID: treeId.toString(),
      treeSize: log.size,
      rootHash: log.rootHash().toString('hex'),
      signedTreeHead: log.checkpoint(),
      inactiveShards: [],
    }),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  }
}

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/), z.minLength(1))
const hexDigest = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const sha256 = z.object({ algorithm: z.literal('sha256'), value: hexDigest })

/** One row per kind and version: what may be proposed, and what is logged of it once its signatures hold. */
const kinds: { readonly [kindAndVersion: string]: (spec: unknown) => Json } = {
  'dsse/0.0.1': dsseEntry,
  'intoto/0.0.2': intotoEntry,
  'hashedrekord/0.0.1': hashedRekordEntry,
}

const proposal = z.object({ kind: z.string(), apiVersion: z.string(), spec: z.unknown() })

function canonicalEntry(proposed: Json): Json {
  const { kind, apiVersion, spec } = read(proposal, proposed, 'entry')
  const name = `${kind}/${apiVersion}`
  const canonical = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (canonical === undefined) throw refused('entries of this kind and version are not logged here')
  return { apiVersion, kind, spec: canonical(spec) }
}

const dsseProposal = z.object({
  proposedContent: z.object({
    envelope: z.string(),
    verifiers: z.array(base64).check(z.minLength(1), z.maxLength(limits.certificates)),
  }),
})

const envelopeShape = z.object({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.object({ sig: base64 })).check(z.minLength(1), z.maxLength(limits.certificates)),
})

/** The envelope is hashed as it was sent; the log keeps hashes, signatures and the keys that they hold under. */
function dsseEntry(spec: unknown): Json {
  const { envelope: text, verifiers } = read(dsseProposal, spec, 'dsse entry').proposedContent
  const { payloadType, payload, signatures } = read(envelopeShape, envelopeJson(text), 'envelope')
  const content = Buffer.from(payload, 'base64')
  const signed = preAuthEncoding(payloadType, content)
  const keys = verifiers.map(pemKey)
  const canonical = signatures.map(({ sig }) => {
    const key = keys.find((it) => verifiesData(it, signed, Buffer.from(sig, 'base64')))
    if (key === undefined) throw refused('a signature of the envelope holds under none of the verifiers')
    return { signature: sig, verifier: base64Pem(key) }
  })
  return {
    envelopeHash: { algorithm: 'sha256', value: hash(Buffer.from(text)) },
    payloadHash: { algorithm: 'sha256', value: hash(content) },
    signatures: canonical.sort((left, right) => (left.signature < right.signature ? -1 : 1)),
  }
}

function envelopeJson(text: string): Json {
  try {
    return parseJsonText(text, 'the envelope')
  } catch (thrown) {
    throw thrown instanceof CountersignError ? refused(thrown.message) : thrown
  }
}

const intotoProposal = z.object({
  content: z.object({
    envelope: z.object({
      payloadType: z.string(),
      payload: base64,
      signatures: z
        .array(z.object({ sig: base64, publicKey: base64, keyid: z.optional(z.string().check(z.maxLength(4_096))) }))
        .check(z.minLength(1), z.maxLength(limits.certificates)),
    }),
    hash: sha256,
    payloadHash: z.optional(sha256),
  }),
})

/** Payload and signatures come base64-encoded twice. The payload itself is not logged; its hash is our own. */
function intotoEntry(spec: unknown): Json {
  const { envelope, hash: envelopeHash, payloadHash } = read(intotoProposal, spec, 'intoto entry').content
  const content = twice(envelope.payload)
  const signed = preAuthEncoding(envelope.payloadType, content)
  for (const { sig, publicKey } of envelope.signatures) {
    if (!verifiesData(pemKey(publicKey), signed, twice(sig))) throw refused('a signature of the envelope does not hold')
  }
  const computed = { algorithm: 'sha256', value: hash(content) }
  if (payloadHash !== undefined && payloadHash.value !== computed.value) {
    throw refused('payloadHash is not that of the payload')
  }
  const { payloadType, signatures } = envelope
  return {
    content: {
      envelope: {
        payloadType,
        signatures: signatures.map(({ sig, publicKey, keyid }) => ({
          sig,
          publicKey,
          ...(keyid === undefined || keyid === '' ? {} : { keyid }),
        })),
      },
      hash: envelopeHash,
      payloadHash: computed,
    },
  }
}

const hashedRekordProposal = z.object({
  signature: z.object({ content: base64, publicKey: z.object({ content: base64 }) }),
  data: z.object({ hash: z.object({ algorithm: z.enum(['sha256', 'sha384']), value: z.string() }) }),
})

function hashedRekordEntry(spec: unknown): Json {
  const { signature, data } = read(hashedRekordProposal, spec, 'hashedrekord entry')
  const key = pemKey(signature.publicKey.content)
  const { algorithm, value } = data.hash
  if (!/^[0-9a-f]+$/.test(value) || value.length !== digestAlgorithms[algorithm])
    throw refused('the digest is malformed')
  if (
    algorithm !== key.algorithm.hash ||
    !verifiesDigest(key, Buffer.from(value, 'hex'), Buffer.from(signature.content, 'base64'))
  ) {
    throw refused('the signature does not hold over the digest')
  }
  return {
    signature: { content: signature.content, publicKey: { content: base64Pem(key) } },
    data: { hash: { algorithm, value } },
  }
}

function read<Shape extends z.ZodMiniType>(shape: Shape, value: unknown, what: string): z.infer<Shape> {
  const parsed = shape.safeParse(value)
  if (!parsed.success) throw refused(`the ${what} is malformed`)
  return parsed.data
}

function pemKey(base64Text: string): VerificationKey {
  return keyFromPem(Buffer.from(base64Text, 'base64').toString('latin1'))
}

function base64Pem(key: VerificationKey): string {
  return Buffer.from(canonicalPem(key)).toString('base64')
}

function twice(text: string): Buffer {
  return Buffer.from(Buffer.from(text, 'base64').toString('latin1'), 'base64')
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Rekor v1 puts the HTTP status into the body. */
function refused(message: string): Refusal {
  return new Refusal(400, message, { code: 400 })
}
