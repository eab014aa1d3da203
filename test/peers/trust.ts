/** What the clients of the stack are given: trusted root, signing configurations, both in one (sigstore/protobuf-specs). */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Json } from '../../src/model/json.ts'
import type { Keys } from './keys.ts'

/**
 * Names of the logs in their checkpoints. sigstore-go compares them with the host of the log's `baseUrl`, which nobody
 * fetches when verifying.
 */
export const rekorV1Host = 'rekor-v1.local'
export const rekorV2Host = 'rekor-v2.local'

/** Where the services of a run listen. */
export interface Addresses {
  readonly issuers: readonly string[]
  /** The same authority twice, as one Fulcio writes to one certificate log only. */
  readonly fulcio: { readonly [rekor in 1 | 2]: string }
  readonly certificateLogs: { readonly [rekor in 1 | 2]: string }
  readonly rekorV1: string
  readonly rekorV2: string
  readonly timestamp: string
}

// Not now: a certificate from the first second of the stack must not be older than its authority.
const validFor = { start: '2026-01-01T00:00:00Z' }

export function trustedRootOf(keys: Keys, addresses: Addresses): Json {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [log(`http://${rekorV1Host}`, keys.rekorV1Key), log(`http://${rekorV2Host}`, keys.rekorV2Key, rekorV2Host)],
    certificateAuthorities: [authority(addresses.fulcio[2], keys.fulcioChain)],
    ctlogs: ([1, 2] as const).map((it) => log(addresses.certificateLogs[it], keys.certificateLogs[it].privateKey)),
    timestampAuthorities: [authority(addresses.timestamp, keys.timestampChain)],
  }
}

/** One log only: a client that finds both takes the newer. */
export function signingConfigOf(addresses: Addresses, rekor: 1 | 2): Json {
  const service = (url: string, majorApiVersion: number): Json => ({
    url,
    majorApiVersion,
    validFor,
    operator: 'countersign peers',
  })
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(addresses.fulcio[rekor], 1)],
    oidcUrls: addresses.issuers.map((issuer) => service(issuer, 1)),
    rekorTlogUrls: [service(rekor === 1 ? addresses.rekorV1 : addresses.rekorV2, rekor)],
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: [service(addresses.timestamp, 1)],
    tsaConfig: { selector: 'ANY' },
  }
}

export function clientTrustConfigOf(trustedRoot: Json, signingConfig: Json): Json {
  return { mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json', trustedRoot, signingConfig }
}

/** `origin`: the name of a log of signed notes, which goes into its id (c2sp.org/signed-note); others are known by their key. */
function log(baseUrl: string, keyFile: string, origin?: string): Json {
  const key = createPublicKey(readFileSync(keyFile))
  const spki = key.export({ format: 'der', type: 'spki' })
  const ed25519 = key.asymmetricKeyType === 'ed25519'
  const named =
    origin === undefined ? spki : Buffer.concat([Buffer.from(`${origin}\n`), Buffer.of(1), spki.subarray(-32)])
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: spki.toString('base64'),
      keyDetails: ed25519 ? 'PKIX_ED25519' : 'PKIX_ECDSA_P256_SHA_256',
      validFor,
    },
    logId: { keyId: createHash('sha256').update(named).digest('base64') },
  }
}

function authority(uri: string, chainFile: string): Json {
  const certificates = readFileSync(chainFile, 'utf8').match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  )
  const chain = (certificates ?? []).map((pem) => new X509Certificate(pem))
  const subject = (name: string): string =>
    new RegExp(`^${name}=(.+)$`, 'm').exec(chain.at(-1)?.subject ?? '')?.[1] ?? ''
  return {
    subject: { organization: subject('O'), commonName: subject('CN') },
    uri,
    certChain: { certificates: chain.map(({ raw }) => ({ rawBytes: raw.toString('base64') })) },
    validFor,
  }
}
