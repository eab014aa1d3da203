/**
 * GitHub Actions (docs.github.com, "OpenID Connect reference": requesting the JWT by environment variables).
 *
 *     GET $ACTIONS_ID_TOKEN_REQUEST_URL&audience=sigstore
 *     Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN
 *     → { "value": "<JWT>" }
 */
import { CountersignError } from '../../errors.ts'
import { readBody } from '../../platform/answer-body.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isLoopback } from '../../platform/loopback.ts'
import { readRegularFile, systemCode } from '../../platform/regular-file.ts'
import type { CiContext, CiRow } from './row.ts'

const hint = 'give the job `permissions: id-token: write` (a pull request from a fork never gets it)'

export const github: CiRow = {
  id: 'github',
  title: 'GitHub Actions',
  detect: (env) => env['GITHUB_ACTIONS'] === 'true',

  async requestToken(context) {
    const address = context.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
    const bearer = context.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
    if (address === '' || bearer === '') {
      throw new CountersignError('identity-missing', 'this GitHub Actions job may not request an OIDC token', { hint })
    }
    const answer = await ask(tokenUrl(address, context.audience), bearer, context)
    const value = isObject(answer) ? answer['value'] : undefined
    if (typeof value !== 'string' || value === '') throw failed('its answer holds no token')
    return value
  },

  async inputs({ env, readFile = readRegularFile }) {
    if (env['GITHUB_EVENT_NAME'] !== 'workflow_dispatch') return undefined
    const path = env['GITHUB_EVENT_PATH'] ?? ''
    const what = 'the event file of the run'
    if (path === '') throw new CountersignError('input-unreadable', `${what} is not named by GITHUB_EVENT_PATH`)
    const event = parseJson(await readFile(path, limits.eventBytes, what), what, limits.eventBytes)
    const inputs = isObject(event) ? event['inputs'] : undefined
    if (!isObject(inputs)) return {} // a workflow without inputs has null here
    return Object.fromEntries(Object.entries(inputs).flatMap(([name, value]) => asText(name, value)))
  },
}

/** Null is an input that was not given. */
function asText(name: string, value: Json): [string, string][] {
  if (value === null) return []
  return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
}

function tokenUrl(address: string, audience: string): URL {
  const url = URL.parse(address)
  // The bearer goes there: never in the clear, but for a stand-in on this machine.
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === null || !safe || url.username !== '' || url.password !== '') {
    throw failed('ACTIONS_ID_TOKEN_REQUEST_URL is not a plain https URL')
  }
  url.searchParams.set('audience', audience)
  return url
}

async function ask(url: URL, bearer: string, { fetch, timeout = limits.identityTimeout }: CiContext): Promise<Json> {
  // fetch refuses it too, but with the whole header, which is the secret, in its error.
  if (!/^[\x21-\x7e]+$/.test(bearer)) throw failed('ACTIONS_ID_TOKEN_REQUEST_TOKEN is malformed')
  let status: number
  let body: Uint8Array
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${bearer}` },
      redirect: 'error', // a redirect would take the bearer along
      signal: AbortSignal.timeout(timeout),
    })
    status = response.status
    body = await readBody(response, limits.issuerAnswerBytes, () =>
      failed(`its answer has more than ${limits.issuerAnswerBytes} bytes`),
    )
  } catch (thrown) {
    throw thrown instanceof CountersignError ? thrown : failed(networkReason(thrown, timeout))
  }
  if (status !== 200) throw failed(`the token service answered with status ${status}`)
  try {
    return parseJson(body, 'the answer', limits.issuerAnswerBytes)
  } catch {
    throw failed('its answer is not JSON') // nothing of the answer: it may hold the token
  }
}

/** Only names from a closed vocabulary: the messages of fetch repeat URLs and headers. */
function networkReason(thrown: unknown, timeout: number): string {
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return `no answer within ${timeout} ms`
  return `no answer (${systemCode(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown)})`
}

function failed(reason: string): CountersignError {
  return new CountersignError('identity-request-failed', `requesting the GitHub Actions token failed: ${reason}`)
}
