/** How clients use the embedded Sigstore in these tests: the real signing and verifying libraries of Sigstore over HTTP. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { bundleFromJSON, bundleToJSON } from '@sigstore/bundle'
import type { Bundle, SerializedBundle } from '@sigstore/bundle'
import { dsse } from '@sigstore/core'
import { HashAlgorithm, TrustedRoot } from '@sigstore/protobuf-specs'
import {
  DSSEBundleBuilder,
  FulcioSigner,
  MessageSignatureBundleBuilder,
  RekorWitness,
  TSAWitness,
} from '@sigstore/sign'
import type { Witness } from '@sigstore/sign'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import type { Signer } from '@sigstore/verify'
import type { Claims } from '../../src/model/provider.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'

export const payloadType = 'application/vnd.in-toto+json'

/** What a bundle can have beside its certificate. */
export const witnessRows = {
  'Rekor v1 dsse': (url: string): Witness[] => [new RekorWitness({ rekorBaseURL: url })],
  'Rekor v1 intoto': (url: string): Witness[] => [new RekorWitness({ rekorBaseURL: url, entryType: 'intoto' })],
  'Rekor v1 dsse and a timestamp': (url: string): Witness[] => [
    new RekorWitness({ rekorBaseURL: url }),
    new TSAWitness({ tsaBaseURL: url }),
  ],
  'Rekor v2 and a timestamp': (url: string): Witness[] => [envelopeInRekorV2(url), new TSAWitness({ tsaBaseURL: url })],
  'both logs and a timestamp': (url: string): Witness[] => [
    new RekorWitness({ rekorBaseURL: url }),
    envelopeInRekorV2(url),
    new TSAWitness({ tsaBaseURL: url }),
  ],
} as const

export type WitnessRow = keyof typeof witnessRows

/** DSSE in Rekor v2: a hashedrekord over the pre-authentication encoding. */
function envelopeInRekorV2(url: string): Witness {
  const inner = new RekorWitness({ rekorBaseURL: url, majorApiVersion: 2 })
  return {
    testify(content, key) {
      if (content.$case !== 'dsseEnvelope') return inner.testify(content, key)
      const { payloadType: type, payload, signatures } = content.dsseEnvelope
      const digest = createHash('sha256').update(dsse.preAuthEncoding(type, payload)).digest()
      const messageDigest = { algorithm: HashAlgorithm.SHA2_256, digest }
      return inner.testify(
        { $case: 'messageSignature', messageSignature: { messageDigest, signature: signatures[0]!.sig } },
        key,
      )
    },
  }
}

function fulcioSigner(sigstore: LocalSigstore, claims: Claims): FulcioSigner {
  return new FulcioSigner({
    identityProvider: { getToken: () => sigstore.mintToken(claims) },
    fulcioBaseURL: sigstore.url,
  })
}

export async function signStatement(
  sigstore: LocalSigstore,
  row: WitnessRow = 'Rekor v1 dsse',
  { claims = providerClaims('github'), text = '{"_type":"https://in-toto.io/Statement/v1"}' } = {},
): Promise<SerializedBundle> {
  const builder = new DSSEBundleBuilder({
    signer: fulcioSigner(sigstore, claims),
    witnesses: witnessRows[row](sigstore.url),
  })
  return bundleToJSON(await builder.create({ data: Buffer.from(text), type: payloadType }))
}

export async function signMessage(sigstore: LocalSigstore, rekor: 1 | 2, data: Buffer): Promise<SerializedBundle> {
  const builder = new MessageSignatureBundleBuilder({
    signer: fulcioSigner(sigstore, providerClaims('github')),
    witnesses: [
      new RekorWitness({ rekorBaseURL: sigstore.url, majorApiVersion: rekor }),
      new TSAWitness({ tsaBaseURL: sigstore.url }),
    ],
  })
  return bundleToJSON(await builder.create({ data }))
}

/** Throws what @sigstore/verify throws. */
export function verifyBundle(json: SerializedBundle, trustedRoot: unknown, data?: Buffer): Signer {
  const bundle: Bundle = bundleFromJSON(json)
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)))
  return verifier.verify(toSignedEntity(bundle, data))
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return replyOf(response)
}

export async function get(url: string): Promise<Reply> {
  return replyOf(await fetch(url))
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export function ecKey(namedCurve = 'prime256v1'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve })
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** The body that Fulcio's clients send, its proof of possession made over `challenge` by `holder`. */
export function certificateRequest(
  token: string,
  { publicKey, privateKey }: KeyPair,
  challenge: string,
  holder: KeyObject = privateKey,
): Record<string, unknown> {
  const hash = holder.asymmetricKeyType === 'ed25519' ? null : hashFor(holder)
  return {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: pemOf(publicKey) },
      proofOfPossession: sign(hash, Buffer.from(challenge), holder).toString('base64'),
    },
  }
}

function hashFor(key: KeyObject): string {
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256'
}
