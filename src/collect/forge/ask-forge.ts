/**
 * Asks the API of a forge by which requests changes were merged, one after another, as forges ask their callers to. The token goes to
 * this API and nowhere else: no redirect is followed and no address of an answer is gone to. Nothing that came stands in a reason.
 */
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { attempt, CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { isCertificateFault, isPassing, isTimeout, networkReason, readBody, seconds } from '../../platform/http.ts'
import { openRetryBudget, retryAfterOf, waitInWords } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'
import type { RequestName } from '../change/request-hints.ts'
import type { ForgeAddress } from './api-address.ts'
import type { Forge, ForgeAnswers, ForgeRequest } from './row.ts'

/** Why there is no answer about a change, and what that means for the next: `again` may help, and the `end` is when none will. */
interface Trouble {
  readonly trouble: string
  readonly next: 'again' | 'other' | 'end'
  /** Milliseconds that the forge asks to be left alone. */
  readonly after?: number | undefined
}

const perPage = 30
const mostAttempts = 3
/** Changes in a row of which it says nothing: a forge that does not know the repository knows none of its commits. */
const mostFailures = 3

/** `token` is one line of visible characters. */
export function openForge({ row, api, repository }: ForgeAddress, token: string, world: World): Forge {
  const headers = { ...row.headers, authorization: `Bearer ${token}`, 'user-agent': 'countersign' }

  async function ask(changes: readonly string[]): Promise<ForgeAnswers> {
    const requests = new Map<string, readonly ForgeRequest[]>()
    const budget = openRetryBudget({ budget: limits.forgeBudget }, world)
    let failure = changes.length > limits.forgeChanges ? `it is asked about ${limits.forgeChanges} at most` : undefined
    let failures = 0
    try {
      for (const [at, change] of changes.slice(0, limits.forgeChanges).entries()) {
        world.progress(`asking the forge about change ${at + 1} of ${changes.length}`, 'step')
        const answer = await requestsOf(change, budget)
        if (!('trouble' in answer)) requests.set(change, answer)
        else failure = answer.trouble
        failures = 'trouble' in answer ? failures + 1 : 0
        if (failures === mostFailures || ('trouble' in answer && answer.next !== 'other')) break
      }
    } finally {
      budget.close()
    }
    return { requests, failure }
  }

  async function requestsOf(change: string, budget: RetryBudget): Promise<readonly ForgeRequest[] | Trouble> {
    const found: Found[] = []
    for (let page = 1; page <= limits.forgePages; page += 1) {
      const url = `${api}${row.path(repository, change) ?? ''}?per_page=${perPage}&page=${page}`
      const entries = await asked(url, budget)
      if ('trouble' in entries) return entries
      for (const entry of entries) {
        const read = foundIn(entry, change)
        if (read === 'junk') return { trouble: 'its answer is not what it should be', next: 'other' }
        if (read !== undefined) found.push(read)
      }
      if (entries.length < perPage || found.some(({ isIt }) => isIt)) {
        return found
          .toSorted((a, b) => Number(b.isIt) - Number(a.isIt))
          .map(({ request }) => request)
          .slice(0, mostRequests)
      }
    }
    return { trouble: 'it names more requests than are looked at', next: 'other' }
  }

  function foundIn(entry: Json, change: string): Found | 'junk' | undefined {
    if (!isObject(entry)) return 'junk'
    const { isMerged, number, head, became } = row.read(entry)
    if (!isMerged) return undefined
    const isNumber = typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 1e9
    if (!isNumber || typeof head !== 'string' || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(head)) return 'junk'
    const name: RequestName = `${row.sign}${String(number)}`
    return { request: { name, head }, isIt: became.includes(change) }
  }

  async function asked(url: string, budget: RetryBudget): Promise<readonly Json[] | Trouble> {
    for (let attempts = 1; ; attempts += 1) {
      if (!budget.reaches(0)) return { trouble: `it takes more than ${seconds(limits.forgeBudget)}`, next: 'end' }
      const answer = await askedOnce(url, budget)
      if (!('trouble' in answer) || answer.next !== 'again' || attempts === mostAttempts) return answer
      const readyAt = budget.nextAttempt(attempts, answer.after)
      if (!budget.reaches(readyAt)) return answer
      world.progress(`the forge: ${answer.trouble}; asked again ${waitInWords(readyAt - budget.elapsed())}`, 'wait')
      await budget.waitUntil(readyAt)
    }
  }

  async function askedOnce(url: string, budget: RetryBudget): Promise<readonly Json[] | Trouble> {
    const patience = budget.requestTimeout()
    const signal = AbortSignal.any([budget.signal, world.timeout(patience)])
    const tooLong = new Error('too long')
    try {
      const response = await world.fetch(url, { headers, redirect: 'error', signal })
      if (response.status !== 200) {
        await response.body?.cancel()
        return refusal(response, world.now())
      }
      return listIn(await readBody(response, limits.forgeAnswerBytes, () => tooLong))
    } catch (thrown) {
      if (thrown === tooLong) {
        return { trouble: `its answer has more than ${limits.forgeAnswerBytes} bytes`, next: 'other' }
      }
      const reason = networkReason(thrown, patience)
      const isLast = isCertificateFault(reason) || isTimeout(thrown) || reason.startsWith('a redirect')
      return { trouble: `no answer (${reason})`, next: isLast ? 'end' : 'again' }
    }
  }

  return { ask }
}

interface Found {
  readonly request: ForgeRequest
  /** Whether the request became just this change. */
  readonly isIt: boolean
}

/** A change comes of one; of a few more when it was carried over. */
const mostRequests = 3

function listIn(body: Uint8Array): readonly Json[] | Trouble {
  const json = attempt(() => parseJson(body, 'the answer', limits.forgeAnswerBytes))
  if (json instanceof CountersignError || !Array.isArray(json)) {
    return { trouble: 'its answer is not what it should be', next: 'other' }
  }
  return json as readonly Json[]
}

/** What a forge does not know of one commit it may know of another; to whom it refuses one it refuses all. */
function refusal({ status, headers }: Response, now: Date): Trouble {
  const trouble = `it answers with status ${status}`
  const after = retryAfterOf(headers.get('retry-after'), now)
  const isSpent = headers.get('x-ratelimit-remaining') === '0' || headers.get('ratelimit-remaining') === '0'
  if (status === 429 || (status === 403 && (after !== undefined || isSpent))) {
    return { trouble: 'its rate limit is reached', next: 'again', after: after ?? resetIn(headers, now) }
  }
  if (isPassing(status)) return { trouble, next: 'again', after }
  return { trouble, next: status === 404 || status === 422 ? 'other' : 'end' }
}

/** Seconds since 1970, at which there is a new limit: `x-ratelimit-reset` of GitHub, `ratelimit-reset` of GitLab. */
function resetIn(headers: Headers, now: Date): number | undefined {
  const text = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? ''
  return /^\d{1,11}$/.test(text) ? Math.max(0, Number(text) * 1_000 - now.getTime()) : undefined
}
