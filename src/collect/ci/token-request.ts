/** How the token of a job is come by: one way a function, whichever provider's row names it. Nothing secret gets into an error. */
import { CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isSecure, networkReason, readBody } from '../../platform/http.ts'
import type { World } from '../../platform/world.ts'
import type { ProviderRow, TokenWay } from '../../providers/row.ts'

/**
 * A fresh OIDC token for the audience, not verified. Errors: `identity-missing` (the job may not have a token),
 * `identity-request-failed`.
 */
export async function requestToken(
  { title }: ProviderRow,
  way: TokenWay,
  audience: string,
  world: World,
): Promise<string> {
  const raw = await tokenBy(way, title, audience, world)
  if (raw === '') throw new CountersignError('identity-request-failed', `${title} gave an empty token`)
  return raw
}

function tokenBy(way: TokenWay, title: string, audience: string, world: World): Promise<string> {
  switch (way.kind) {
    case 'variable':
      return Promise.resolve(tokenInVariable(way, title, audience, world))
    case 'program':
      return tokenOfProgram(way, audience, world)
    case 'request':
      return tokenByRequest(way, title, audience, world)
  }
}

function tokenInVariable(
  { variable, hint }: Extract<TokenWay, { kind: 'variable' }>,
  title: string,
  audience: string,
  { env }: World,
): string {
  const token = env[variable]?.trim() ?? ''
  if (token !== '') return token
  throw new CountersignError('identity-missing', `this ${title} job has no ID token`, { hint: hint(audience) })
}

async function tokenOfProgram(
  { program, args }: Extract<TokenWay, { kind: 'program' }>,
  audience: string,
  world: World,
): Promise<string> {
  const { env, run } = world
  const bounds = { env, clock: world, timeout: limits.identityTimeout, maxBytes: limits.tokenBytes }
  return (await run(program, args(audience), bounds)).trim()
}

async function tokenByRequest(
  { url, bearer, hint }: Extract<TokenWay, { kind: 'request' }>,
  title: string,
  audience: string,
  world: World,
): Promise<string> {
  const address = world.env[url] ?? ''
  const secret = world.env[bearer] ?? ''
  if (address === '' || secret === '') {
    throw new CountersignError('identity-missing', `this ${title} job may not request an OIDC token`, { hint })
  }
  const failed = (reason: string): CountersignError =>
    new CountersignError('identity-request-failed', `requesting the ${title} token failed: ${reason}`)
  const target = URL.parse(address)
  // The bearer goes there: never in the clear, but for a stand-in on this machine.
  if (target === null || !isSecure(target)) throw failed(`${url} is not a plain https URL`)
  target.searchParams.set('audience', audience)
  // fetch refuses it too, but with the whole header, which is the secret, in its error.
  if (!/^[\x21-\x7e]+$/.test(secret)) throw failed(`${bearer} is malformed`)
  const answer = await ask(target, secret, world, failed)
  const value = isObject(answer) ? answer['value'] : undefined
  if (typeof value !== 'string' || value === '') throw failed('its answer holds no token')
  return value
}

async function ask(
  url: URL,
  bearer: string,
  { fetch, timeout }: World,
  failed: (reason: string) => CountersignError,
): Promise<Json> {
  let status: number
  let body: Uint8Array
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${bearer}` },
      redirect: 'error', // a redirect would take the bearer along
      signal: timeout(limits.identityTimeout),
    })
    status = response.status
    body = await readBody(response, limits.issuerAnswerBytes, () =>
      failed(`its answer has more than ${limits.issuerAnswerBytes} bytes`),
    )
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw failed(`no answer (${networkReason(thrown, limits.identityTimeout)})`)
  }
  if (status !== 200) throw failed(`the token service answered with status ${status}`)
  try {
    return parseJson(body, 'the answer', limits.issuerAnswerBytes)
  } catch {
    throw failed('its answer is not JSON') // nothing of the answer: it may hold the token
  }
}
