/** Receipts for tests, and the ways in which somebody forges one. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'
import type { Jwk, ReceiptIssuer } from '../../src/model/receipt-issuers.ts'

export interface ReceiptKey {
  readonly alg: 'ES256' | 'EdDSA'
  readonly privateKey: KeyObject
  /** As a key set has it. */
  readonly jwk: Jwk & JsonWebKey
}

export function receiptKey(kid = 'key-1', alg: ReceiptKey['alg'] = 'ES256'): ReceiptKey {
  const { privateKey, publicKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  return { alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } }
}

export const gateway = 'https://gateway.acme.example'
export const sessionOfReceipt = '11111111-2222-4333-8444-555555555555'

/** The commits of tests are of that hour. */
export const receiptTimes = { started: '2026-02-01T09:00:00Z', ended: '2026-02-01T10:00:00Z' } as const

export interface Claims {
  [member: string]: unknown
  session: { [member: string]: unknown }
}

/** What a gateway says of the session; a test edits it. */
export function receiptClaims(edit: (claims: Claims) => unknown = () => undefined): Claims {
  const claims: Claims = {
    ...{ iss: gateway, aud: 'git+https://github.com/acme/widget', sub: 'ann@example.org', jti: 'r-1' },
    iat: Date.parse(receiptTimes.ended) / 1_000 + 60,
    session: {
      ...{ id: sessionOfReceipt, tool: 'claude-code', parent: null },
      ...{ started_at: receiptTimes.started, ended_at: receiptTimes.ended, requests: 42 },
      models: [{ id: 'claude-opus-4-6', provider: 'anthropic', requests: 40 }],
    },
  }
  edit(claims)
  return claims
}

interface Forging {
  readonly header?: object
  /** In place of the JSON of the claims. */
  readonly payload?: string
  readonly headerText?: string
  readonly sign?: (input: Buffer) => Uint8Array
}

/** A compact JWS, signed by the key unless somebody does it otherwise. */
export function signedJws(key: ReceiptKey, claims: object, forging: Forging = {}): string {
  const part = (text: string): string => Buffer.from(text).toString('base64url')
  const header = { alg: key.alg, kid: key.jwk['kid'], typ: 'ai-session-receipt+jwt', ...forging.header }
  const input = `${part(forging.headerText ?? JSON.stringify(header))}.${part(forging.payload ?? JSON.stringify(claims))}`
  const bytes = Buffer.from(input)
  return `${input}.${Buffer.from(forging.sign?.(bytes) ?? bareSignature(key, bytes)).toString('base64url')}`
}

export function bareSignature({ alg, privateKey }: ReceiptKey, input: Uint8Array): Buffer {
  return sign(alg === 'ES256' ? 'sha256' : null, input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

/** As most libraries for X.509 give it. */
export function derSignature({ privateKey }: ReceiptKey, input: Uint8Array): Buffer {
  return sign('sha256', input, privateKey)
}

/** With the public key, which everybody has, as the secret. */
export function hmacUnder({ jwk }: ReceiptKey, input: Uint8Array): Buffer {
  return createHmac('sha256', JSON.stringify(jwk)).update(input).digest()
}

/** As the list has one, with pinned keys. */
export function receiptIssuer(keys: readonly ReceiptKey[], more: Partial<ReceiptIssuer> = {}): ReceiptIssuer {
  return {
    ...{ issuer: gateway, keys: { pinned: keys.map(({ jwk }) => jwk) }, audiences: undefined, users: 'email' },
    ...{ revoked: [], notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER, skew: 300_000, window: 86_400_000 },
    ...more,
  }
}
