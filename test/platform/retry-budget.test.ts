import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { worldOf } from '../../src/platform/world.ts'
import { openRetryBudget, retryAfterOf } from '../../src/platform/retry-budget.ts'
import type { RetryBudget, RetryOptions } from '../../src/platform/retry-budget.ts'
import type { Json } from '../../src/model/json.ts'
import { chooseServices } from '../../src/sigstore/sign/services.ts'
import { signingConfigMediaType } from '../../src/sigstore/sign/signing-config.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { SteppedClock } from '../world/stepped-clock.ts'

function opened(
  options: RetryOptions = {},
  random = 0,
): { readonly budget: RetryBudget; readonly clock: SteppedClock } {
  const clock = steppedClock()
  return { budget: openRetryBudget(options, worldOf({ ...clock, random: () => random })), clock }
}

describe('the next attempt', () => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  it('comes after a random share of a wait that doubles up to a quarter of a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), share, fc.nat(100_000), (attempts, random, before) => {
        const { budget, clock } = opened({}, random)
        clock.advance(before)
        const wait = budget.nextAttempt(attempts, undefined) - budget.elapsed()
        expect(wait).toBeCloseTo(random * Math.min(15_000, 500 * 2 ** (attempts - 1)), 6)
      }),
    )
  })

  it('is not before the service wants it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), share, fc.nat(1_000_000), (attempts, random, retryAfter) => {
        const { budget, clock } = opened({}, random)
        clock.advance(700)
        expect(budget.nextAttempt(attempts, retryAfter)).toBeGreaterThanOrEqual(700 + retryAfter)
      }),
    )
  })

  it('is waited for until its moment', async () => {
    const { budget, clock } = opened({ budget: 1_000 })
    clock.advance(300)
    expect(await budget.waitUntil(999)).toBe(true)
    expect(clock.slept).toEqual([699])
  })

  it('is not waited for where the budget ends before, or at that very moment', async () => {
    const { budget, clock } = opened({ budget: 1_000 })
    expect(await budget.waitUntil(60_000)).toBe(false)
    expect(await budget.waitUntil(1_000)).toBe(false)
    expect(await budget.waitUntil(0)).toBe(true)
    clock.advance(1_000)
    expect(await budget.waitUntil(0)).toBe(false)
    expect(clock.slept).toEqual([])
  })

  it('is not waited for once the signing is over', async () => {
    const { budget } = opened()
    budget.close()
    await expect(budget.waitUntil(1_000)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('one answer', () => {
  it('is waited for as long as Rekor v2 needs, but not beyond the budget', () => {
    expect(limits.serviceTimeout).toBeGreaterThanOrEqual(20_000)
    const { budget, clock } = opened({ budget: limits.serviceTimeout + 5_000 })
    expect(budget.requestTimeout()).toBe(limits.serviceTimeout)
    clock.advance(33_000)
    expect(budget.requestTimeout()).toBe(2_000)
    clock.advance(2_000)
    expect(budget.requestTimeout()).toBe(1)
  })
})

describe('Retry-After', () => {
  const now = new Date('2026-11-20T12:00:00Z')
  it.each<[string | null, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3_000],
    ['Fri, 20 Nov 2026 12:01:00 GMT', 60_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1e9', undefined],
    ['2026-11-20', undefined],
  ])('%j is %j', (header, expected) => {
    expect(retryAfterOf(header, now)).toBe(expected)
  })
})

describe('whatever a signing configuration holds', () => {
  const text = fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom('https://a.example', 'http://127.0.0.1:1'))
  const moment = fc.oneof(fc.constantFrom('2026-01-01T00:00:00Z', '2030-01-01T00:00:00+02:00'), fc.string())
  const service = fc.record(
    {
      url: text,
      majorApiVersion: fc.integer({ min: -1, max: 3 }),
      operator: fc.constantFrom('', 'a', 'b'),
      validFor: fc.record({ start: moment, end: moment }, { requiredKeys: [] }),
    },
    { requiredKeys: ['url'] },
  )
  const list = fc.array(service, { maxLength: 4 })
  const selection = fc.record({ selector: fc.constantFrom('ANY', 'ALL', 'EXACT', 'SOME'), count: fc.nat(3) })
  const config = fc.record({
    mediaType: fc.constant(signingConfigMediaType),
    caUrls: list,
    oidcUrls: list,
    rekorTlogUrls: list,
    tsaUrls: list,
    rekorTlogConfig: selection,
    tsaConfig: selection,
  })

  it('it names usable services or is refused with a code', () => {
    fc.assert(
      fc.property(fc.oneof(config, fc.jsonValue()), (json) => {
        const choose = (): unknown => chooseServices(json as Json, new Date('2026-11-20T12:00:00Z'))
        let chosen: unknown
        try {
          chosen = choose()
        } catch {
          expect(['trust-config-malformed', 'signing-service-missing']).toContain(codeOf(choose))
          return
        }
        expect(chosen).toMatchObject({ fulcio: expect.stringMatching(/^http/) as string })
      }),
      { numRuns: runs(2_000) },
    )
  })
})
