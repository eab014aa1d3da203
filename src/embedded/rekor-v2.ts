/**
 * The transparency log as Rekor v2 serves it (sigstore/rekor-tiles >= 2.3.0): `hashedrekord/0.0.2` alone, so a DSSE envelope
 * is logged by the digest of its pre-authentication encoding. No promise and no time of its own; the answer is a complete
 * TransparencyLogEntry.
 */
import * as z from 'zod/mini'
import { isObject } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { canonicalJson } from './canonical-json.ts'
import type { EntryStore } from './entry-store.ts'
import { noteLogId } from './key-id.ts'
import type { Material } from './material.ts'
import { leafHash } from './merkle.ts'
import { rekorV2Host } from './names.ts'
import { Refusal } from './refusal.ts'
import { openTransparencyLog } from './transparency-log.ts'
import { keyFromDer, verifiesDigest } from './verification-key.ts'
import type { VerificationKey } from './verification-key.ts'

export interface RekorV2 {
  /** CreateEntryRequest → TransparencyLogEntry. Refusals: 400, and 409 with the index of the same entry. */
  createEntry(request: Json): Json
  /** Signed note */
  checkpoint(): string
}

interface RekorV2Options {
  readonly material: Material
  readonly store: EntryStore
  readonly now: () => Date
}

export function openRekorV2({ material, store, now }: RekorV2Options): RekorV2 {
  const key = material.keys.rekorV2
  const id = noteLogId(rekorV2Host, key)
  const log = openTransparencyLog({ name: rekorV2Host, origin: rekorV2Host, id, key, store })
  return {
    checkpoint: () => log.checkpoint(),
    createEntry(request) {
      const body = Buffer.from(canonicalJson(logEntry(request)))
      const existing = log.find(leafHash(body))
      if (existing !== undefined) {
        throw new Refusal(
          409,
          `an equivalent entry already exists in the transparency log with index ${existing.index}`,
          {
            headers: { 'x-log-index': existing.index.toString() },
          },
        )
      }
      const { index, proof } = log.add({ body, integratedTime: Math.floor(now().getTime() / 1_000) })
      return {
        logIndex: index.toString(),
        logId: { keyId: id.toString('base64') },
        kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
        integratedTime: '0',
        inclusionPromise: null,
        inclusionProof: {
          logIndex: index.toString(),
          rootHash: proof.rootHash.toString('base64'),
          treeSize: proof.treeSize.toString(),
          hashes: proof.hashes.map((hash) => hash.toString('base64')),
          checkpoint: { envelope: proof.checkpoint },
        },
        canonicalizedBody: body.toString('base64'),
      }
    },
  }
}

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/), z.maxLength(20_000))
const raw = z.strictObject({ rawBytes: base64 })

const requestShape = z.strictObject({
  hashedRekordRequestV002: z.strictObject({
    digest: base64,
    signature: z.strictObject({
      content: base64,
      verifier: z.strictObject({
        keyDetails: z.string(),
        x509Certificate: z.optional(raw),
        publicKey: z.optional(raw),
      }),
    }),
  }),
})

type Verifier = z.infer<typeof requestShape>['hashedRekordRequestV002']['signature']['verifier']

/** The entry as rekor-tiles writes it, once the signature holds over the digest. */
function logEntry(request: Json): Json {
  if (!isObject(request) || !Object.hasOwn(request, 'hashedRekordRequestV002')) {
    throw new Refusal(400, 'invalid type, must be hashedrekord')
  }
  const parsed = requestShape.safeParse(request)
  if (!parsed.success) throw new Refusal(400, 'invalid hashedrekord request: it is malformed')
  const { digest, signature } = parsed.data.hashedRekordRequestV002
  const key = verifierKey(signature.verifier)
  const digestBytes = Buffer.from(digest, 'base64')
  const signatureBytes = Buffer.from(signature.content, 'base64')
  if (!verifiesDigest(key, digestBytes, signatureBytes)) {
    throw new Refusal(400, 'invalid hashedrekord request: the signature does not hold over the digest')
  }
  return {
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: {
          algorithm: key.algorithm.hash === 'sha384' ? 'SHA2_384' : 'SHA2_256',
          digest: digestBytes.toString('base64'),
        },
        signature: {
          content: signatureBytes.toString('base64'),
          verifier: {
            keyDetails: key.algorithm.details,
            [key.kind]: { rawBytes: key.der.toString('base64') },
          },
        },
      },
    },
  }
}

/** Verifiers rebuild the entry from a bundle, so the key's algorithm must be the one that they will assume. */
function verifierKey({ keyDetails, x509Certificate, publicKey }: Verifier): VerificationKey {
  if ((x509Certificate === undefined) === (publicKey === undefined)) {
    throw new Refusal(400, 'invalid hashedrekord request: must contain either a public key or X.509 certificate')
  }
  const key =
    x509Certificate === undefined
      ? keyFromDer('publicKey', Buffer.from(publicKey?.rawBytes ?? '', 'base64'))
      : keyFromDer('x509Certificate', Buffer.from(x509Certificate.rawBytes, 'base64'))
  if (keyDetails !== key.algorithm.details) {
    throw new Refusal(400, 'invalid hashedrekord request: keyDetails is not the default of this key')
  }
  return key
}
