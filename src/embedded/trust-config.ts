/**
 * What clients are given: a TrustedRoot (sigstore/protobuf-specs sigstore_trustroot.proto) with stable names, a
 * SigningConfig with the addresses of this run, and a ClientTrustConfig with both. Plain JSON of the protobuf mapping.
 */
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Json } from '../model/json.ts'
import { keyHashLogId, noteLogId, publicKeyDer } from './key-id.ts'
import { validFrom } from './material.ts'
import type { Material } from './material.ts'
import { certificateLogUrl, fulcioUrl, organization, rekorV1Host, rekorV2Host, timestampUrl } from './names.ts'

/** The trusted root: depends on the material alone, so it is the same after every restart. */
export function trustedRootOf(material: Material): Json {
  const { keys, certificates } = material
  const validFor = validity(material)
  const log = (baseUrl: string, key: KeyObject, keyId: Buffer, keyDetails: string): Json => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: publicKeyDer(key).toString('base64'), keyDetails, validFor },
    logId: { keyId: keyId.toString('base64') },
  })
  const authority = (uri: string, commonName: string, chain: readonly X509Certificate[]): Json => ({
    subject: { organization, commonName },
    uri,
    certChain: { certificates: chain.map(({ raw }) => ({ rawBytes: raw.toString('base64') })) },
    validFor,
  })
  const ecdsa = 'PKIX_ECDSA_P256_SHA_256'
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(`https://${rekorV1Host}`, keys.rekorV1, keyHashLogId(keys.rekorV1), ecdsa),
      log(`https://${rekorV2Host}`, keys.rekorV2, noteLogId(rekorV2Host, keys.rekorV2), 'PKIX_ED25519'),
    ],
    certificateAuthorities: [
      authority(fulcioUrl, 'fulcio-root', [certificates.fulcioIntermediate, certificates.fulcioRoot]),
    ],
    ctlogs: [log(certificateLogUrl, keys.ctlog, keyHashLogId(keys.ctlog), ecdsa)],
    timestampAuthorities: [
      authority(timestampUrl, 'timestamp-root', [certificates.timestamp, certificates.timestampRoot]),
    ],
  }
}

interface Addresses {
  /** Where this run listens. */
  readonly url: string
  readonly issuer: string
  readonly rekor: 'v1' | 'v2'
}

/**
 * Where to sign: one log only, since clients that find both take the newer. A timestamp authority stands beside either:
 * entries of Rekor v2 have no time of their own.
 */
export function signingConfigOf(material: Material, { url, issuer, rekor }: Addresses): Json {
  const service = (address: string, majorApiVersion: number): Json => [
    { url: address, majorApiVersion, validFor: validity(material), operator: organization },
  ]
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: service(url, 1),
    oidcUrls: service(issuer, 1),
    rekorTlogUrls: service(url, rekor === 'v1' ? 1 : 2),
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: service(`${url}/api/v1/timestamp`, 1),
    tsaConfig: { selector: 'ANY' },
  }
}

/** Both in one, as `sigstore --trust-config` takes it. */
export function clientTrustConfigOf(trustedRoot: Json, signingConfig: Json): Json {
  return { mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json', trustedRoot, signingConfig }
}

function validity(material: Material): Json {
  return { start: validFrom(material).toISOString() }
}
