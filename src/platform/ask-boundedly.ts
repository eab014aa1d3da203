/**
 * One question to an API with a token, as its owners ask their callers to: no redirect is followed, an answer has an end, and who asks
 * to be left alone is. Nothing that came stands in a reason.
 */
import { isCertificateFault, isPassing, isTimeout, networkReason, readBody, seconds } from './http.ts'
import { retryAfterOf, waitInWords } from './retry-budget.ts'
import type { RetryBudget } from './retry-budget.ts'

/** Why there is no answer, and what that means for the next question: `again` may help, and the `end` is when none will. */
export interface Trouble {
  readonly trouble: string
  readonly next: 'again' | 'other' | 'end'
  readonly status?: number
  /** Milliseconds that it asks to be left alone. */
  readonly after?: number | undefined
}

export interface BoundedQuestion {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Of a question that is posted. */
  readonly body?: string | undefined
  /** Of one that changes something: then an answer may say that it is made, and be empty. */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  readonly service: AskedService
}

/** Who is asked, and how much of it is heard. */
export interface AskedService {
  /** For a person: `the tracker`. */
  readonly name: string
  /** Of one answer. */
  readonly bytes: number
  /** Milliseconds for all questions: what the budget was opened with. */
  readonly budget: number
}

export interface BoundedAnswer {
  readonly body: Uint8Array
  readonly headers: Headers
}

const mostAttempts = 3

export async function askBoundedly(question: BoundedQuestion, budget: RetryBudget): Promise<BoundedAnswer | Trouble> {
  const { world } = budget
  const { service } = question
  for (let attempts = 1; ; attempts += 1) {
    if (!budget.reaches(0)) return { trouble: `it takes more than ${seconds(service.budget)}`, next: 'end' }
    const answer = await askOnce(question, budget)
    if ('body' in answer || answer.next !== 'again' || attempts === mostAttempts) return answer
    const readyAt = budget.nextAttempt(attempts, answer.after)
    if (!budget.reaches(readyAt)) return answer
    world.progress(`${service.name}: ${answer.trouble}; asked again ${waitInWords(readyAt - budget.elapsed())}`, 'wait')
    await budget.waitUntil(readyAt)
  }
}

async function askOnce(
  { url, headers, body, method, service }: BoundedQuestion,
  budget: RetryBudget,
): Promise<BoundedAnswer | Trouble> {
  const { world } = budget
  const patience = budget.requestTimeout()
  const signal = AbortSignal.any([budget.signal, world.timeout(patience)])
  const tooLong = new Error('too long')
  const posted = body === undefined ? {} : { method: 'POST', body }
  const changing = method === undefined ? {} : { method }
  const good = method === undefined ? [200] : [200, 201, 202, 204]
  try {
    const response = await world.fetch(url, { ...posted, ...changing, headers, redirect: 'error', signal })
    if (good.includes(response.status)) {
      return { body: await readBody(response, service.bytes, () => tooLong), headers: response.headers }
    }
    await response.body?.cancel()
    return refusal(response, world.now())
  } catch (thrown) {
    if (thrown === tooLong) return { trouble: `its answer has more than ${service.bytes} bytes`, next: 'other' }
    const reason = networkReason(thrown, patience)
    const isLast = isCertificateFault(reason) || isTimeout(thrown) || reason.startsWith('a redirect')
    return { trouble: `no answer (${reason})`, next: isLast ? 'end' : 'again' }
  }
}

/** Of one thing it may know nothing; to whom it refuses one it refuses all. Linear limits with 400, as GraphQL has no other. */
function refusal({ status, headers }: Response, now: Date): Trouble {
  const trouble = `it answers with status ${status}`
  const after = retryAfterOf(headers.get('retry-after'), now)
  const isSpent = remaining.some((it) => headers.get(it) === '0')
  if (status === 429 || ((status === 403 || status === 400) && (after !== undefined || isSpent))) {
    return { trouble: 'its rate limit is reached', next: 'again', status, after: after ?? resetIn(headers, now) }
  }
  if (isPassing(status)) return { trouble, next: 'again', status, after }
  return { trouble, next: [404, 410, 422].includes(status) ? 'other' : 'end', status }
}

const remaining = ['x-ratelimit-remaining', 'ratelimit-remaining', 'x-ratelimit-requests-remaining']

/** When there is a new limit, since 1970: in seconds (GitHub, GitLab), in milliseconds (Linear). */
function resetIn(headers: Headers, now: Date): number | undefined {
  const inSeconds = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? ''
  const inMilliseconds = headers.get('x-ratelimit-requests-reset') ?? ''
  if (/^\d{1,11}$/.test(inSeconds)) return Math.max(0, Number(inSeconds) * 1_000 - now.getTime())
  return /^\d{1,14}$/.test(inMilliseconds) ? Math.max(0, Number(inMilliseconds) - now.getTime()) : undefined
}
