/**
 * Time for tests: it stands still until a test, or what is tested, lets some pass. Whoever sleeps is done at once and it is
 * that much later; a timeout is over when somebody steps past it, such as a server of the test that was asked and does not
 * answer. So a test says what half a minute does, and takes none.
 *
 * @example
 * const clock = steppedClock()
 * const origin = await loopback(() => clock.advanceToTimeout()) // asked, it lets the time pass instead of answering
 * await expect(fetchIssuerKeys(origin, worldOf(clock))).rejects.toMatchObject({ code: 'issuer-keys-unavailable' })
 */
import type { Clock } from '../../src/platform/clock.ts'

export interface SteppedClock extends Clock {
  /** Milliseconds of each sleep, in order. Of two who sleep side by side the second sleeps after the first. */
  readonly slept: readonly number[]
  /** Milliseconds of each timeout that was asked for, in order. */
  readonly timeouts: readonly number[]
  /** Lets so many milliseconds pass; timeouts on the way are over at their own moment, in their order. */
  advance(milliseconds: number): void
  /** Lets time pass up to the nearest timeout that is not over yet; fails where nobody waits for one. */
  advanceToTimeout(): void
}

/** `start` is what its wall clock says at first; both `now` and `elapsed` go on from there by the same steps. */
export function steppedClock(start: Date = new Date()): SteppedClock {
  let elapsed = 0
  let pending: readonly Timeout[] = []
  const slept: number[] = []
  const timeouts: number[] = []
  const advance = (milliseconds: number): void => {
    if (!(milliseconds >= 0)) throw new RangeError('time does not go back')
    const end = elapsed + milliseconds
    const over = pending.filter((it) => it.at <= end).toSorted((a, b) => a.at - b.at)
    pending = pending.filter((it) => it.at > end)
    for (const { at, ending } of over) {
      elapsed = at
      // What AbortSignal.timeout throws, word for word.
      ending.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    }
    elapsed = end
  }
  return {
    slept,
    timeouts,
    now: () => new Date(start.getTime() + elapsed),
    elapsed: () => elapsed,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      slept.push(milliseconds)
      advance(milliseconds)
      // A turn of the event loop: whoever sleeps again and again for ever must not keep the test from ending.
      await new Promise((resolve) => setImmediate(resolve))
    },
    timeout(milliseconds) {
      const ending = new AbortController()
      timeouts.push(milliseconds)
      pending = [...pending, { at: elapsed + milliseconds, ending }]
      return ending.signal
    },
    advance,
    advanceToTimeout() {
      const [nearest] = pending.map((it) => it.at).toSorted((a, b) => a - b)
      if (nearest === undefined) throw new Error('nobody waits for a timeout')
      advance(nearest - elapsed)
    },
  }
}

interface Timeout {
  /** Elapsed milliseconds when it is over. */
  readonly at: number
  readonly ending: AbortController
}
