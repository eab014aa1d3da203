/**
 * One alert to one address, within a budget that all share. Nothing of the answer is read but its status, no redirect is followed, and a
 * further attempt sends the same bytes under the same key.
 */
import { limits } from '../model/limits.ts'
import { isCertificateFault, isPassing, networkReason } from '../platform/http.ts'
import { retryAfterOf } from '../platform/retry-budget.ts'
import type { RetryBudget } from '../platform/retry-budget.ts'

export interface Delivery {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

interface Trouble {
  readonly reason: string
  readonly mayPass: boolean
  /** Milliseconds that it asks to be left alone. */
  readonly after?: number | undefined
}

const mostAttempts = 3

/** Undefined where it was taken; else why not, without anything that came. */
export async function deliver(delivery: Delivery, budget: RetryBudget): Promise<string | undefined> {
  for (let attempts = 1; ; attempts += 1) {
    const trouble = await attemptOnce(delivery, budget)
    if (trouble === undefined) return undefined
    if (!trouble.mayPass || attempts === mostAttempts) return trouble.reason
    const readyAt = budget.nextAttempt(attempts, trouble.after)
    if (!(await budget.waitUntil(readyAt))) return trouble.reason
  }
}

async function attemptOnce({ url, headers, body }: Delivery, budget: RetryBudget): Promise<Trouble | undefined> {
  const { world } = budget
  const patience = Math.min(limits.alertAttempt, budget.requestTimeout())
  const signal = AbortSignal.any([budget.signal, world.timeout(patience)])
  try {
    const response = await world.fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })
    const { status, ok } = response
    // It has been taken, or not: what else the other side has to say is not waited for.
    await response.body?.cancel().catch(() => undefined)
    if (ok) return undefined
    const after = retryAfterOf(response.headers.get('retry-after'), world.now())
    return { reason: `status ${status}`, mayPass: isPassing(status), after }
  } catch (thrown) {
    const reason = networkReason(thrown, patience)
    return { reason: `no answer (${reason})`, mayPass: !isCertificateFault(reason) && !reason.startsWith('a redirect') }
  }
}
