/** A verification summary is signed: under the identity of the job, or with the key of a verifier. */
import type { KeyObject } from 'node:crypto'
import { CountersignError } from '../errors.ts'
import { bundleMediaType, parseBundle } from '../model/bundle.ts'
import { inTotoPayloadType, preAuthEncoding } from '../model/envelope.ts'
import { signerName } from '../model/certified-name.ts'
import type { VerifiedToken } from '../model/facts.ts'
import type { World } from '../platform/world.ts'
import { verifyBundle } from '../sigstore/verify/verify-bundle.ts'
import type { SignatureResult } from '../sigstore/verify/verify-bundle.ts'
import { verifyEnvelope } from '../sigstore/verify/verify-envelope.ts'
import { beforeLogging } from '../sigstore/verify/trusted-root.ts'
import { refuseWithoutCheckout } from './checkout.ts'
import type { Checkout } from './checkout.ts'
import { refusePrivateToPublic } from './sign-and-write.ts'
import { hasToken, openSigstore } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'

/** A key of P-256 or Ed25519, or whatever holds one (`keyFileSigner`, `commandSigner` of countersign/vouch). */
export interface SummaryKey {
  readonly publicKey: KeyObject
  /** Name of the key, for those who have several. */
  readonly kid: string
  /** The bare signature, 64 bytes. */
  sign(input: Uint8Array): Promise<Uint8Array>
}

export interface SummaryProject {
  readonly root: string
  readonly checkout: Checkout | undefined
  readonly world: World
}

/** What the identity of the job gives. */
interface Named {
  readonly statement: string
  readonly verifierId: string
}

/** Errors: those of signing (`attest`), `bundle-not-verifiable`, and what `make` throws; nothing is logged that does not hold. */
export async function signWithJob(
  request: SigningRequest,
  make: (token: VerifiedToken) => Named,
  { root, checkout, world }: SummaryProject,
): Promise<Named & { readonly bundle: string; readonly notes: readonly string[] }> {
  if (checkout === undefined) refuseWithoutCheckout(request, world)
  const isTrial = request.sigstore?.kind === 'at-hand' && !hasToken(request, world)
  const source = isTrial ? await checkout?.read([], []) : undefined
  const sigstore = await openSigstore(request, { root, source, world })
  try {
    const token = await sigstore.token()
    refusePrivateToPublic(request, { sigstore, token, out: undefined, world })
    const made = make(token)
    const statement = Buffer.from(made.statement)
    const trust = await sigstore.trust()
    const notes: string[] = []
    const bundle = await sigstore.sign(statement, token.raw, {
      note: (text) => notes.push(text),
      before: {
        trust,
        check: (unlogged) => {
          const result = verifyBundle(parseBundle(Buffer.from(unlogged)), beforeLogging(trust))
          refuseOther(result, statement, token, 'nothing was logged')
        },
      },
    })
    refuseOther(verifyBundle(parseBundle(Buffer.from(bundle)), trust), statement, token, 'nothing was written')
    return { ...made, bundle, notes }
  } finally {
    await sigstore.close()
  }
}

/** Error: `bundle-not-verifiable`. */
function refuseOther(
  result: SignatureResult,
  statement: Buffer,
  token: VerifiedToken | undefined,
  state: string,
): void {
  const reason = result.outcome === 'refused' ? result.message : otherIn(result.signed, statement, token)
  if (reason === undefined) return
  throw new CountersignError('bundle-not-verifiable', `the signed summary does not verify, so ${state}: ${reason}`)
}

function otherIn(
  { envelope, signatory }: Extract<SignatureResult, { outcome: 'verified' }>['signed'],
  statement: Buffer,
  token: VerifiedToken | undefined,
): string | undefined {
  if (envelope.payloadType !== inTotoPayloadType || !statement.equals(envelope.payload))
    return 'it holds another statement'
  if (token === undefined) return undefined
  const name = signatory.kind === 'certificate' ? signerName(signatory.identity) : undefined
  return name !== undefined && name === signerName(token.identity) ? undefined : 'it was signed under another identity'
}

/**
 * A bundle without certificate, log and timestamp: whoever asks knows the key. Errors: `receipt-signer-failed`, and
 * `bundle-not-verifiable` where what the signer gave is no signature of its public key.
 */
export async function signWithKey(statement: string, signer: SummaryKey): Promise<string> {
  const { publicKey, kid } = signer
  const payload = Buffer.from(statement)
  const bare = Buffer.from(await signer.sign(preAuthEncoding(inTotoPayloadType, payload)))
  const sig = publicKey.asymmetricKeyType === 'ec' ? derOf(bare) : bare
  const bundle = JSON.stringify({
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: kid }, tlogEntries: [] },
    dsseEnvelope: {
      ...{ payload: payload.toString('base64'), payloadType: inTotoPayloadType },
      signatures: [{ sig: sig.toString('base64'), keyid: kid }],
    },
  })
  const pem = publicKey.export({ format: 'pem', type: 'spki' })
  const result = verifyEnvelope(parseBundle(Buffer.from(bundle)), pem.toString())
  refuseOther(result, payload, undefined, 'nothing was written')
  return bundle
}

/** r and s one after the other → ECDSA-Sig-Value in DER (RFC 3279 §2.2.3), which clients of Sigstore expect. */
function derOf(bare: Buffer): Buffer {
  const half = bare.length / 2
  const integers = Buffer.concat([bare.subarray(0, half), bare.subarray(half)].map(derInteger))
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers])
}

function derInteger(bytes: Buffer): Buffer {
  const start = bytes.findIndex((it) => it !== 0)
  const digits = start < 0 ? Buffer.from([0]) : bytes.subarray(start)
  const value = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits
  return Buffer.concat([Buffer.from([0x02, value.length]), value])
}
