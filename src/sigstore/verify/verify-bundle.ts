/**
 * Bundle + trusted root → Signed. Pure: it touches nothing but its arguments, and who may sign is not asked here.
 *
 * The steps are those of the Sigstore client specification (sigstore/architecture-docs client-spec.md §5), with the checks
 * that other clients leave open: a bundle must carry a trusted time, the certificate must be one for code signing, a log entry
 * must be about this very certificate, a timestamp certificate must be for nothing else. Each failure is a check with a code.
 * Verdicts are held against @sigstore/verify's by a differential test; it is slower because it encodes certificates again and
 * verifies the trusted root's own chain with every bundle.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CountersignError, hintOf, option, reasonOf } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { Bundle } from '../../model/bundle.ts'
import { preAuthEncoding } from '../../model/envelope.ts'
import type { LogEntry, Signatory, Signed, TrustedTime } from '../../model/evidence.ts'
import type { Check } from '../../model/verdict.ts'
import { oneLine } from '../../one-line.ts'
import { keyOf, readCertificate } from './certificate.ts'
import type { SigningCertificate } from './certificate.ts'
import { countCertificateTimestamps } from './certificate-log.ts'
import { issuerOf } from './chain.ts'
import type { Authority } from './chain.ts'
import { hasAuthorityOf, missingRoot } from './choose-root.ts'
import { hashesFor } from './key-hash.ts'
import { entryProblem } from './log-entry.ts'
import type { LoggedContent } from './log-entry.ts'
import { inclusionProblem } from './log-inclusion.ts'
import { hasLogId } from './log-key.ts'
import { readMaterial } from './material.ts'
import type { LogEntryMaterial, Material } from './material.ts'
import { parseTimestamp, stamperOf } from './timestamp.ts'
import type { Timestamp } from './timestamp.ts'
import { asksFor, refuseLeftOut } from './trusted-root.ts'
import type { Trust } from './trusted-root.ts'

/** The rules of this layer, in the order in which they are checked. */
export const signatureRules = [
  'signature',
  'trusted-time',
  'certificate-chain',
  'certificate-transparency',
  'code-signing',
  'log-entry',
  'log-entry-signer',
] as const
export type SignatureRule = (typeof signatureRules)[number]

/** The checks up to and including the one that failed. */
export interface Refused {
  readonly outcome: 'refused'
  readonly checks: readonly Check[]
  readonly code: ErrorCode
  readonly message: string
}

/** Either everything held, or not. */
export type SignatureResult = { readonly outcome: 'verified'; readonly signed: Signed } | Refused

/** What holds of a signature, whatever it is over. */
export type Proof = Pick<
  Signed,
  'signatory' | 'times' | 'logEntries' | 'logs' | 'checkpoints' | 'authorities' | 'checks'
>

/** A signature, and what it is over. */
export interface SignedContent {
  readonly signature: Uint8Array
  /** True if the key made the signature over the content with this hash; null is the one that belongs to the key. */
  readonly holds: (key: KeyObject, hash: string | null) => boolean
  /** What a log entry about it must name. */
  readonly logged: LoggedContent
}

/**
 * Verifies one bundle. `key` is a PEM public key for bundles that were signed with a key instead of a certificate; with it,
 * only that key counts. Throws `bundle-malformed`, `message-signature-only` and `key-malformed`; every other "no" is a result.
 */
export function verifyBundle(bundle: Bundle, trust: Trust, key?: string): SignatureResult {
  const { envelope } = bundle
  if (envelope === undefined) {
    throw new CountersignError('message-signature-only', 'the bundle holds a bare message signature and no attestation')
  }
  if (bundle.version === 'dsse') {
    return refused(
      'trusted-time',
      'trusted-time-missing',
      'a bare DSSE envelope carries no log entry and no timestamp',
      [],
    )
  }
  const [signature] = envelope.signatures
  if (signature === undefined || envelope.signatures.length !== 1 || signature.sig.length === 0) {
    const count = envelope.signatures.filter((it) => it.sig.length > 0).length
    return refused(
      'signature',
      'signature-invalid',
      `a Sigstore bundle has exactly one signature, this one has ${count}`,
      [],
    )
  }
  const { sig } = signature
  const encoding = preAuthEncoding(envelope.payloadType, envelope.payload)
  const proof = verifyContent(
    { signature: sig, holds: (key, hash) => verify(hash, encoding, key, sig), logged: envelope },
    bundle,
    trust,
    key,
  )
  if ('outcome' in proof) return proof
  return { outcome: 'verified', signed: { envelope, ...proof } as unknown as Signed } // the one place where the proof is made
}

