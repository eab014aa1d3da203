/**
 * Asks the API of a forge for one address after another, as forges ask their callers to. The token goes to this API and nowhere else: no
 * redirect is followed and no address of an answer is gone to. Nothing that came stands in a reason. What all questions of a run take
 * together is bounded, whoever asks them.
 */
import { attempt, CountersignError } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { isCertificateFault, isPassing, isTimeout, networkReason, readBody, seconds } from '../../platform/http.ts'
import { openRetryBudget, retryAfterOf, waitInWords } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'

/** What a forge answered. */
export interface Answer {
  readonly json: Json
  /** SHA-256 of the body, in lower-case hex. */
  readonly sha256: string
  readonly body: Uint8Array
  /** Whether a header says that there is a further page. */
  readonly hasNext: boolean
}

/** Why there is no answer. `again` may help, and the `end` is when none will to any question. */
export interface Trouble {
  readonly trouble: string
  readonly next: 'again' | 'other' | 'end'
  /** Of HTTP, where the forge refused. */
  readonly status?: number | undefined
  /** Milliseconds that the forge asks to be left alone. */
  readonly after?: number | undefined
}

export interface Asking {
  /** The answer to a path below the API, with its query. Asked once in a run: what was answered is not asked again. */
  get(path: string): Promise<Answer | Trouble>
  /** Questions are asked within one of these; what comes in between does not count. */
  during<T>(work: () => Promise<T>): Promise<T>
}

/** Where it is, and what each question has in its headers. */
export interface AskedApi {
  /** Without a closing slash. */
  readonly api: string
  readonly headers: { readonly [name: string]: string }
}

const mostAttempts = 3

/** `token` is one line of visible characters. */
export function openAsking({ api, headers: own }: AskedApi, token: string, world: World): Asking {
  const headers = { ...own, authorization: `Bearer ${token}`, 'user-agent': 'countersign' }
  const answers = new Map<string, Answer>()
  let kept = 0
  let questions = 0
  let spent = 0
  let budget: RetryBudget | undefined
  let over: Trouble | undefined

  async function during<T>(work: () => Promise<T>): Promise<T> {
    const own = openRetryBudget({ budget: Math.max(0, limits.forgeBudget - spent) }, world)
    budget = own
    try {
      return await work()
    } finally {
      spent += own.elapsed()
      own.close()
      budget = undefined
    }
  }

  async function get(path: string): Promise<Answer | Trouble> {
    const known = answers.get(path)
    if (known !== undefined) return known
    if (over !== undefined) return over
    if (budget === undefined) throw new TypeError('asked outside of its time')
    const answer = await asked(`${api}${path}`, budget)
    if ('trouble' in answer) {
      if (answer.next === 'end') over = answer
      return answer
    }
    kept += answer.body.length
    if (kept <= limits.forgeKeptBytes) answers.set(path, answer)
    return answer
  }

  async function asked(url: string, within: RetryBudget): Promise<Answer | Trouble> {
    for (let attempts = 1; ; attempts += 1) {
      if (!within.reaches(0)) return { trouble: `it takes more than ${seconds(limits.forgeBudget)}`, next: 'end' }
      if (questions === limits.forgeQuestions) {
        return { trouble: `it is asked ${limits.forgeQuestions} questions at most`, next: 'end' }
      }
      questions += 1
      const answer = await askedOnce(url, within)
      if (!('trouble' in answer) || answer.next !== 'again') return answer
      // A limit, or a host that does not answer, is the same for all further questions; a fault may be that of one.
      const last: Trouble = { ...answer, next: answer.status === undefined ? 'end' : 'other' }
      if (attempts === mostAttempts) return last
      const readyAt = within.nextAttempt(attempts, answer.after)
      if (!within.reaches(readyAt)) return last
      world.progress(`the forge: ${answer.trouble}; asked again ${waitInWords(readyAt - within.elapsed())}`, 'wait')
      await within.waitUntil(readyAt)
    }
  }

  async function askedOnce(url: string, within: RetryBudget): Promise<Answer | Trouble> {
    const patience = within.requestTimeout()
    const signal = AbortSignal.any([within.signal, world.timeout(patience)])
    const tooLong = new Error('too long')
    try {
      const response = await world.fetch(url, { headers, redirect: 'error', signal })
      if (response.status !== 200) {
        await response.body?.cancel()
        return refusal(response, world.now())
      }
      const body = await readBody(response, limits.forgeAnswerBytes, () => tooLong)
      return answerIn(body, hasNextLink(response.headers))
    } catch (thrown) {
      if (thrown === tooLong) {
        return { trouble: `its answer has more than ${limits.forgeAnswerBytes} bytes`, next: 'other' }
      }
      const reason = networkReason(thrown, patience)
      const isLast = isCertificateFault(reason) || isTimeout(thrown) || reason.startsWith('a redirect')
      return { trouble: `no answer (${reason})`, next: isLast ? 'end' : 'again' }
    }
  }

  return { get, during }
}

/** An answer that says something else than it should. */
export const junk: Trouble = { trouble: 'its answer is not what it should be', next: 'other' }

function answerIn(body: Uint8Array, hasNext: boolean): Answer | Trouble {
  const json = attempt(() => parseJson(body, 'the answer', limits.forgeAnswerBytes))
  if (json instanceof CountersignError) return junk
  return { json, sha256: sha256Hex(body), body, hasNext }
}

/** Only that there is one is taken from it (RFC 8288): the address is never gone to. */
function hasNextLink(headers: Headers): boolean {
  return /;\s{0,9}rel="?next"?/.test((headers.get('link') ?? '').slice(0, 8_192))
}

/** What a forge does not know of one commit it may know of another; whose token it does not take it answers nothing. */
function refusal({ status, headers }: Response, now: Date): Trouble {
  const trouble = `it answers with status ${status}`
  const after = retryAfterOf(headers.get('retry-after'), now)
  const isSpent = headers.get('x-ratelimit-remaining') === '0' || headers.get('ratelimit-remaining') === '0'
  if (status === 429 || (status === 403 && (after !== undefined || isSpent))) {
    return { trouble: 'its rate limit is reached', next: 'again', after: after ?? resetIn(headers, now) }
  }
  if (isPassing(status)) return { trouble, next: 'again', status, after }
  return { trouble, next: status === 401 ? 'end' : 'other', status }
}

/** Seconds since 1970, at which there is a new limit: `x-ratelimit-reset` of GitHub, `ratelimit-reset` of GitLab. */
function resetIn(headers: Headers, now: Date): number | undefined {
  const text = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? ''
  return /^\d{1,11}$/.test(text) ? Math.max(0, Number(text) * 1_000 - now.getTime()) : undefined
}
