import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPatience, retryAfterOf } from '../../../src/sigstore/sign/retry-budget.ts'
import type { Json } from '../../../src/model/json.ts'
import { chooseServices } from '../../../src/sigstore/sign/services.ts'
import { signingConfigMediaType } from '../../../src/sigstore/sign/signing-config.ts'
import { codeOf } from '../../world/failure.ts'

describe('the next try', () => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  it('is within a wait that doubles up to a quarter of a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), share, (tries, random) => {
        const patience = openPatience({ random: () => random })
        const pause = patience.nextTry(tries, undefined) - patience.elapsed()
        expect(pause).toBeLessThanOrEqual(Math.min(15_000, 500 * 2 ** (tries - 1)))
        expect(pause).toBeGreaterThan(-100)
      }),
    )
  })

  it('is not before the service wants it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), share, fc.nat(1_000_000), (tries, random, retryAfter) => {
        const patience = openPatience({ random: () => random })
        expect(patience.nextTry(tries, retryAfter)).toBeGreaterThanOrEqual(retryAfter)
      }),
    )
  })

  it('is not waited for where the budget ends before', async () => {
    const patience = openPatience({ budget: 1_000 })
    const start = performance.now()
    expect(await patience.reach(60_000)).toBe(false)
    expect(await patience.reach(0)).toBe(true)
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('one answer', () => {
  it('is waited for as long as Rekor v2 needs, but not beyond the budget', () => {
    expect(openPatience().timeout()).toBeGreaterThanOrEqual(20_000)
    expect(openPatience({ budget: 2_000 }).timeout()).toBeLessThanOrEqual(2_000)
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
      { numRuns: 2_000 },
    )
  })
})
