/** What whoever waits relies on, by the clock of the system and by the one that tests step. */
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { steppedClock } from '../world/stepped-clock.ts'

/** Each with what makes a timeout of a millisecond end. */
const clocks: readonly (readonly [string, () => { readonly clock: Clock; readonly pass: () => void }])[] = [
  ['of the system', () => ({ clock: systemClock, pass: () => undefined })],
  [
    'that is stepped',
    () => {
      const clock = steppedClock()
      return { clock, pass: () => clock.advance(1) }
    },
  ],
]

describe.each(clocks)('a clock %s', (_, start) => {
  test('has gone on by what was slept', async () => {
    const { clock } = start()
    const before = [clock.elapsed(), clock.now().getTime()] as const
    await clock.sleep(2)
    expect(clock.elapsed()).toBeGreaterThan(before[0])
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before[1])
  })

  test('ends what waits for a timeout, by an error of that name', async () => {
    const { clock, pass } = start()
    const signal = clock.timeout(1)
    const ended = signal.aborted ? undefined : once(signal, 'abort')
    pass()
    await ended
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  test('does not let sleep whom a signal has ended', async () => {
    const { clock } = start()
    await expect(clock.sleep(60_000, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('the clock of the system wakes whom a signal ends', async () => {
  const ending = new AbortController()
  const sleeping = systemClock.sleep(60_000, ending.signal)
  ending.abort()
  await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' })
})

test('a stepped clock stands still, and steps past timeouts in their order', () => {
  const start = new Date('2026-11-20T12:00:00Z')
  const clock = steppedClock(start)
  const ended: [number, number][] = []
  for (const after of [300, 100, 200, 200]) {
    clock.timeout(after).addEventListener('abort', () => ended.push([after, clock.elapsed()]))
  }
  expect([clock.now(), clock.elapsed()]).toEqual([start, 0])
  clock.advance(99)
  expect(ended).toEqual([])
  clock.advanceToTimeout()
  clock.advance(150)
  expect(ended).toEqual([
    [100, 100],
    [200, 200],
    [200, 200],
  ])
  expect([clock.now().getTime() - start.getTime(), clock.elapsed()]).toEqual([250, 250])
  clock.advanceToTimeout()
  expect(clock.elapsed()).toBe(300)
  expect(() => clock.advanceToTimeout()).toThrow('nobody waits')
  expect(() => clock.advance(-1)).toThrow(RangeError)
})
