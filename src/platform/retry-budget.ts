/**
 * How long something may take and when a service is asked again: one budget for the whole of it, exponential backoff with
 * full jitter (a random share of the wait, so that the jobs that an outage stopped do not all come back at one moment), and
 * Retry-After where a service names it (RFC 9110 §10.2.3).
 */
import { limits } from '../model/limits.ts'
import type { World } from './world.ts'

export interface RetryOptions {
  /** Milliseconds for everything together; default `limits.retryBudget`. */
  readonly budget?: number | undefined
  /** Hears what a person should know of what worked: who stood in for whom. */
  readonly note?: ((text: string) => void) | undefined
}

/** The budget while it runs. Moments are milliseconds since it was opened. */
export interface RetryBudget {
  readonly world: World
  readonly note: (text: string) => void
  /** Ends every request and pause under this budget. */
  readonly signal: AbortSignal
  /** Milliseconds for one answer that is asked for now. */
  requestTimeout(): number
  elapsed(): number
  /** The moment for another attempt after so many that failed; `retryAfter` are milliseconds that the service asked for. */
  nextAttempt(attempts: number, retryAfter: number | undefined): number
  /** Whether the budget reaches to that moment. */
  reaches(moment: number): boolean
  /** Waits until that moment; false, at once, if the budget ends before. */
  waitUntil(moment: number): Promise<boolean>
  close(): void
}

/** Mean of the first backoff is half of it, then doubling. */
const firstBackoff = 500
const longestBackoff = 15_000

export function openRetryBudget({ budget = limits.retryBudget, note }: RetryOptions, world: World): RetryBudget {
  const start = world.elapsed()
  const ending = new AbortController()
  const elapsed = (): number => world.elapsed() - start
  const reaches = (moment: number): boolean => Math.max(moment, elapsed()) < budget
  return {
    world,
    note: note ?? (() => undefined),
    signal: ending.signal,
    requestTimeout: () => Math.max(1, Math.ceil(Math.min(limits.serviceTimeout, budget - elapsed()))),
    elapsed,
    nextAttempt(attempts, retryAfter = 0) {
      const backoff = world.random() * Math.min(longestBackoff, firstBackoff * 2 ** (attempts - 1))
      return elapsed() + Math.max(backoff, retryAfter)
    },
    reaches,
    async waitUntil(moment) {
      const wait = Math.max(0, moment - elapsed())
      if (!reaches(moment)) return false
      if (wait > 0) await world.sleep(wait, ending.signal)
      return true
    },
    close: () => ending.abort(),
  }
}

/** `in 1.2 s at the earliest`: cut and never rounded up, so that nobody is told of a later moment than the one that comes. */
export function waitInWords(milliseconds: number): string {
  const tenths = Math.floor(Math.max(0, milliseconds) / 100)
  return `in ${tenths < 100 ? tenths / 10 : Math.floor(tenths / 10)} s at the earliest`
}

/** Retry-After as milliseconds from now; undefined where it is absent or neither seconds nor a date. */
export function retryAfterOf(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
