/**
 * The OIDC token that says who this job is (RFC 7519; OpenID Connect Core 1.0 §3.1.3.7), verified here before anything is
 * built from its claims. Fulcio verifies it again with its own clock and keys; what we gain is that the statement and the
 * certificate are about the same claims, and that no fact comes from the environment.
 */
import { createLocalJWKSet, errors, jwtVerify } from 'jose'
import { CountersignError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { VerifiedToken } from '../../model/facts.ts'
import { compilePattern } from '../../model/identity.ts'
import type { IssuerKeySet } from '../../model/issuer-key-set.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { Claims, TokenIdentity } from '../../model/provider.ts'
import { providerRows } from '../../providers/index.ts'
import { missingClaims, providerOf, tokenIdentity } from '../../providers/token-identity.ts'
import type { World } from '../../platform/world.ts'
import { fetchIssuerKeys, isIssuerUrl } from './issuer-keys.ts'

/** An issuer whose tokens are believed. */
export interface TrustedIssuer {
  /** The issuer's exact name, or a glob (`compilePattern` of `model/identity`). */
  readonly pattern: string
  /** Its keys, where the issuer is in this process; otherwise they are fetched. */
  readonly jwks?: IssuerKeySet | undefined
}

/** The issuers that public-good Sigstore takes tokens of, so far as we know what becomes of their claims. */
export const publicIssuers: readonly TrustedIssuer[] = [
  ...providerRows.flatMap((row) => row.issuers).map((pattern) => ({ pattern })),
  { pattern: 'https://oauth2.sigstore.dev/auth' },
]

export interface TokenQuestion {
  readonly issuers: readonly TrustedIssuer[]
  /** Must be the token's audience, or one of them. */
  readonly audience: string
}

// Asymmetric only: whoever can verify an HMAC can also make it.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA']

// Runners keep time by NTP and are seconds off, not minutes. It opens nothing: Fulcio judges the same times again.
const clockTolerance = 30

/**
 * A compact JWT → its claims, and the identity that Fulcio will give for them. Nothing of the token gets into an error, and
 * no request is made before its issuer is known to be trusted.
 *
 * Errors: `token-malformed`, `token-unsigned`, `token-issuer-unknown`, `issuer-keys-unavailable`,
 * `token-signature-invalid`, `token-not-yet-valid`, `token-expired`, `token-audience-mismatch`, `token-claims-incomplete`, `token-name-refused`;
 * `pattern-invalid` for the pattern of an issuer.
 */
export async function verifyToken(raw: string, question: TokenQuestion, world: World): Promise<VerifiedToken> {
  const { header, claims } = readToken(raw)
  checkHeader(header)
  const { issuer, trusted } = trustedIssuer(claims, question.issuers)
  const jwks = trusted.jwks ?? (await fetchIssuerKeys(issuer, world))
  await checkSignatureAndTimes(raw, jwks, { issuer, audience: question.audience, now: world.now() })
  return { raw, issuer, claims, identity: identityOf(claims) }
}

interface ReadToken {
  readonly header: { readonly [name: string]: Json }
  readonly claims: { readonly [name: string]: Json }
}

function readToken(raw: string): ReadToken {
  if (raw.length > limits.tokenBytes) throw malformed(`it has more than ${limits.tokenBytes} bytes`)
  const [header, claims] = /^([\w-]+)\.([\w-]+)\.[\w-]*$/.exec(raw)?.slice(1) ?? []
  if (header === undefined || claims === undefined) throw malformed('it is not three parts of base64url')
  return { header: readPart(header, 'header'), claims: readPart(claims, 'payload') }
}

/** Read strictly: of two members with one name, another reader could take the other. */
function readPart(part: string, what: string): { readonly [name: string]: Json } {
  let json: Json
  try {
    json = parseJson(Buffer.from(part, 'base64url'), what, limits.tokenBytes)
  } catch {
    throw malformed(`its ${what} is not strict JSON`) // no cause: that one quotes what it read
  }
  if (!isObject(json)) throw malformed(`its ${what} is not a JSON object`)
  return json
}

function checkHeader(header: ReadToken['header']): void {
  const alg = header['alg']
  if (typeof alg !== 'string') throw malformed('its header names no algorithm')
  if (alg.toLowerCase() === 'none' || alg.startsWith('HS')) {
    throw new CountersignError('token-unsigned', 'the token has no signature that a public key could verify')
  }
  if (!algorithms.includes(alg)) throw malformed('its signature algorithm is not accepted')
  // `crit` changes what the signature means; the others bring a key along, and a token cannot vouch for its own key.
  const refused = ['crit', 'jwk', 'jku', 'x5u', 'x5c'].find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) throw malformed(`its header has ${refused}, which is not accepted`)
}