/** The steps that are the same for every kind of content. Throws `bundle-malformed` and `key-malformed`. */
export function verifyContent(content: SignedContent, bundle: Bundle, trust: Trust, key?: string): Proof | Refused {
  return readOrRefuse(() => takeSteps(content, readMaterial(bundle), trust, key))
}

/** The same for a signature under a certificate that stands in no bundle. Throws `bundle-malformed`. */
export function verifyMaterial(content: SignedContent, material: Material, trust: Trust): Proof | Refused {
  return readOrRefuse(() => takeSteps(content, material, trust, undefined))
}

function readOrRefuse<T>(steps: () => T): T {
  try {
    return steps()
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    // Parsers of hostile bytes throw errors of any class (DerError, OpenSSL's); they all mean that it cannot be read.
    throw new CountersignError('bundle-malformed', `the bundle cannot be read: ${reasonOf(thrown)}`, { cause: thrown })
  }
}

function takeSteps(
  { signature, holds, logged }: SignedContent,
  material: Material,
  trust: Trust,
  pem: string | undefined,
): Proof | Refused {
  const signer = openSigner(material, pem)
  if ('outcome' in signer) return signer
  const { certificate } = signer

  // The signature covers these bytes, by the key in the bundle. First, so that an edited payload is called just that.
  if (!hashesFor(signer.key).some((hash) => succeeds(() => holds(signer.key, hash)))) {
    return refuse('signature', 'signature-invalid', 'the signature does not cover these bytes')
  }

  // The root has an authority of the name that the certificate gives. By itself that proves nothing; but where there is none, no
  // other reason would tell a person as much.
  if (certificate !== undefined && !hasAuthorityOf(certificate.certificate, trust)) {
    refuseLeftOut(trust, 'certificateAuthorities')
    const { message, note } = missingRoot(certificate)
    return refused('certificate-chain', 'certificate-untrusted', message, ['signature'], note)
  }

  // Somebody else says when: every timestamp must hold, and there must be one, or a log entry with a signed time.
  const stamps = material.timestamps.map(parseTimestamp)
  const told = [...stamps.map(stampedTime), ...material.entries.flatMap(loggedTime)]
  const times = told.length === 0 && trust.unlogged === true ? issuedTime(signer) : told
  if (times.length === 0) {
    return refuse('trusted-time', 'trusted-time-missing', 'the bundle has neither a signed log time nor a timestamp')
  }
  const stampers = stamps.map((it) => stamperOf(it, signature, trust.timestampAuthorities))
  if (stampers.includes(undefined)) {
    refuseLeftOut(trust, 'timestampAuthorities')
    return refuse('trusted-time', 'trusted-time-invalid', 'a timestamp does not hold under the trusted root')
  }
  if (new Set(stamps.map(stampIdentity)).size !== stamps.length) {
    return refuse('trusted-time', 'trusted-time-invalid', 'a timestamp stands twice')
  }

  // The certificate held at each of these times, under an authority of the root.
  if (certificate !== undefined) {
    const issuers = times.map(({ time }) =>
      issuerOf(certificate.certificate, trust.certificateAuthorities, new Date(time), 'codeSigning'),
    )
    const [issuer] = issuers
    if (issuer === undefined || issuers.includes(undefined)) {
      return refuse('certificate-chain', 'certificate-untrusted', chainProblem(certificate, times))
    }
    const vouched = countCertificateTimestamps(certificate.certificate, issuer, trust.certificateLogs)
    if (vouched === undefined || (vouched === 0 && asksFor(trust, 'certificateLogs'))) {
      if (vouched === undefined) refuseLeftOut(trust, 'certificateLogs')
      return refuse(
        'certificate-transparency',
        'certificate-timestamp-invalid',
        vouched === 0
          ? 'the certificate holds no timestamp of a certificate log'
          : 'a certificate timestamp does not hold',
      )
    }
    if (!certificate.forCodeSigning) {
      return refuse('code-signing', 'certificate-usage', 'the certificate is not one for code signing')
    }
  }

  // The signature was logged, in a log of the root, for this signer.
  if (material.entries.length === 0 && asksFor(trust, 'transparencyLogs')) {
    return refuse('log-entry', 'log-entry-missing', 'the bundle holds no log entry')
  }
  if (new Set(material.entries.map(entryIdentity)).size !== material.entries.length) {
    return refuse('log-entry', 'log-entry-invalid', 'a log entry stands twice')
  }
  const named = certificate === undefined ? { key: spki(signer.key) } : { certificate: certificate.certificate.der }
  const moments = times.map(({ time }) => new Date(time))
  for (const entry of material.entries) {
    const isKnown = trust.transparencyLogs.some((log) => hasLogId(log, entry.logId))
    if (!isKnown) refuseLeftOut(trust, 'transparencyLogs', entry.logId)
    const missing = inclusionProblem(entry, trust.transparencyLogs, moments)
    if (missing !== undefined) return refuse('log-entry', 'log-entry-invalid', missing)
    const problem = entryProblem(entry, logged, named)
    if (problem === 'other-signer') {
      return refuse('log-entry-signer', 'log-entry-foreign', 'the log entry was made for another certificate or key')
    }
    if (problem !== undefined) return refuse('log-entry', 'log-entry-invalid', `the log entry: ${problem}`)
  }
  return {
    signatory: signatoryOf(signer),
    times,
    logEntries: material.entries.map(describeEntry),
    logs: [...new Set(material.entries.flatMap((it) => logOf(it, trust)))],
    checkpoints: [...new Set(material.entries.flatMap((it) => it.proof?.checkpoint ?? []))],
    authorities: [...new Set(stampers.flatMap((it) => (it === undefined ? [] : authorityName(it))))],
    checks: passed(signer, trust, material.entries.length),
  }
}

