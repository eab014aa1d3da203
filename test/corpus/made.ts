/** Bundles made to show a difference that no bundle of the corpus and no mutant shows. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { bundleMediaType } from '../../src/model/bundle.ts'
import { inTotoPayloadType, preAuthEncoding } from '../../src/model/envelope.ts'
import { encode, tags } from '../../src/sigstore/verify/asn1.ts'
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { certificateSigner, ecKeys, publicKeyPem, signWith } from '../world/own-authority.ts'
import {
  digitalSignature,
  extension,
  fromNow,
  generalizedText,
  keyCertSign,
  oids,
  ownCertificate,
  pemOf,
} from '../world/own-certificates.ts'
import type { CertificateShape, OwnCertificate } from '../world/own-certificates.ts'
import { ownTimestampAuthority } from '../world/own-timestamps.ts'
import type { TimestampShape } from '../world/own-timestamps.ts'
import type { EditableBundle, Release } from '../world/release.ts'

/** A bundle, and the root and key to verify it with. */
export interface Made {
  readonly bundle: Json
  readonly trustedRoot: Json
  readonly key?: string
}

/** By the id of the difference, and what tells its examples apart: `shown` differs, `plain` is the same without the one thing, and does not. */
export const made: { readonly [id: string]: (release: Release) => Promise<{ shown: Made; plain: Made }> } = {
  'root-without-start': async (release) => {
    const bundle = asJson(await release.attested())
    const root = rootOf(release)
    const lax = edited(root, (it) => delete it.tlogs[0]!.publicKey.validFor.start)
    return { shown: { bundle, trustedRoot: lax }, plain: { bundle, trustedRoot: asJson(root) } }
  },
  'code-signing': async (release) => ({
    shown: await underOwnAuthority(release, { purposes: [oids.serverAuth] }),
    plain: await underOwnAuthority(release, {}),
  }),
  'code-signing by an authority': async (release) => ({
    shown: await underOwnAuthority(release, { authority: {}, keyUsage: keyCertSign | digitalSignature }),
    plain: await underOwnAuthority(release, { keyUsage: digitalSignature }),
  }),
  'code-signing without digitalSignature': async (release) => ({
    shown: await underOwnAuthority(release, { keyUsage: keyCertSign }),
    plain: await underOwnAuthority(release, { keyUsage: digitalSignature }),
  }),
  'authority-purpose': async (release) => ({
    shown: await underOwnAuthority(release, {}, { purposes: [oids.serverAuth] }),
    plain: await underOwnAuthority(release, {}, { purposes: [oids.codeSigning] }),
  }),
  'critical-extension': async (release) => {
    const value = encode(tags.sequence)
    return {
      shown: await underOwnAuthority(release, { more: [extension('1.2.3.4', value, 'critical')] }),
      plain: await underOwnAuthority(release, { more: [extension('1.2.3.4', value)] }),
    }
  },
  'certificate-version': async (release) => ({
    shown: await underOwnAuthority(release, { version: 1 }),
    plain: await underOwnAuthority(release, {}),
  }),
  'entry-of-another-certificate': async (release) => ({
    shown: await underOwnAuthority(release, {}, {}, 'another certificate'),
    plain: await underOwnAuthority(release, {}),
  }),
  'checkpoint-name': async (release) => {
    const bundle = await release.attested()
    const cut = structuredClone(bundle)
    const { checkpoint } = cut.verificationMaterial.tlogEntries[0]!.inclusionProof!
    checkpoint.envelope = checkpoint.envelope.replace(/\n\u2014 (\S+)\S /, '\n\u2014 $1 ')
    const trustedRoot = asJson(rootOf(release))
    return { shown: { bundle: asJson(cut), trustedRoot }, plain: { bundle: asJson(bundle), trustedRoot } }
  },
  'checkpoint-host': async (release) => {
    const bundle = asJson(await release.attested())
    const elsewhere = edited(rootOf(release), (it) => (it.tlogs[0]!.baseUrl = 'http://rekor.internal.example:3000'))
    return { shown: { bundle, trustedRoot: elsewhere }, plain: { bundle, trustedRoot: asJson(rootOf(release)) } }
  },
  'log-not-believed': async (release) => {
    const bundle = asJson(await release.attested({}, { rekor: 2 }))
    const root = rootOf(release)
    const retired = edited(root, (it) => {
      for (const { publicKey } of it.tlogs) publicKey.validFor.end = '2021-01-01T00:00:00Z'
      for (const { publicKey } of it.tlogs) publicKey.validFor.start = '2020-01-01T00:00:00Z'
    })
    return { shown: { bundle, trustedRoot: retired }, plain: { bundle, trustedRoot: asJson(root) } }
  },
  'timestamp-certificate': async (release) => ({
    shown: await withOwnTimestamp(release, {}, { purposes: [oids.timeStamping, oids.codeSigning] }),
    plain: await withOwnTimestamp(release, {}, {}),
  }),
  'fraction-of-second': async (release) => ({
    shown: await withOwnTimestamp(release, { time: withFraction('5') }, {}),
    plain: await withOwnTimestamp(release, { time: withFraction('123') }, {}),
  }),
  'hash-of-key-size for P-384': async (release) => ({
    shown: await signedByKey(release, 'secp384r1', 'sha384'),
    plain: await signedByKey(release, 'prime256v1', 'sha256'),
  }),
  'hash-of-key-size for P-521': async (release) => ({
    shown: await signedByKey(release, 'secp521r1', 'sha512'),
    plain: await signedByKey(release, 'secp521r1', 'sha256'),
  }),
  'hash-of-key-size in a log entry': async (release) => ({
    shown: await signedByKey(release, 'secp384r1', 'sha384', 'PKIX_ECDSA_P384_SHA_384'),
    plain: await signedByKey(release, 'prime256v1', 'sha256', 'PKIX_ECDSA_P256_SHA_256'),
  }),
}

