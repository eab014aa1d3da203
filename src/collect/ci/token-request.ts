/** How the token of a job is come by: one way a function, whichever provider's row names it. Nothing secret gets into an error. */
import { CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isCertificateFault, isPassing, isSecure, networkReason, readBody } from '../../platform/http.ts'
import { openRetryBudget, retryAfterOf, waitInWords } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'
import type { ProviderRow, TokenWay } from '../../providers/row.ts'

/** What is asked for. */
export interface Wanted {
  readonly audience: string
  /** Milliseconds for a request with all its repetitions; default `limits.retryBudget`. */
  readonly retryBudget?: number | undefined
}

/**
 * A fresh OIDC token for the audience, not verified. A service that is out is asked again. Errors: `identity-missing` (the job may not have a token),
 * `identity-request-failed`.
 */
export async function requestToken(
  { title }: ProviderRow,
  way: TokenWay,
  wanted: Wanted,
  world: World,
): Promise<string> {
  const raw = await tokenBy(way, title, wanted, world)
  if (raw === '') throw new CountersignError('identity-request-failed', `${title} gave an empty token`)
  return raw
}

function tokenBy(way: TokenWay, title: string, wanted: Wanted, world: World): Promise<string> {
  const { audience } = wanted
  switch (way.kind) {
    case 'variable':
      return Promise.resolve(tokenInVariable(way, title, audience, world))
    case 'program':
      return tokenOfProgram(way, audience, world)
    case 'request':
      return tokenByRequest(way, title, wanted, world)
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
  const { env, platform, run } = world
  const bounds = { env, platform, clock: world, timeout: limits.identityTimeout, maxBytes: limits.tokenBytes }
  return (await run(program, args(audience), bounds)).trim()
}

async function tokenByRequest(
  { url, bearer, hint }: Extract<TokenWay, { kind: 'request' }>,
  title: string,
  { audience, retryBudget }: Wanted,
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
  const answer = await askAgain(target, secret, title, failed, openRetryBudget({ budget: retryBudget }, world))
  const value = isObject(answer) ? answer['value'] : undefined
  if (typeof value !== 'string' || value === '') throw failed('its answer holds no token')
  return value
}

/** Why there was no answer that can be used, and whether another try can help. */
interface Trouble {
  readonly reason: string
  readonly again: boolean
  /** Milliseconds that the service asks to be left alone. */
  readonly retryAfter?: number | undefined
}

async function askAgain(
  url: URL,
  bearer: string,
  title: string,
  failed: (reason: string) => CountersignError,
  budget: RetryBudget,
): Promise<Json> {
  try {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await ask(url, bearer, failed, budget)
      if (!('trouble' in answer)) return answer.json
      const { reason, again, retryAfter } = answer.trouble
      if (!again) throw failed(reason)
      const readyAt = budget.nextAttempt(attempts, retryAfter)
      if (budget.reaches(readyAt)) {
        const wait = waitInWords(readyAt - budget.elapsed())
        budget.world.progress(`the ${title} token service: ${reason}; asked again ${wait}`, 'wait')
      }
      if (await budget.waitUntil(readyAt)) continue
      const spent = Math.round(budget.elapsed() / 1_000)
      throw failed(`${reason}, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} in ${spent} s`)
    }
  } finally {
    budget.close()
  }
}

async function ask(
  url: URL,
  bearer: string,
  failed: (reason: string) => CountersignError,
  budget: RetryBudget,
): Promise<{ readonly json: Json } | { readonly trouble: Trouble }> {
  const { fetch, timeout, now } = budget.world
  const patience = Math.min(limits.identityTimeout, budget.requestTimeout())
  let response: Response
  let body: Uint8Array
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${bearer}` },
      redirect: 'error', // a redirect would take the bearer along
      signal: timeout(patience),
    })
    body = await readBody(response, limits.issuerAnswerBytes, () =>
      failed(`its answer has more than ${limits.issuerAnswerBytes} bytes`),
    )
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    const reason = networkReason(thrown, patience)
    const again = !isCertificateFault(reason) && !reason.startsWith('a redirect')
    return { trouble: { reason: `no answer (${reason})`, again } }
  }
  const { status, headers } = response
  if (status !== 200) {
    const retryAfter = retryAfterOf(headers.get('retry-after'), now())
    return {
      trouble: { reason: `the token service answered with status ${status}`, again: isPassing(status), retryAfter },
    }
  }
  try {
    return { json: parseJson(body, 'the answer', limits.issuerAnswerBytes) }
  } catch {
    throw failed('its answer is not JSON') // nothing of the answer: it may hold the token
  }
}
