/**
 * The public keys of an OIDC issuer (OpenID Connect Discovery 1.0 §4; JWKS: RFC 7517). Only for an issuer that is trusted
 * already: its name comes out of a token that nobody has verified, and this file makes requests to it.
 */
import type { JSONWebKeySet } from 'jose'
import { CountersignError } from '../../errors.ts'
import { readBody } from '../../platform/answer-body.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isLoopback } from '../../platform/loopback.ts'

export interface IssuerOptions {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds for both documents together. */
  readonly timeout: number
}

/**
 * True if `issuer` is written as a URL that means what it shows: https (or http on loopback), no user, query or fragment,
 * nothing that a URL parser would rewrite. A glob over text is a match over hosts only for such a name: of
 * `https://evil.example\.ci.example`, a glob sees the end and a URL parser the beginning.
 */
export function isIssuerUrl(issuer: string): boolean {
  const url = URL.parse(issuer)
  if (url === null || !isSafe(url)) return false
  return url.search === '' && url.hash === '' && (url.href === issuer || url.href === `${issuer}/`)
}

/** The issuer's keys, fetched now. Error: `issuer-keys-unavailable`. */
export async function fetchIssuerKeys(issuer: string, options: IssuerOptions): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(options.timeout)
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(discovery, 'discovery document', signal, options)
  if (!isObject(document) || document['issuer'] !== issuer) {
    throw unavailable('its discovery document is that of another issuer')
  }
  const keys = await fetchJson(keysUrl(document['jwks_uri'], issuer), 'key set', signal, options)
  if (!isObject(keys) || !Array.isArray(keys['keys'])) throw unavailable('its key set is malformed')
  return keys as unknown as JSONWebKeySet // each key is checked by jose when it is used
}

function keysUrl(value: Json | undefined, issuer: string): string {
  const url = typeof value === 'string' ? URL.parse(value) : null
  // An issuer out in the world has no business with a port of this machine.
  const inTheClear = url?.protocol === 'http:' && !issuer.startsWith('http:')
  if (url === null || !isSafe(url) || inTheClear) throw unavailable('its jwks_uri is not a plain https URL')
  return url.href
}

function isSafe(url: URL): boolean {
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return safe && url.username === '' && url.password === ''
}

async function fetchJson(url: string, what: string, signal: AbortSignal, options: IssuerOptions): Promise<Json> {
  let status: number
  let body: Uint8Array
  try {
    // Redirects are refused: they would make the answer another host's.
    const response = await options.fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
    status = response.status
    body = await readBody(response, limits.issuerAnswerBytes, () =>
      unavailable(`it answered more than ${limits.issuerAnswerBytes} bytes`),
    )
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw unavailable(`no answer to the request for its ${what} (${networkReason(thrown, options.timeout)})`)
  }
  if (status !== 200) throw unavailable(`the request for its ${what} was answered with status ${status}`)
  try {
    return parseJson(body, `its ${what}`, limits.issuerAnswerBytes)
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw unavailable(thrown.message)
    throw thrown
  }
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`…: what a person needs of a failure of fetch. */
function networkReason(thrown: unknown, timeout: number): string {
  if (!(thrown instanceof Error)) return 'unknown reason'
  if (thrown.name === 'TimeoutError') return `none within ${timeout} ms`
  const origin = thrown.cause instanceof Error ? thrown.cause : thrown
  const code = 'code' in origin ? origin.code : undefined
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code
  return origin.message === 'unexpected redirect' ? 'a redirect, which is not followed' : 'unknown reason'
}

function unavailable(reason: string): CountersignError {
  return new CountersignError('issuer-keys-unavailable', `the keys of the token's issuer are not available: ${reason}`)
}