/** A minute ahead: within the certificate, also if that is issued in the next second. */
function withFraction(digits: string): string {
  return generalizedText(fromNow(60_000)).replace('Z', `.${digits}Z`)
}

/** Signed under a certificate of an authority of our own, which stands in the root instead of Fulcio. */
async function underOwnAuthority(
  release: Release,
  leaf: CertificateShape,
  authority: CertificateShape = {},
  logged: 'its certificate' | 'another certificate' = 'its certificate',
): Promise<Made> {
  const root = ownCertificate({ subject: 'own root', authority: {} })
  const issuer = ownCertificate({ subject: 'own authority', issuer: root, authority: {}, ...authority })
  const keys = ecKeys()
  const certified = (name: string): OwnCertificate =>
    ownCertificate({ issuer, keys, purposes: [oids.codeSigning], name, ...leaf })
  const signer = certified('https://signer.example')
  const bundle = await signWith(
    release.sigstore,
    release.statement(),
    certificateSigner(pemOf(signer.der), signer.privateKey),
    logged === 'its certificate' ? {} : { logged: pemOf(certified('https://another.example').der) },
  )
  const trustedRoot = edited(rootOf(release), (it) => {
    it.ctlogs = []
    it.certificateAuthorities = [entryOf(issuer, root)]
  })
  return { bundle: asJson(bundle), trustedRoot }
}

/** With a timestamp of an authority of our own, which stands in the root instead of the embedded one. */
async function withOwnTimestamp(release: Release, shape: TimestampShape, signer: CertificateShape): Promise<Made> {
  const authority = ownTimestampAuthority(signer)
  const bundle = structuredClone(await release.attested())
  const signature = Buffer.from(bundle.dsseEnvelope.signatures[0]!.sig, 'base64')
  bundle.verificationMaterial.timestampVerificationData = {
    rfc3161Timestamps: [{ signedTimestamp: authority.stamp(signature, shape).toString('base64') }],
  }
  const trustedRoot = edited(rootOf(release), (it) => {
    it.timestampAuthorities = [entryOf(authority.signer, authority.root)]
  })
  return { bundle: asJson(bundle), trustedRoot }
}

/**
 * Signed by a bare key, with a timestamp of an authority of our own; logged in Rekor v2 if it is told what key that is, else
 * under a root without transparency logs.
 */
async function signedByKey(release: Release, namedCurve: string, hash: string, keyDetails?: string): Promise<Made> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  const payload = Buffer.from(JSON.stringify(release.statement()))
  const encoding = preAuthEncoding(inTotoPayloadType, payload)
  const signature = sign(hash, encoding, privateKey)
  const authority = ownTimestampAuthority()
  const request = {
    hashedRekordRequestV002: {
      digest: createHash(hash).update(encoding).digest('base64'),
      signature: {
        content: signature.toString('base64'),
        verifier: {
          keyDetails,
          publicKey: { rawBytes: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') },
        },
      },
    },
  }
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: {
      publicKey: { hint: 'own' },
      tlogEntries: keyDetails === undefined ? [] : [await logged(release, request)],
      timestampVerificationData: {
        rfc3161Timestamps: [{ signedTimestamp: authority.stamp(signature).toString('base64') }],
      },
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: inTotoPayloadType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  }
  const trustedRoot = edited(rootOf(release), (it) => {
    it.timestampAuthorities = [entryOf(authority.signer, authority.root)]
    if (keyDetails === undefined) it.tlogs = []
  })
  return { bundle, trustedRoot, key: publicKeyPem(publicKey) }
}

async function logged({ sigstore }: Release, request: object): Promise<Json> {
  const response = await fetch(`${sigstore.url}/api/v2/log/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  if (!response.ok) throw new Error(`the log answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Json
}

interface EditableRoot {
  tlogs: { baseUrl: string; publicKey: { validFor: { start?: string; end?: string } } }[]
  ctlogs: unknown[]
  certificateAuthorities: unknown[]
  timestampAuthorities: unknown[]
}

function rootOf({ sigstore }: Release): EditableRoot {
  if (!isObject(sigstore.trustedRoot)) throw new Error('the root is an object')
  return sigstore.trustedRoot as unknown as EditableRoot
}

function entryOf(...chain: readonly OwnCertificate[]): unknown {
  return {
    subject: { organization: 'own', commonName: 'own' },
    uri: 'https://own.test.localhost',
    certChain: { certificates: chain.map(({ der }) => ({ rawBytes: der.toString('base64') })) },
    validFor: { start: '2020-01-01T00:00:00Z' },
  }
}

function edited(root: EditableRoot, edit: (copy: EditableRoot) => unknown): Json {
  const copy = JSON.parse(JSON.stringify(root)) as EditableRoot // its parts may be one object, and structuredClone keeps that
  edit(copy)
  return asJson(copy)
}

function asJson(value: EditableBundle | EditableRoot): Json {
  return value as unknown as Json
}