/** Whose key made the signature, as the bundle says it; `certificate` is absent for the key that the caller named. */
interface BundleSigner {
  readonly key: KeyObject
  readonly certificate?: SigningCertificate
}

function openSigner({ signer }: Material, pem: string | undefined): BundleSigner | Refused {
  if (signer.kind === 'key') {
    if (pem !== undefined) return { key: readKey(pem) }
    const reason = `it was signed with a bare key, and none was given (${option('key')})`
    return refused('certificate-chain', 'certificate-missing', reason, [])
  }
  if (pem !== undefined) {
    const reason = 'it was signed under a certificate, not with the key that was given'
    return refused('certificate-chain', 'key-mismatch', reason, [])
  }
  const certificate = readCertificate(signer.der)
  return { key: keyOf(certificate.certificate), certificate }
}

/**
 * One public key and nothing else: from a certificate, a private key or the first of several Node makes a public key too, and
 * then nobody knows which one was meant. Error: `key-malformed`.
 */
export function readKey(pem: string): KeyObject {
  const blocks = pem.match(/^-----BEGIN [^-]*-----$/gm) ?? []
  if (blocks.length !== 1 || !/^-----BEGIN (?:RSA )?PUBLIC KEY-----$/.test(blocks[0])) {
    throw new CountersignError('key-malformed', 'the key is not one public key in PEM')
  }
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw new CountersignError('key-malformed', 'the key cannot be read', { cause })
  }
  const { asymmetricKeyType: type = '' } = key
  if (!signingKeys.includes(type))
    throw new CountersignError('key-malformed', `no signature can be made with a key of type ${type}`)
  return key
}

/** What Node calls them; the others (x25519, x448, dh) agree on secrets, and sign nothing. */
const signingKeys: readonly string[] = ['rsa', 'rsa-pss', 'dsa', 'ec', 'ed25519', 'ed448']

/** OpenSSL throws at a signature that has not the shape of its key's. */
function succeeds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

function stampedTime({ time }: Timestamp): TrustedTime {
  return { source: 'timestamp authority', time: time.toISOString() }
}

/** What a log would say is a moment later. */
function issuedTime({ certificate }: BundleSigner): TrustedTime[] {
  return certificate === undefined ? [] : [{ source: 'transparency log', time: certificate.identity.notBefore }]
}

