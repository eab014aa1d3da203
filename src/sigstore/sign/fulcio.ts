/** The certificate authority as a client sees it (sigstore/fulcio `POST /api/v2/signingCert`, docs/how-certificate-issuing-works.md). */
import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import { CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { DerError } from '../verify/asn1.ts'
import { parseCertificate } from '../verify/certificate.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import { askService, jsonOf, ServiceTrouble, unusable } from './service-request.ts'

/** What signing needs of a token beside the token itself. Read, not verified: `verifyToken` has done that. */
export interface TokenFacts {
  /** What the proof of possession is made over: the e-mail address where the token has one, else the subject. */
  readonly challenge: string
  /** Seconds since 1970; undefined if the token does not say. */
  readonly expires: number | undefined
}

/** Error: `token-malformed`, without any of the token. */
export function readTokenFacts(token: string): TokenFacts {
  const unfit = new CountersignError('token-malformed', 'the identity token cannot be used for signing')
  const [, part] = token.split('.', 3)
  try {
    const claims = parseJson(Buffer.from(part ?? '', 'base64url'), 'the token', limits.tokenBytes)
    if (!isObject(claims)) throw unfit
    const { email, sub, exp } = claims
    const hasEmail = typeof email === 'string' && email !== ''
    // Fulcio certifies no address that the issuer has not verified.
    if (hasEmail && claims['email_verified'] !== true && claims['email_verified'] !== 'true') throw unfit
    const challenge = hasEmail ? email : sub
    if (typeof challenge !== 'string' || challenge === '') throw unfit
    return { challenge, expires: typeof exp === 'number' ? exp : undefined }
  } catch {
    throw unfit // the parser's own error would quote the token
  }
}

/** A key pair that lives for one signing. */
export interface EphemeralKey {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const chain = z.object({ chain: z.object({ certificates: z.array(z.string()).check(z.minLength(1)) }) })
const answerShape = z.object({
  signedCertificateEmbeddedSct: z.optional(chain),
  signedCertificateDetachedSct: z.optional(chain),
})

/**
 * DER of a certificate for the key under the token's identity. A repetition is harmless: it is another certificate. Throws
 * ServiceTrouble.
 */
export async function requestCertificate(
  base: string,
  token: string,
  { challenge }: TokenFacts,
  key: EphemeralKey,
  budget: RetryBudget,
): Promise<Buffer> {
  const request = {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: key.publicKey.export({ format: 'pem', type: 'spki' }) },
      proofOfPossession: sign('sha256', Buffer.from(challenge), key.privateKey).toString('base64'),
    },
  }
  const answer = await askService(
    {
      method: 'POST',
      url: `${base}/api/v2/signingCert`,
      accept: 'application/json',
      contentType: 'application/json',
      body: JSON.stringify(request),
    },
    budget,
  ).catch((thrown: unknown) => {
    throw withoutToken(thrown, token)
  })
  const parsed = answerShape.safeParse(jsonOf(answer))
  const certificates = (parsed.data?.signedCertificateEmbeddedSct ?? parsed.data?.signedCertificateDetachedSct)?.chain
    .certificates
  const leaf = derOf(certificates?.[0] ?? '')
  requireKey(leaf, key.publicKey)
  return leaf
}

function derOf(pem: string): Buffer {
  const [, body] =
    /^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]{1,60000})-----END CERTIFICATE-----\s*$/.exec(pem) ?? []
  if (body === undefined) throw unusable('its answer holds no certificate')
  return Buffer.from(body, 'base64')
}

function requireKey(leaf: Buffer, publicKey: KeyObject): void {
  try {
    const { publicKey: certified } = parseCertificate(leaf)
    if (certified.equals(publicKey.export({ format: 'der', type: 'spki' }))) return
  } catch (thrown) {
    if (thrown instanceof DerError) throw unusable(`its certificate cannot be read: ${thrown.message}`)
    throw thrown
  }
  throw unusable('its certificate is for another key')
}

/** A service that quotes the request in its refusal would put the token, or one of its parts, into our output. */
function withoutToken(thrown: unknown, token: string): unknown {
  if (!(thrown instanceof ServiceTrouble)) return thrown
  const secrets = [token, ...token.split('.')].filter((it) => it.length >= 8)
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '[token removed]'), thrown.message)
  return new ServiceTrouble(thrown.code, message, thrown)
}
