/**
 * The transparency log as a client sees it. Rekor v1 takes the whole envelope (`dsse/0.0.1`, sigstore/rekor openapi.yaml);
 * Rekor v2 takes hashedrekord alone since rekor-tiles v2.3.0, so an envelope is logged by the digest of its
 * pre-authentication encoding (sigstore/rekor-tiles CLIENTS.md). Either answer becomes a TransparencyLogEntry in the JSON
 * form of sigstore/protobuf-specs sigstore_rekor.proto.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { preAuthEncoding } from '../../model/envelope.ts'
import type { Envelope } from '../../model/envelope.ts'
import type { Json } from '../../model/json.ts'
import { entryProblem } from '../verify/log-entry.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import { ServiceTrouble, askService, jsonOf, unusable } from './service-request.ts'
import type { ServiceAnswer } from './service-request.ts'
import type { LogService } from './services.ts'

/** What is logged. */
export interface Signature {
  /** With one signature. */
  readonly envelope: Envelope
  /** DER of the leaf. */
  readonly certificate: Buffer
}

/**
 * `already-logged`: the log holds this very entry, from a request whose answer was lost, and does not give it out again
 * (Rekor v2 has no API to read an entry). Another signature over the same bytes is another entry.
 */
export type LogAnswer =
  { readonly kind: 'entry'; readonly entry: TransparencyLogEntry } | { readonly kind: 'already-logged' }

/** Throws ServiceTrouble. A repetition is harmless: the log answers 409 to an entry that it has. */
export function addToLog(log: LogService, signature: Signature, budget: RetryBudget): Promise<LogAnswer> {
  return log.version === 1 ? addToV1(log.url, signature, budget) : addToV2(log.url, signature, budget)
}

async function addToV1(base: string, signature: Signature, budget: RetryBudget): Promise<LogAnswer> {
  const url = `${base}/api/v1/log/entries`
  const { envelope, certificate } = signature
  const proposed = {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      proposedContent: { envelope: JSON.stringify(envelopeJson(envelope)), verifiers: [base64(pemOf(certificate))] },
    },
  }
  const answer = await post(url, proposed, budget)
  if (answer.status !== 409) return { kind: 'entry', entry: entryOfV1(answer) }
  const entry = entryOfV1(await readEntry(`${url}/${uuidIn(answer)}`, budget))
  requireOwn(entry, signature)
  return { kind: 'entry', entry }
}

/** What the log has already. That it cannot be read now does not make it unsent. */
async function readEntry(url: string, budget: RetryBudget): Promise<ServiceAnswer> {
  try {
    return await askService({ method: 'GET', url, accept: 'application/json' }, budget)
  } catch (thrown) {
    if (!(thrown instanceof ServiceTrouble)) throw thrown
    const { code, message, again, retryAfter, slow } = thrown
    throw new ServiceTrouble(code === 'service-refused' ? 'service-answer-malformed' : code, message, {
      ...{ again, retryAfter, slow },
    })
  }
}

/** The place of the entry that was there already; only its id is taken, since the header could name any host. */
function uuidIn({ headers }: ServiceAnswer): string {
  const uuid = headers.get('location')?.split('/').at(-1) ?? ''
  if (!/^([0-9a-f]{16})?[0-9a-f]{64}$/.test(uuid)) throw unusable('it has the entry already and does not say where')
  return uuid
}

/** "Equivalent" is the log's word. What goes into the bundle must be about this signature, these bytes and this certificate. */
function requireOwn(entry: TransparencyLogEntry, { envelope, certificate }: Signature): void {
  const problem = entryProblem(
    {
      logId: Buffer.from(entry.logId.keyId, 'base64'),
      logIndex: Number(entry.logIndex),
      kind: entry.kindVersion.kind,
      version: entry.kindVersion.version,
      integratedTime: Number(entry.integratedTime ?? 0),
      body: Buffer.from(entry.canonicalizedBody, 'base64'),
      promise: undefined,
      proof: undefined,
    },
    envelope,
    { certificate },
  )
  if (problem !== undefined) throw unusable(`the entry that it has already is not about this signature (${problem})`)
}

async function addToV2(base: string, { envelope, certificate }: Signature, budget: RetryBudget): Promise<LogAnswer> {
  const { payloadType, payload, signatures } = envelope
  const digest = createHash('sha256').update(preAuthEncoding(payloadType, payload)).digest()
  const request = {
    hashedRekordRequestV002: {
      digest: base64(digest),
      signature: {
        content: base64(signatures[0]?.sig ?? Buffer.alloc(0)),
        verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', x509Certificate: { rawBytes: base64(certificate) } },
      },
    },
  }
  const answer = await post(`${base}/api/v2/log/entries`, request, budget)
  return answer.status === 409 ? { kind: 'already-logged' } : { kind: 'entry', entry: entryOfV2(answer) }
}

