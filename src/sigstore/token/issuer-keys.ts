/**
 * The public keys of an OIDC issuer (OpenID Connect Discovery 1.0 §4; JWKS: RFC 7517). Only for an issuer that is trusted
 * already: its name comes out of a token that nobody has verified, and this file makes requests to it.
 */
import { CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import type { IssuerKeySet } from '../../model/issuer-key-set.ts'
import { limits } from '../../model/limits.ts'
import { isSecure, networkReason, readBody } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'

/**
 * True if `issuer` is written as a URL that means what it shows: https (or http on loopback), no user, query or fragment,
 * nothing that a URL parser would rewrite. A glob over text is a match over hosts only for such a name: of
 * `https://evil.example\.ci.example`, a glob sees the end and a URL parser the beginning.
 */
export function isIssuerUrl(issuer: string): boolean {
  const url = URL.parse(issuer)
  if (url === null || !isSecure(url)) return false
  return url.search === '' && url.hash === '' && (url.href === issuer || url.href === `${issuer}/`)
}

/** The issuer's keys, fetched now. Error: `issuer-keys-unavailable`. */
export async function fetchIssuerKeys(issuer: string, world: World): Promise<IssuerKeySet> {
  const signal = world.timeout(limits.identityTimeout)
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(discovery, 'discovery document', signal, world)
  if (!isObject(document) || document['issuer'] !== issuer) {
    throw unavailable('its discovery document is that of another issuer')
  }
  const keys = await fetchJson(keysUrl(document['jwks_uri'], issuer), 'key set', signal, world)
  if (!isObject(keys) || !Array.isArray(keys['keys'])) throw unavailable('its key set is malformed')
  return keys as unknown as IssuerKeySet // each key is checked by jose when it is used
}

function keysUrl(value: Json | undefined, issuer: string): string {
  const url = typeof value === 'string' ? URL.parse(value) : null
  // An issuer out in the world has no business with a port of this machine.
  const inTheClear = url?.protocol === 'http:' && !issuer.startsWith('http:')
  if (url === null || !isSecure(url) || inTheClear) throw unavailable('its jwks_uri is not a plain https URL')
  return url.href
}

async function fetchJson(url: string, what: string, signal: AbortSignal, { fetch }: World): Promise<Json> {
  let status: number
  let body: Uint8Array
  try {
    // Redirects are refused: they would make the answer another host's.
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
    status = response.status
    body = await readBody(response, limits.issuerAnswerBytes, () =>
      unavailable(`it answered more than ${limits.issuerAnswerBytes} bytes`),
    )
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw unavailable(`no answer to the request for its ${what} (${networkReason(thrown, limits.identityTimeout)})`)
  }
  if (status !== 200) throw unavailable(`the request for its ${what} was answered with status ${status}`)
  try {
    return parseJson(body, `its ${what}`, limits.issuerAnswerBytes)
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw unavailable(thrown.message)
    throw thrown
  }
}

function unavailable(reason: string): CountersignError {
  return new CountersignError('issuer-keys-unavailable', `the keys of the token's issuer are not available: ${reason}`)
}