function trustedIssuer(
  claims: Claims,
  issuers: readonly TrustedIssuer[],
): { readonly issuer: string; readonly trusted: TrustedIssuer } {
  const issuer = claims['iss']
  if (typeof issuer !== 'string' || issuer === '') throw malformed('its payload names no issuer')
  const trusted = issuers.find(({ pattern }) => compilePattern(pattern, 'the pattern of an issuer').matches(issuer))
  if (trusted === undefined || (trusted.jwks === undefined && !isIssuerUrl(issuer))) {
    const name = JSON.stringify(issuer.slice(0, 200))
    throw new CountersignError('token-issuer-unknown', `the token's issuer ${name} is not a trusted one`)
  }
  return { issuer, trusted }
}

async function checkSignatureAndTimes(
  raw: string,
  jwks: IssuerKeySet,
  { issuer, audience, now }: { readonly issuer: string; readonly audience: string; readonly now: Date },
): Promise<void> {
  try {
    await jwtVerify(raw, createLocalJWKSet(jwks), {
      algorithms,
      issuer,
      audience,
      requiredClaims: ['exp'],
      currentDate: now,
      clockTolerance,
    })
  } catch (thrown) {
    // No cause: jose hangs the whole payload on its errors.
    const [code, message] = refusalOf(thrown)
    throw new CountersignError(code, message)
  }
}

function refusalOf(thrown: unknown): readonly [ErrorCode, string] {
  if (thrown instanceof errors.JWTExpired) return ['token-expired', 'the token has expired']
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = thrown
    if (claim === 'aud') return ['token-audience-mismatch', 'the token is meant for another audience']
    if (reason === 'missing') return ['token-claims-incomplete', `the token has no claim ${claim}`]
    if (claim === 'nbf' && reason === 'check_failed') return ['token-not-yet-valid', 'the token is not valid yet']
    return ['token-malformed', `the token is malformed: its claim ${claim} is of the wrong kind`]
  }
  if (thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys) {
    return ['token-signature-invalid', 'the token is signed by no one key of its issuer']
  }
  if (thrown instanceof errors.JWSSignatureVerificationFailed) {
    return ['token-signature-invalid', "the token's signature is invalid"]
  }
  if (thrown instanceof errors.JWSInvalid || thrown instanceof errors.JWTInvalid) {
    return ['token-malformed', 'the token is malformed']
  }
  // What is left is the key: not importable, too short, not public.
  return ['issuer-keys-unavailable', "the key of the token's issuer cannot be used"]
}

function identityOf(claims: Claims): TokenIdentity {
  const identity = tokenIdentity(claims)
  if (identity !== undefined) return identity
  const row = providerOf(claims)
  const missing = row === undefined ? [] : missingClaims(row, claims)
  if (row !== undefined && missing.length === 0) {
    throw new CountersignError(
      'token-name-refused',
      `no certificate can be had for this token: what ${row.title} calls the job is no URI that Fulcio takes`,
    )
  }
  const reason =
    row === undefined
      ? 'it has neither a verified e-mail address nor a URI as its subject'
      : `as a token of ${row.title} it lacks ${missing.join(', ')}`
  throw new CountersignError('token-claims-incomplete', `no certificate can be had for this token: ${reason}`)
}

function malformed(reason: string): CountersignError {
  return new CountersignError('token-malformed', `the token is malformed: ${reason}`)
}
