/**
 * How long signing may take and when a service is asked again: one budget for the whole signing, exponential backoff with
 * full jitter (a random share of the wait, so that the jobs that an outage stopped do not all come back at one moment), and
 * Retry-After where a service names it (RFC 9110 §10.2.3).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../model/limits.ts'

/** The world of one signing, with its defaults in `openPatience`. */
export interface PatienceOptions {
  /** Milliseconds for everything together; default `limits.retryBudget`. */
  readonly budget?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Wall clock: says when a token has expired. The budget runs by a clock that nobody sets. */
  readonly now?: (() => Date) | undefined
  /** In [0, 1). */
  readonly random?: (() => number) | undefined
  /** Hears what a person should know of a signing that worked: who stood in for whom. */
  readonly note?: ((text: string) => void) | undefined
}

/** The budget while it runs. Moments are milliseconds since it was opened. */
export interface Patience {
  readonly budget: number
  readonly fetch: typeof globalThis.fetch
  readonly now: () => Date
  readonly note: (text: string) => void
  /** Ends every request and pause of this signing. */
  readonly signal: AbortSignal
  /** Milliseconds for one answer that is asked for now. */
  timeout(): number
  elapsed(): number
  /** The moment for another try after so many that failed; `retryAfter` are milliseconds that the service asked for. */
  nextTry(tries: number, retryAfter: number | undefined): number
  /** Waits until that moment; false, at once, if the budget ends before. */
  reach(moment: number): Promise<boolean>
  close(): void
}

/** Mean of the first pause is half of it, then doubling. */
const firstPause = 500
const longestPause = 15_000

export function openPatience(options: PatienceOptions = {}): Patience {
  const { budget = limits.retryBudget, random = Math.random, now = () => new Date() } = options
  const start = performance.now()
  const ending = new AbortController()
  const elapsed = (): number => performance.now() - start
  return {
    budget,
    fetch: options.fetch ?? globalThis.fetch,
    now,
    note: options.note ?? (() => undefined),
    signal: ending.signal,
    timeout: () => Math.max(1, Math.ceil(Math.min(limits.serviceTimeout, budget - elapsed()))),
    elapsed,
    nextTry(tries, retryAfter = 0) {
      const pause = random() * Math.min(longestPause, firstPause * 2 ** (tries - 1))
      return elapsed() + Math.max(pause, retryAfter)
    },
    async reach(moment) {
      const wait = Math.max(0, moment - elapsed())
      if (elapsed() + wait >= budget) return false
      if (wait > 0) await sleep(wait, undefined, { signal: ending.signal })
      return true
    },
    close: () => ending.abort(),
  }
}

/** Retry-After as milliseconds from now; undefined where it is absent or neither seconds nor a date. */
export function retryAfterOf(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
