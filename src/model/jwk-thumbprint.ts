/** What a public key is called by its own members (RFC 7638; RFC 8037 §2 for Ed25519). */
import { createHash } from 'node:crypto'
import type { Jwk } from './receipt-issuers.ts'

/** The members of which a key of that kind consists, in the order of their names. */
const members: { readonly [kty: string]: readonly string[] } = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
}

/** SHA-256 in base64url; undefined for what is no public key on a curve. */
export function jwkThumbprint(jwk: Jwk): string | undefined {
  const names = typeof jwk['kty'] === 'string' && Object.hasOwn(members, jwk['kty']) ? members[jwk['kty']] : undefined
  if (names?.every((name) => typeof jwk[name] === 'string') !== true) return undefined
  const own = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(own).digest('base64url')
}
