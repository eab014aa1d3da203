/** Whether a receipt holds: its issuer is one of the list, the key one of its own, the signature that key's, and its time can be. */
import { errors, importJWK, jwtVerify } from 'jose'
import { jwkThumbprint } from '../../model/jwk-thumbprint.ts'
import { receiptAlgorithms, receiptTyp } from '../../model/receipt.ts'
import type { RefusedReceipt } from '../../model/receipt.ts'
import type { Jwk, ReceiptIssuer } from '../../model/receipt-issuers.ts'
import { keyNamed } from './key-set.ts'
import { refusedReceipt } from './parse.ts'
import type { ParsedReceipt } from './parse.ts'

/** With the issuer, as the list has it, and what its key is called. */
export interface SignedReceipt {
  readonly parsed: ParsedReceipt
  readonly issuer: ReceiptIssuer
  readonly jwksThumbprint: string
}

export interface IssuerKeys {
  /** Those of the list. */
  readonly issuers: readonly ReceiptIssuer[]
  /** The keys of one of them, or why they could not be had. */
  readonly keysOf: (issuer: ReceiptIssuer) => Promise<readonly Jwk[] | string>
}

/** `undecided` where the keys of the issuer could not be had. No request is made before it is found in the list. */
export async function signedReceipt(
  parsed: ParsedReceipt,
  { issuers, keysOf }: IssuerKeys,
  now: Date,
): Promise<SignedReceipt | RefusedReceipt | { readonly undecided: string }> {
  const { sha256, kid, alg, payload } = parsed
  const refused = (code: RefusedReceipt['code'], why: string): RefusedReceipt => refusedReceipt(code, sha256, why)
  const issuer = issuers.find((it) => it.issuer === payload.iss)
  if (issuer === undefined) return refused('receipt-issuer-unknown', 'its issuer is not in the list')
  const keys = await keysOf(issuer)
  if (typeof keys === 'string') return { undecided: `${issuer.issuer}: ${keys}` }
  const key = keyNamed(keys, kid, alg)
  if (typeof key === 'string') return refused('receipt-key-unknown', key)
  const jwksThumbprint = jwkThumbprint(key)
  if (jwksThumbprint === undefined) return refused('receipt-key-unknown', 'its key cannot be used')
  const issuedAt = payload.iat * 1_000
  const isRevoked = issuer.revoked.some(
    (it) => (it.kid === kid || it.thumbprint === jwksThumbprint) && issuedAt >= it.at,
  )
  if (isRevoked) return refused('receipt-key-revoked', 'its key was revoked')
  const fault = await faultOf(parsed, key)
  if (fault !== undefined) return refused(fault.code, fault.why)
  // Issued before the session was over it would tell of what was still to come.
  const isTimely = issuedAt <= now.getTime() + issuer.skew && issuedAt + 1_000 > parsed.endedAt - issuer.skew
  const isInForce = issuedAt >= issuer.notBefore && issuedAt < issuer.notAfter
  if (!isTimely || !isInForce) {
    const why = isTimely
      ? 'its issuer did not count then'
      : 'it was issued before its session ended, or is of the future'
    return refused('receipt-untimely', why)
  }
  return { parsed, issuer, jwksThumbprint }
}

/**
 * `exp` and `nbf` are held against the moment of issue: what was seen stays seen. Whose repository it is for (`aud`) is held against
 * the release later, as user and time are, so that a person is told which of them is wrong.
 */
async function faultOf(
  { raw, alg, payload }: ParsedReceipt,
  key: Jwk,
): Promise<{ readonly code: RefusedReceipt['code']; readonly why: string } | undefined> {
  try {
    await jwtVerify(raw, await importJWK(key, alg), {
      algorithms: [...receiptAlgorithms],
      issuer: payload.iss,
      typ: receiptTyp,
      requiredClaims: ['iss', 'aud', 'sub', 'jti', 'iat', 'session'],
      currentDate: new Date(payload.iat * 1_000),
    })
    return undefined
  } catch (thrown) {
    // No message of jose's: it hangs the whole payload on its errors.
    if (thrown instanceof errors.JWTExpired || thrown instanceof errors.JWTClaimValidationFailed) {
      return { code: 'receipt-untimely', why: 'it was not good when it was issued' }
    }
    if (thrown instanceof errors.JWSSignatureVerificationFailed) {
      return { code: 'receipt-signature-invalid', why: 'its signature is not one of that key' }
    }
    return { code: 'receipt-key-unknown', why: 'its key cannot be used' }
  }
}
