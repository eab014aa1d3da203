/** Time: what a clock on the wall says, how much of it has passed, and waiting for it. */
import { setTimeout as wait } from 'node:timers/promises'

export interface Clock {
  /** Wall clock: what certificates and tokens are judged by. */
  readonly now: () => Date
  /** Milliseconds that only ever grow, whatever is done to the wall clock. */
  readonly elapsed: () => number
  /** Waits that many milliseconds; rejects when the signal ends it. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** A signal that ends what waits for it after that many milliseconds, with a `TimeoutError`. */
  readonly timeout: (milliseconds: number) => AbortSignal
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
}
