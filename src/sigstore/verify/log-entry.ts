/**
 * Is a Rekor entry about this signature? What was logged must be the bundle's signature over the bundle's bytes, made by the
 * bundle's signer. @sigstore/verify compares signature and digest only; sigstore-go compares the certificate too
 * ("transparency log certificate does not match"), and so do we.
 */
import { X509Certificate, createHash, createPublicKey } from 'node:crypto'
import { preAuthEncoding } from '../../model/envelope.ts'
import type { Envelope } from '../../model/envelope.ts'
import { memberAt } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import type { LogEntryMaterial } from './material.ts'

/** DER of the leaf certificate, or of the key's SubjectPublicKeyInfo. */
export type EntrySigner = { readonly certificate: Buffer } | { readonly key: Buffer }

/** The signature over an artifact that is elsewhere; a digest of it is undefined if that one is not known. */
export interface LoggedMessage {
  readonly signature: Uint8Array
  readonly digest: (hash: string) => Buffer | undefined
}

/** What an entry must be about. */
export type LoggedContent = Envelope | LoggedMessage

/** What an entry's body says of the one signature in it. */
interface LoggedSignature {
  readonly signature: Buffer
  /** What the digest is over: an envelope's payload, or whatever the signature is over (hashedrekord). */
  readonly over: 'payload' | 'signed bytes'
  /** SHA-2 of its length, whatever the entry calls it; rekor-tiles takes the hash of the key's size. */
  readonly digest: Buffer
  readonly signer: () => { readonly certificate?: Buffer; readonly key?: Buffer }
}

/** What is wrong with an entry, in the order in which it is looked at; undefined if it is about this content and signer. */
export type EntryProblem = 'malformed' | 'other-signature' | 'other-payload' | 'other-signer'

export function entryProblem(
  entry: LogEntryMaterial,
  content: LoggedContent,
  signer: EntrySigner,
): EntryProblem | undefined {
  let logged: LoggedSignature | undefined
  let names: ReturnType<LoggedSignature['signer']>
  try {
    const body = JSON.parse(entry.body.toString('utf8')) as Json
    if (memberAt(body, 'kind') !== entry.kind || memberAt(body, 'apiVersion') !== entry.version) return 'malformed'
    logged = readLogged(`${entry.kind}/${entry.version}`, memberAt(body, 'spec'))
    if (logged === undefined) return 'malformed'
    names = logged.signer()
  } catch {
    return 'malformed'
  }
  const signature = 'signature' in content ? content.signature : content.signatures[0]?.sig
  if (signature === undefined || !logged.signature.equals(signature)) return 'other-signature'
  if (coveredDigest(content, logged)?.equals(logged.digest) !== true) return 'other-payload'
  const same = 'certificate' in signer ? names.certificate?.equals(signer.certificate) : names.key?.equals(signer.key)
  return same === true ? undefined : 'other-signer'
}

const hashOfLength: { readonly [bytes: number]: string } = { 32: 'sha256', 48: 'sha384', 64: 'sha512' }

/** The digest that the entry should have; undefined for an entry about envelopes where there is none. */
function coveredDigest(content: LoggedContent, { over, digest }: LoggedSignature): Buffer | undefined {
  const hash = hashOfLength[digest.length]
  if (hash === undefined) return undefined
  if ('signature' in content) return over === 'payload' ? undefined : content.digest(hash)
  const bytes = over === 'payload' ? content.payload : preAuthEncoding(content.payloadType, content.payload)
  return createHash(hash).update(bytes).digest()
}

/** By kind and version (sigstore/rekor pkg/types; rekor-tiles api/proto). An envelope never has several signatures. */
function readLogged(kind: string, spec: Json): LoggedSignature | undefined {
  switch (kind) {
    case 'dsse/0.0.1': {
      const signature = only(memberAt(spec, 'signatures'))
      return {
        signature: base64(memberAt(signature, 'signature')),
        over: 'payload',
        digest: hex(memberAt(spec, 'payloadHash', 'value')),
        signer: () => fromPem(base64(memberAt(signature, 'verifier'))),
      }
    }
    case 'intoto/0.0.2': {
      const signature = only(memberAt(spec, 'content', 'envelope', 'signatures'))
      return {
        // Base64 of the base64 that stands in the envelope.
        signature: Buffer.from(base64(memberAt(signature, 'sig')).toString('latin1'), 'base64'),
        over: 'payload',
        digest: hex(memberAt(spec, 'content', 'payloadHash', 'value')),
        signer: () => fromPem(base64(memberAt(signature, 'publicKey'))),
      }
    }
    case 'hashedrekord/0.0.1':
      return {
        signature: base64(memberAt(spec, 'signature', 'content')),
        over: 'signed bytes',
        digest: hex(memberAt(spec, 'data', 'hash', 'value')),
        signer: () => fromPem(base64(memberAt(spec, 'signature', 'publicKey', 'content'))),
      }
    case 'hashedrekord/0.0.2': {
      const record = memberAt(spec, 'hashedRekordV002')
      return {
        signature: base64(memberAt(record, 'signature', 'content')),
        over: 'signed bytes',
        digest: base64(memberAt(record, 'data', 'digest')),
        signer: () => fromDer(memberAt(record, 'signature', 'verifier')),
      }
    }
    case 'dsse/0.0.2': {
      const signature = only(memberAt(spec, 'dsseV002', 'signatures'))
      return {
        signature: base64(memberAt(signature, 'content')),
        over: 'payload',
        digest: base64(memberAt(spec, 'dsseV002', 'payloadHash', 'digest')),
        signer: () => fromDer(memberAt(signature, 'verifier')),
      }
    }
    default:
      return undefined
  }
}

function fromPem(pem: Buffer): { readonly certificate?: Buffer; readonly key?: Buffer } {
  return pem.includes('BEGIN CERTIFICATE')
    ? { certificate: pemBytes(pem) }
    : { key: createPublicKey(pem).export({ format: 'der', type: 'spki' }) }
}

/** The usual form is decoded as it stands; any other is left to OpenSSL. */
function pemBytes(pem: Buffer): Buffer {
  const [, body] =
    /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n?$/.exec(pem.toString('latin1')) ??
    []
  return body === undefined ? Buffer.from(new X509Certificate(pem).raw) : Buffer.from(body, 'base64')
}

function fromDer(verifier: Json): { readonly certificate?: Buffer; readonly key?: Buffer } {
  const certificate = memberAt(verifier, 'x509Certificate', 'rawBytes')
  return certificate === null
    ? { key: base64(memberAt(verifier, 'publicKey', 'rawBytes')) }
    : { certificate: base64(certificate) }
}

function only(value: Json): Json {
  return Array.isArray(value) && value.length === 1 ? ((value as readonly Json[])[0] ?? null) : null
}

function base64(value: Json): Buffer {
  if (typeof value !== 'string') throw new TypeError('expected base64')
  return Buffer.from(value, 'base64')
}

function hex(value: Json): Buffer {
  if (typeof value !== 'string') throw new TypeError('expected hex')
  return Buffer.from(value, 'hex')
}
