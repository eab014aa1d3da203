/** Verification summaries as verifiers sign them: a statement that a test may edit, keys of every kind, envelopes. */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject, SignKeyObjectInput } from 'node:crypto'
import { inTotoPayloadType, preAuthEncoding } from '../../src/model/envelope.ts'
import { buildVerificationSummary } from '../../src/predicates/build-verification-summary.ts'
import { verificationSummaryV1 } from '../../src/predicates/verification-summary.ts'
import { artifactDigest } from './release.ts'

export const verifierId = 'https://verifier.acme.example'
export const resourceUri = 'https://downloads.acme.example/app.tgz'

export interface EditableSummary {
  _type: string
  subject: { name?: string; digest: Record<string, string> }[]
  predicateType: string
  predicate: {
    verifier: { id: string }
    resourceUri: string
    verificationResult: string
    verifiedLevels: string[]
    [member: string]: unknown
  }
}

/** What a verifier signs of the artifact of a release, with an edit. */
export function summaryStatement(edit: (it: EditableSummary) => unknown = () => undefined): EditableSummary {
  const facts = {
    ...{ verifierId, resourceUri, result: 'PASSED' as const, levels: ['SLSA_BUILD_LEVEL_2'], inputs: undefined },
    ...{ policy: { uri: 'https://acme.example/policy', digest: { sha256: 'a'.repeat(64) } } },
    timeVerified: '2026-01-01T00:00:00.000Z',
  }
  const statement: EditableSummary = {
    ...{ _type: 'https://in-toto.io/Statement/v1', predicateType: verificationSummaryV1 },
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
    predicate: buildVerificationSummary(facts, '0') as EditableSummary['predicate'],
  }
  edit(statement)
  return statement
}

export interface VerifierKey {
  readonly privateKey: KeyObject
  /** PEM of the public key. */
  readonly pem: string
}

export function verifierKey(kind: 'P-256' | 'P-384' | 'Ed25519' | 'RSA' = 'P-256'): VerifierKey {
  const { publicKey, privateKey } =
    kind === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'RSA'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind })
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

export interface EditableEnvelope {
  payload: string
  payloadType: string
  signatures: { sig: string; keyid?: string }[]
}

/** A DSSE envelope, signed as `form` says. */
export function keyedEnvelope(
  statement: object,
  { privateKey }: VerifierKey,
  form: Omit<SignKeyObjectInput, 'key'> & { readonly hash?: string | null; readonly payloadType?: string } = {},
): EditableEnvelope {
  const { hash = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', payloadType, ...encoding } = form
  const type = payloadType ?? inTotoPayloadType
  const payload = Buffer.from(JSON.stringify(statement))
  const sig = sign(hash, preAuthEncoding(type, payload), { key: privateKey, ...encoding })
  return { payload: payload.toString('base64'), payloadType: type, signatures: [{ sig: sig.toString('base64') }] }
}

/** The same in a Sigstore bundle that names no certificate. */
export function keyedBundle(envelope: EditableEnvelope): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'verifier' }, tlogEntries: [] },
    dsseEnvelope: envelope,
  }
}