function post(url: string, body: Json, budget: RetryBudget): Promise<ServiceAnswer> {
  const json = 'application/json'
  return askService(
    { method: 'POST', url, accept: json, contentType: json, body: JSON.stringify(body), alsoExpected: [409] },
    budget,
  )
}

/** An envelope in the JSON form that the bundle has too. */
export function envelopeJson({ payload, payloadType, signatures }: Envelope): Json {
  return { payload: base64(payload), payloadType, signatures: signatures.map(({ sig }) => ({ sig: base64(sig) })) }
}

const base64Text = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/))
const count = z.int().check(z.nonnegative())
/** int64 of protobuf JSON */
const countText = z.string().check(z.regex(/^\d{1,18}$/))
const hex = z.string().check(z.regex(/^([0-9a-f]{2})+$/))
/** A tree of 2^64 entries has paths of 64 hashes. */
const pathLength = 64

const logEntryAnon = z.object({
  body: base64Text,
  integratedTime: count,
  logID: hex,
  logIndex: count,
  verification: z.object({
    signedEntryTimestamp: base64Text,
    inclusionProof: z.object({
      logIndex: count,
      treeSize: count,
      rootHash: hex,
      hashes: z.array(hex).check(z.maxLength(pathLength)),
      checkpoint: z.string(),
    }),
  }),
})

const kindVersion = z.object({ kind: z.string(), apiVersion: z.string() })

const transparencyLogEntry = z.object({
  logIndex: z._default(countText, '0'), // protobuf JSON may leave a zero out
  logId: z.object({ keyId: base64Text }),
  kindVersion: z.object({ kind: z.string(), version: z.string() }),
  integratedTime: z.optional(countText),
  // Rekor v2 writes `null`, which is protobuf's JSON for an absent message.
  inclusionPromise: z.nullish(z.object({ signedEntryTimestamp: base64Text })),
  inclusionProof: z.object({
    logIndex: z._default(countText, '0'),
    rootHash: base64Text,
    treeSize: countText,
    hashes: z._default(z.array(base64Text).check(z.maxLength(pathLength)), []),
    checkpoint: z.object({ envelope: z.string() }),
  }),
  canonicalizedBody: base64Text,
})
/** In the JSON form of protobuf, only the members that a bundle needs. */
export interface TransparencyLogEntry extends Omit<z.infer<typeof transparencyLogEntry>, 'inclusionPromise'> {
  readonly inclusionPromise?: { readonly signedEntryTimestamp: string }
}

/** `{ uuid: entry }` with exactly one entry. */
function entryOfV1(answer: ServiceAnswer): TransparencyLogEntry {
  const entries = z.record(z.string(), logEntryAnon).safeParse(jsonOf(answer)).data
  const [entry, ...others] = Object.values(entries ?? {})
  if (entry === undefined || others.length > 0) throw unusable('its answer is no log entry with its proof')
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification
  const { kind, apiVersion } = kindOf(entry.body)
  return {
    logIndex: entry.logIndex.toString(),
    logId: { keyId: base64(Buffer.from(entry.logID, 'hex')) },
    kindVersion: { kind, version: apiVersion },
    integratedTime: entry.integratedTime.toString(),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: proof.logIndex.toString(),
      rootHash: base64(Buffer.from(proof.rootHash, 'hex')),
      treeSize: proof.treeSize.toString(),
      hashes: proof.hashes.map((it) => base64(Buffer.from(it, 'hex'))),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  }
}

function kindOf(body: string): z.infer<typeof kindVersion> {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(body, 'base64').toString('utf8'))
  } catch {
    json = undefined
  }
  const parsed = kindVersion.safeParse(json)
  if (!parsed.success) throw unusable('its answer is no log entry with its proof')
  return parsed.data
}

/** A TransparencyLogEntry as it stands, of which only the known members go on. */
function entryOfV2(answer: ServiceAnswer): TransparencyLogEntry {
  const parsed = transparencyLogEntry.safeParse(jsonOf(answer))
  if (!parsed.success) throw unusable('its answer is no log entry with its proof')
  const { integratedTime, inclusionPromise, ...entry } = parsed.data
  // Rekor v2 tells no time; a zero is left out, as in every protobuf JSON.
  return {
    ...entry,
    ...(integratedTime === undefined || /^0+$/.test(integratedTime) ? {} : { integratedTime }),
    ...(inclusionPromise === undefined || inclusionPromise === null ? {} : { inclusionPromise }),
  }
}

/** PEM (RFC 7468) with a line feed at the end, as Fulcio gives it. */
function pemOf(certificate: Buffer): Buffer {
  const lines = base64(certificate).match(/.{1,64}/g) ?? []
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
