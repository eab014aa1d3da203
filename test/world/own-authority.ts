/**
 * A certificate authority of the test's own, with the transparency log and timestamps of the embedded Sigstore beside it: it
 * issues whatever a test asks for, which a Fulcio never would.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { bundleToJSON } from '@sigstore/bundle'
import { DSSEBundleBuilder, RekorWitness, TSAWitness } from '@sigstore/sign'
import type { Signer, Witness } from '@sigstore/sign'
import { extensionTable, fulcioArc } from '../../src/model/identity.ts'
import type { ExtensionName, Extensions } from '../../src/model/identity.ts'
import { isObject } from '../../src/model/json.ts'
import type { TrustSource } from '../../src/model/trust-source.ts'
import {
  alternativeNames,
  authorityExtensions,
  authorityName,
  codeSigning,
  extension,
  keyIdentifiers,
  noName,
  purpose,
  signCertificate,
  signerUsage,
  toBeSigned,
} from '../../src/embedded/certificate.ts'
import { utf8String } from '../../src/embedded/der.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { fromNow } from './own-certificates.ts'
import { bytesOf, trustIn } from './release.ts'
import type { EditableBundle } from './release.ts'

export const serverAuth = '1.3.6.1.5.5.7.3.1'
const day = 86_400_000

export interface Leaf {
  readonly extensions?: Extensions
  /** Extended key usage; null leaves the extension out. Default: code signing. */
  readonly usage?: string | null
  /** URIs in the SAN. */
  readonly names?: readonly string[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** DER values by OID beside the others. */
  readonly more?: readonly (readonly [string, Buffer])[]
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface OwnAuthority {
  /** The embedded root with this authority instead of its Fulcio, and with no certificate log. */
  readonly trust: TrustSource
  /** PEM */
  issue(leaf: Leaf, keys: KeyPair): string
  /** A bundle for the payload under such a certificate, logged and with a timestamp. */
  sign(payload: string | object, leaf: Leaf, payloadType?: string): Promise<EditableBundle>
}

export function ecKeys(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

export function createOwnAuthority(sigstore: LocalSigstore, organization?: string): OwnAuthority {
  const keys = ecKeys()
  const name = authorityName('test-root', organization)
  const rootDer = signCertificate(
    toBeSigned({
      subject: name,
      issuer: name,
      publicKey: keys.publicKey,
      notBefore: fromNow(-30 * day),
      notAfter: fromNow(30 * day),
      extensions: [...authorityExtensions(0), ...keyIdentifiers(keys.publicKey, keys.publicKey)],
    }),
    keys.privateKey,
  )
  if (!isObject(sigstore.trustedRoot)) throw new Error('the root is an object')
  const authority: OwnAuthority = {
    trust: trustIn({
      ...sigstore.trustedRoot,
      ctlogs: [],
      certificateAuthorities: [
        {
          subject: { organization: 'test', commonName: 'test-root' },
          uri: 'https://fulcio.test.localhost',
          certChain: { certificates: [{ rawBytes: rootDer.toString('base64') }] },
          validFor: { start: fromNow(-30 * day).toISOString() },
        },
      ],
    }),
    issue(leaf, subject) {
      const der = signCertificate(
        toBeSigned({
          subject: noName,
          issuer: name,
          publicKey: subject.publicKey,
          notBefore: leaf.notBefore ?? fromNow(-60_000),
          notAfter: leaf.notAfter ?? fromNow(600_000),
          extensions: leafExtensions(leaf, subject, keys),
        }),
        keys.privateKey,
      )
      return pemOf(der)
    },
    async sign(payload, leaf, payloadType) {
      const subject = ecKeys()
      return signWith(sigstore, payload, certificateSigner(authority.issue(leaf, subject), subject.privateKey), {
        ...(payloadType === undefined ? {} : { payloadType }),
      })
    },
  }
  return authority
}

function leafExtensions({ extensions, usage, names, more }: Leaf, subject: KeyPair, issuer: KeyPair): Buffer[] {
  const uris = names ?? ['https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main']
  const fulcio = Object.entries(extensions ?? {}).map(([name, value]) => {
    const { number } = extensionTable[name as ExtensionName]
    return extension(`${fulcioArc}.${number}`, number <= 6 ? Buffer.from(value) : utf8String(value))
  })
  return [
    signerUsage(),
    ...(usage === null ? [] : [purpose(usage ?? codeSigning)]),
    ...keyIdentifiers(subject.publicKey, issuer.publicKey),
    alternativeNames(uris.map((value) => ({ kind: 'uri', value }))),
    ...fulcio,
    ...(more ?? []).map(([oid, value]) => extension(oid, value)),
  ]
}

export interface WitnessOptions {
  readonly payloadType?: string
  /** Replaces what the log is told of the signer. */
  readonly logged?: string
}

/**
 * The library takes a connection up again that the server, in this same process, may have closed while a test kept both busy:
 * then it is to try once more, at once.
 */
export const again = { retries: 3, minTimeout: 1 } as const

/** What any Sigstore client can send: an envelope, a signer of any kind, an entry in the log, a timestamp. */
export async function signWith(
  sigstore: LocalSigstore,
  payload: string | object,
  signer: Signer,
  { payloadType = 'application/vnd.in-toto+json', logged }: WitnessOptions = {},
): Promise<EditableBundle> {
  const rekor = new RekorWitness({ rekorBaseURL: sigstore.url, entryType: 'dsse', retry: again })
  const witness: Witness = { testify: (content, key) => rekor.testify(content, logged ?? key) }
  const timestamps = new TSAWitness({ tsaBaseURL: `${sigstore.url}/api/v1/timestamp`, retry: again })
  const bundle = await new DSSEBundleBuilder({ signer, witnesses: [witness, timestamps] }).create({
    data: bytesOf(payload),
    type: payloadType,
  })
  return bundleToJSON(bundle) as unknown as EditableBundle
}

/** Signs under a certificate, PEM. */
export function certificateSigner(certificate: string, key: KeyObject): Signer {
  return {
    sign: (data) =>
      Promise.resolve({ signature: sign('sha256', data, key), key: { $case: 'x509Certificate', certificate } }),
  }
}

/** Signs with a bare key. */
export function keySigner({ publicKey, privateKey }: KeyPair): Signer {
  const pem = publicKeyPem(publicKey)
  return {
    sign: (data) =>
      Promise.resolve({
        signature: sign('sha256', data, privateKey),
        key: { $case: 'publicKey', publicKey: pem, hint: 'test-key' },
      }),
  }
}

export function publicKeyPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function pemOf(der: Buffer): string {
  const lines = der
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
