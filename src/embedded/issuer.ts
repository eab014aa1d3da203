/** The OIDC issuer: mints tokens for this machine and knows its own again. Not an identity provider: anybody here may ask. */
import { createPublicKey, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT } from 'jose'
import type { IssuerKeySet } from '../model/issuer-key-set.ts'
import { limits } from '../model/limits.ts'
import type { Claims } from '../model/provider.ts'
import { sigstoreAudience } from './names.ts'
import { Refusal } from './refusal.ts'

export interface MintOptions {
  /** `aud`, by default the one that Fulcio expects. */
  readonly audience?: string
  readonly lifetimeSeconds?: number
}

export interface Issuer {
  /** `iss` */
  readonly issuer: string
  readonly jwks: IssuerKeySet
  /** A signed JWT. iss, aud, iat, nbf, exp and jti are filled in where the claims do not say otherwise. */
  mint(claims: Claims, options?: MintOptions): Promise<string>
  /**
   * The claims of a token that this issuer signed for the audience `sigstore` and that is valid now; else a Refusal (401)
   * which does not quote the token.
   */
  verify(token: string): Promise<Claims>
}

interface IssuerOptions {
  readonly issuer: string
  /** Private key, ECDSA P-256. */
  readonly key: KeyObject
  readonly now: () => Date
}

/** The one algorithm: whatever else a token names (none, HS256 with our public key as the secret) is refused. */
const algorithm = 'ES256'

export async function createIssuer({ issuer, key, now }: IssuerOptions): Promise<Issuer> {
  const publicKey = createPublicKey(key)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    issuer,
    jwks: { keys: [{ ...jwk, kid, alg: algorithm, use: 'sig' }] },
    mint(claims, { audience = sigstoreAudience, lifetimeSeconds = 300 } = {}) {
      const seconds = Math.floor(now().getTime() / 1_000)
      const standard = { iss: issuer, aud: audience, iat: seconds, nbf: seconds, exp: seconds + lifetimeSeconds }
      return new SignJWT({ ...standard, jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid })
        .sign(key)
    },
    async verify(token) {
      if (token.length > limits.tokenBytes) throw new Refusal(401, 'the identity token is too large')
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [algorithm],
          issuer,
          audience: sigstoreAudience,
          requiredClaims: ['exp', 'iat'],
          currentDate: now(),
        })
        return payload
      } catch (thrown) {
        throw new Refusal(401, `the identity token is refused: ${reasonFor(thrown)}`)
      }
    },
  }
}

/** In our own words: a library's message could quote what it was given. */
function reasonFor(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired) return 'it is expired'
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    const known: { readonly [claim: string]: string } = {
      iss: 'this issuer is not trusted here',
      aud: 'it is for another audience',
      nbf: 'it is not valid yet',
    }
    return known[thrown.claim] ?? 'a claim is missing or malformed'
  }
  if (thrown instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not accepted'
  if (thrown instanceof errors.JWSSignatureVerificationFailed) return 'its signature is not of this issuer'
  return 'it is no signed JWT'
}
