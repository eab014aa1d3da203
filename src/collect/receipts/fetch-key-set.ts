/**
 * The key set of an issuer, from the address that the caller gave, never from one that stands in a receipt: no redirect is followed,
 * and nothing that came stands in a reason.
 */
import { limits } from '../../model/limits.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'
import { isCertificateFault, isPassing, isTimeout, networkReason, readBody } from '../../platform/http.ts'
import { openRetryBudget, retryAfterOf, waitInWords } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'
import { keySetIn } from './key-set.ts'

interface Trouble {
  readonly trouble: string
  readonly isPassing: boolean
  /** Milliseconds that the issuer asks to be left alone. */
  readonly after?: number | undefined
}

const mostAttempts = 3

/** The keys, or why they could not be had. `milliseconds` are for all attempts together. */
export async function fetchKeySet(
  url: string,
  world: World,
  milliseconds: number = limits.jwksBudget,
): Promise<readonly Jwk[] | string> {
  const budget = openRetryBudget({ budget: milliseconds }, world)
  try {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await askedOnce(url, budget, world)
      if (!('trouble' in answer)) return answer
      const readyAt = budget.nextAttempt(attempts, answer.after)
      if (!answer.isPassing || attempts === mostAttempts || !budget.reaches(readyAt)) return answer.trouble
      world.progress(`${answer.trouble}; asked again ${waitInWords(readyAt - budget.elapsed())}`, 'wait')
      await budget.waitUntil(readyAt)
    }
  } finally {
    budget.close()
  }
}

async function askedOnce(url: string, budget: RetryBudget, world: World): Promise<readonly Jwk[] | Trouble> {
  const patience = Math.min(budget.requestTimeout(), limits.identityTimeout)
  const signal = AbortSignal.any([budget.signal, world.timeout(patience)])
  const tooLong = new Error('too long')
  try {
    const response = await world.fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
    if (response.status !== 200) {
      await response.body?.cancel()
      const after = retryAfterOf(response.headers.get('retry-after'), world.now())
      const trouble = `the request for its key set was answered with status ${response.status}`
      return { trouble, isPassing: isPassing(response.status), after }
    }
    const keys = keySetIn(await readBody(response, limits.jwksBytes, () => tooLong))
    return typeof keys === 'string' ? { trouble: keys, isPassing: false } : keys
  } catch (thrown) {
    if (thrown === tooLong) return { trouble: `its key set has more than ${limits.jwksBytes} bytes`, isPassing: false }
    const reason = networkReason(thrown, patience)
    const isLast = isCertificateFault(reason) || isTimeout(thrown) || reason.startsWith('a redirect')
    return { trouble: `no answer to the request for its key set (${reason})`, isPassing: !isLast }
  }
}
