/** What a log entry says must be what was signed: by kind of entry, one thing wrong at a time. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { preAuthEncoding } from '../../../src/model/envelope.ts'
import { entryProblem } from '../../../src/sigstore/verify/log-entry.ts'
import type { LoggedContent } from '../../../src/sigstore/verify/log-entry.ts'
import { ownCertificate, pemOf } from '../../world/own-certificates.ts'

const payload = Buffer.from('{"a":1}')
const sig = Buffer.from('a signature')
const envelope = { payloadType: 'application/vnd.in-toto+json', payload, signatures: [{ sig, keyid: '' }] }
const encoding = preAuthEncoding(envelope.payloadType, payload)
const artifact = Buffer.from('an artifact')
const message = { signature: sig, digest: (hash: string) => createHash(hash).update(artifact).digest() }
const certificate = ownCertificate().der
const another = ownCertificate().der

interface Body {
  readonly signature: Buffer
  readonly digest: Buffer
  readonly certificate: Buffer
  readonly kind?: string
}

type Spec = (body: Body) => object

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')
const pem = (der: Buffer): string => base64(pemOf(der))
const sha = (hash: string, bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest()

/** The bodies as Rekor writes them, as far as they are read. */
const kinds: { readonly [kind: string]: { readonly over: 'payload' | 'signed bytes'; readonly spec: Spec } } = {
  'dsse/0.0.1': {
    over: 'payload',
    spec: (it) => ({
      signatures: [{ signature: base64(it.signature), verifier: pem(it.certificate) }],
      payloadHash: { algorithm: 'sha256', value: it.digest.toString('hex') },
    }),
  },
  'intoto/0.0.2': {
    over: 'payload',
    spec: (it) => ({
      content: {
        envelope: { signatures: [{ sig: base64(base64(it.signature)), publicKey: pem(it.certificate) }] },
        payloadHash: { algorithm: 'sha256', value: it.digest.toString('hex') },
      },
    }),
  },
  'hashedrekord/0.0.1': {
    over: 'signed bytes',
    spec: (it) => ({
      signature: { content: base64(it.signature), publicKey: { content: pem(it.certificate) } },
      data: { hash: { algorithm: 'sha256', value: it.digest.toString('hex') } },
    }),
  },
  'hashedrekord/0.0.2': {
    over: 'signed bytes',
    spec: (it) => ({
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: base64(it.digest) },
        signature: {
          content: base64(it.signature),
          verifier: { x509Certificate: { rawBytes: base64(it.certificate) } },
        },
      },
    }),
  },
  'dsse/0.0.2': {
    over: 'payload',
    spec: (it) => ({
      dsseV002: {
        payloadHash: { algorithm: 'SHA2_256', digest: base64(it.digest) },
        signatures: [
          { content: base64(it.signature), verifier: { x509Certificate: { rawBytes: base64(it.certificate) } } },
        ],
      },
    }),
  },
}

/** Where the signatures stand in the kinds that list them. */
const lists: { readonly [kind: string]: readonly string[] } = {
  'dsse/0.0.1': ['signatures'],
  'intoto/0.0.2': ['content', 'envelope', 'signatures'],
  'dsse/0.0.2': ['dsseV002', 'signatures'],
}

it.each(Object.entries(lists))(
  'an entry of kind %s has one signature: the first of several is not taken',
  (name, path) => {
    const { spec } = kinds[name]!
    const of = (signature: Buffer): object => spec({ signature, digest: sha('sha256', payload), certificate })
    const signaturesOf = (it: object): unknown[] =>
      path.reduce<unknown>((value, member) => (value as Record<string, unknown>)[member], it) as unknown[]
    const own = of(sig)
    expect(problem(name, {}, envelope, own)).toBeUndefined()
    for (const more of [of(sig), of(Buffer.from('another'))]) {
      const several = structuredClone(own)
      signaturesOf(several).push(...signaturesOf(more))
      expect(problem(name, {}, envelope, several)).toBe('malformed')
    }
    const none = structuredClone(own)
    signaturesOf(none).splice(0)
    expect(problem(name, {}, envelope, none)).toBe('malformed')
  },
)

function problem(
  name: string,
  change: Partial<Body> = {},
  content: LoggedContent = envelope,
  said?: object,
): string | undefined {
  const { over, spec } = kinds[name]!
  const [kind = '', version = ''] = name.split('/')
  const covered = 'signature' in content ? artifact : over === 'payload' ? payload : encoding
  const body = { signature: sig, digest: sha('sha256', covered), certificate, ...change }
  return entryProblem(
    {
      logId: Buffer.alloc(32),
      logIndex: 0,
      kind,
      version,
      integratedTime: 0,
      body: Buffer.from(JSON.stringify({ kind: change.kind ?? kind, apiVersion: version, spec: said ?? spec(body) })),
      promise: undefined,
      proof: undefined,
    },
    content,
    { certificate },
  )
}

describe.each(Object.entries(kinds))('an entry of kind %s', (name, { over }) => {
  it('is about the envelope that it names', () => {
    expect(problem(name)).toBeUndefined()
  })

  it('is not about another signature, other bytes, another certificate, another kind', () => {
    expect(problem(name, { signature: Buffer.from('another') })).toBe('other-signature')
    expect(problem(name, { digest: sha('sha256', artifact) })).toBe('other-payload')
    expect(problem(name, { digest: sha('sha256', over === 'payload' ? encoding : payload) })).toBe('other-payload')
    expect(problem(name, { certificate: another })).toBe('other-signer')
    expect(problem(name, { kind: 'rekord' })).toBe('malformed')
  })

  it('names a digest whole, of whatever SHA-2 it is', () => {
    const covered = over === 'payload' ? payload : encoding
    for (const hash of ['sha384', 'sha512']) expect(problem(name, { digest: sha(hash, covered) })).toBeUndefined()
    const whole = sha('sha256', covered)
    for (const digest of [whole.subarray(0, 31), Buffer.alloc(0), sha('sha1', covered), Buffer.alloc(32)]) {
      expect(problem(name, { digest })).toBe('other-payload')
    }
  })

  it('is about an artifact only where it says no envelope', () => {
    expect(problem(name, {}, message)).toBe(over === 'payload' ? 'other-payload' : undefined)
    expect(problem(name, { digest: sha('sha256', payload) }, message)).toBe('other-payload')
  })
})