/** Only a promise signs the time of an entry; a proof does not, and Rekor v2 tells none. */
function loggedTime({ promise, integratedTime }: LogEntryMaterial): TrustedTime[] {
  if (promise === undefined || integratedTime <= 0 || integratedTime > 8_640_000_000_000) return []
  return [{ source: 'transparency log', time: new Date(integratedTime * 1000).toISOString() }]
}

/** One authority does not vouch twice for one moment. */
function stampIdentity({ signer, time }: Timestamp): string {
  return `${signer.serialNumber.toString('hex')} ${time.getTime()}`
}

function entryIdentity({ logId, body }: LogEntryMaterial): string {
  return `${logId.toString('hex')} ${body.toString('base64')}`
}

function chainProblem({ identity }: SigningCertificate, times: readonly TrustedTime[]): string {
  const outside = times.find(({ time }) => time < identity.notBefore || time > identity.notAfter)
  return outside === undefined
    ? 'the certificate does not lead to an authority of the trusted root'
    : `the certificate is valid from ${identity.notBefore} to ${identity.notAfter}, but was used at ${outside.time}`
}

/** Only a promise signs the index that the bundle gives; without one, the index is that of the proof. */
function describeEntry({ logId, logIndex, promise, proof, kind, version }: LogEntryMaterial): LogEntry {
  const index = promise === undefined ? (proof?.logIndex ?? logIndex) : logIndex
  return { logId: logId.toString('hex'), logIndex: String(index), kind: `${kind}/${version}` }
}

/** One log may have two ids in a root, and is one witness. */
function logOf({ logId }: LogEntryMaterial, { transparencyLogs }: Trust): string[] {
  return transparencyLogs.filter((it) => hasLogId(it, logId)).map(({ key }) => sha256Hex(spki(key)))
}

/** An authority changes its keys, and is one witness all the same. */
function authorityName({ uri, chain }: Authority): string {
  return uri ?? sha256Hex(chain.at(-1)?.subject ?? Buffer.alloc(0))
}

function signatoryOf({ certificate, key }: BundleSigner): Signatory {
  return certificate === undefined
    ? { kind: 'key', fingerprint: sha256Hex(spki(key)) }
    : { kind: 'certificate', identity: certificate.identity }
}

function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' })
}

/**
 * The checks of a bundle that held. A root that names no transparency log (GitHub's own Sigstore) or no certificate log asks
 * for none; that is the word of whoever chose the root, a bundle cannot bring it about, and the report shows it as skipped.
 */
function passed({ certificate }: BundleSigner, trust: Trust, entries: number): Check[] {
  const keyed = certificate === undefined ? 'signed with the key that was given' : undefined
  const unlogged = entries === 0 ? 'the trusted root names no transparency log' : undefined
  const skipped: { [rule in SignatureRule]?: string | undefined } = {
    'certificate-chain': keyed,
    'certificate-transparency':
      keyed ?? (asksFor(trust, 'certificateLogs') ? undefined : 'the trusted root names no certificate log'),
    'code-signing': keyed,
    'log-entry': unlogged,
    'log-entry-signer': unlogged,
  }
  return signatureRules.map((rule) => {
    const note = skipped[rule]
    return note === undefined ? { rule, outcome: 'pass' } : { rule, outcome: 'skipped', note }
  })
}

/** A "no" where everything before it in the order of the rules held. */
function refuse(rule: SignatureRule, code: ErrorCode, message: string): Refused {
  return refused(rule, code, message, signatureRules.slice(0, signatureRules.indexOf(rule)))
}

/** A "no" with the rules that are known to hold; `note` says what a person can do, where the code alone does not. */
export function refused(
  rule: SignatureRule,
  code: ErrorCode,
  message: string,
  proved: readonly SignatureRule[],
  note: string | undefined = hintOf(code),
): Refused {
  const checks = signatureRules.map((it): Check => {
    if (it === rule) {
      return { rule, outcome: 'fail', code, found: oneLine(message), ...(note === undefined ? {} : { note }) }
    }
    return proved.includes(it) ? { rule: it, outcome: 'pass' } : { rule: it, outcome: 'skipped', note: 'not reached' }
  })
  return { outcome: 'refused', checks, code, message: oneLine(message) }
}
