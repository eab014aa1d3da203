import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/model/json.ts'
import { chooseServices } from '../../../src/sigstore/sign/services.ts'
import { codeOf } from '../../world/failure.ts'

const now = new Date('2026-11-20T12:00:00Z')

interface Service {
  url: string
  majorApiVersion: number
  validFor: { start?: string; end?: string }
}

function service(
  url: string,
  majorApiVersion = 1,
  validFor: Service['validFor'] = { start: '2026-01-01T00:00:00Z' },
): Service {
  return { url, majorApiVersion, validFor }
}

function configWith(parts: Record<string, unknown> = {}): Json {
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service('https://fulcio.example')],
    oidcUrls: [service('https://oidc.example')],
    rekorTlogUrls: [service('https://rekor.example')],
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: [service('https://tsa.example/')],
    tsaConfig: { selector: 'ANY' },
    ...parts,
  } as unknown as Json
}

const chosen = (parts: Record<string, unknown>) => chooseServices(configWith(parts), now)
const codeFor = (parts: Record<string, unknown>): string => codeOf(() => chosen(parts))

describe('the services of a signing configuration', () => {
  it('are taken as they stand, also from a ClientTrustConfig', () => {
    const expected = {
      fulcio: 'https://fulcio.example',
      log: { url: 'https://rekor.example', version: 1 },
      timestampAuthorities: ['https://tsa.example'],
      issuers: ['https://oidc.example'],
    }
    expect(chosen({})).toEqual(expected)
    const whole = { mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json', signingConfig: configWith() }
    expect(chooseServices(whole, now)).toEqual(expected)
  })

  it('may say null for each member that they may leave out', () => {
    const fulcio = { url: 'https://fulcio.example', majorApiVersion: 1, validFor: null, operator: null }
    const bounds = { ...service('https://rekor.example'), validFor: { start: null, end: null } }
    const nulls = { caUrls: [fulcio], oidcUrls: null, rekorTlogUrls: [bounds], tsaUrls: null, tsaConfig: null }
    expect(chosen(nulls)).toEqual(chosen({ oidcUrls: [], tsaUrls: [], tsaConfig: undefined }))
    const unversioned = { caUrls: [service('https://fulcio.example'), { url: 'x', majorApiVersion: null }] }
    expect(chosen(unversioned).fulcio).toBe('https://fulcio.example')
    expect(codeFor({ tsaConfig: { selector: 'EXACT', count: null } })).toBe(
      codeFor({ tsaConfig: { selector: 'EXACT', count: 0 } }),
    )
    expect(chooseServices({ ...(configWith() as object), signingConfig: null }, now)).toEqual(chosen({}))
  })

  it('are those of the newest version that is known and in force', () => {
    const rekorTlogUrls = [
      service('https://v1.example'),
      service('https://v2.example', 2),
      service('https://v3.example', 3),
      service('https://old.example', 2, { start: '2025-01-01T00:00:00Z', end: '2025-12-31T00:00:00Z' }),
      service('https://soon.example', 2, { start: '2027-01-01T00:00:00Z' }),
      service('https://newer.example', 2, { start: '2026-06-01T00:00:00Z' }),
    ]
    expect(chosen({ rekorTlogUrls }).log).toEqual({ url: 'https://newer.example', version: 2 })
  })

  it('are as many timestamp authorities as the selector asks for', () => {
    const tsaUrls = ['a', 'b', 'c'].map((name) => service(`https://${name}.example`))
    const all = ['https://a.example', 'https://b.example', 'https://c.example']
    expect(chosen({ tsaUrls }).timestampAuthorities).toEqual(all.slice(0, 1))
    expect(chosen({ tsaUrls, tsaConfig: { selector: 'ALL' } }).timestampAuthorities).toEqual(all)
    expect(chosen({ tsaUrls, tsaConfig: { selector: 'EXACT', count: 2 } }).timestampAuthorities).toEqual(
      all.slice(0, 2),
    )
    expect(codeFor({ tsaUrls, tsaConfig: { selector: 'EXACT', count: 4 } })).toBe('signing-service-missing')
    expect(codeFor({ tsaUrls, tsaConfig: { selector: 'EXACT' } })).toBe('signing-service-missing')
    expect(codeFor({ tsaUrls, tsaConfig: {} })).toBe('trust-config-malformed')
  })

  it('are asked for by a selector of any spelling, and none is needed for an empty list', () => {
    const [both, none] = [['a', 'b'].map((name) => service(`https://${name}.example`)), { tsaUrls: [] }]
    for (const [selector, count] of [
      [1, 2],
      [2, 1],
      ['ALL', 2],
    ] as const) {
      const taken = chosen({ tsaUrls: both, tsaConfig: { selector } }).timestampAuthorities
      expect(taken, `${selector}`).toHaveLength(count)
    }
    for (const tsaConfig of [
      {},
      { selector: 0 },
      { selector: 'SERVICE_SELECTOR_UNDEFINED' },
      { selector: 'ANY' },
      null,
    ]) {
      expect(chosen({ ...none, tsaConfig }).timestampAuthorities).toEqual([])
    }
    expect(codeFor({ ...none, tsaConfig: { selector: 'EXACT', count: 1 } })).toBe('signing-service-missing')
    for (const tsaConfig of [{ selector: 0 }, { selector: 9 }, { selector: 'SOME' }, null]) {
      expect(codeFor({ tsaUrls: both, tsaConfig })).toBe('trust-config-malformed')
    }
  })

  it.each<[string, Record<string, unknown>]>([
    ['logs that speak an API of the future', { rekorTlogUrls: [service('https://r.example', 3)] }],
    ['logs that are not released yet', { rekorTlogUrls: [service('https://r.example', 0)] }],
    [
      'logs that are no longer in force',
      { rekorTlogUrls: [service('https://r.example', 1, { end: '2026-01-01T00:00:00Z' })] },
    ],
    ['clocks that speak an API of the future', { tsaUrls: [service('https://t.example', 2)] }],
  ])('that are %s do not become none at all', (_, parts) => {
    for (const selector of ['ANY', 'ALL']) {
      expect(codeFor({ ...parts, rekorTlogConfig: { selector }, tsaConfig: { selector } })).toBe(
        'signing-service-missing',
      )
    }
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no certificate authority', { caUrls: [] }, 'signing-service-missing'],
    ['one of the future', { caUrls: [service('https://fulcio.example', 2)] }, 'signing-service-missing'],
    [
      'one that is not in force yet',
      { caUrls: [service('https://f.example', 1, { start: '2027-01-01T00:00:00Z' })] },
      'signing-service-missing',
    ],
    ['neither log nor timestamp authority', { rekorTlogUrls: [], tsaUrls: [] }, 'signing-service-missing'],
    [
      'a Rekor v2 that nobody dates',
      { rekorTlogUrls: [service('https://r.example', 2)], tsaUrls: [] },
      'signing-service-missing',
    ],
    [
      'several logs',
      {
        rekorTlogUrls: [service('https://a.example'), service('https://b.example')],
        rekorTlogConfig: { selector: 'ALL' },
      },
      'signing-service-missing',
    ],
    ['an address without https', { caUrls: [service('http://fulcio.example')] }, 'trust-config-malformed'],
    [
      'an address that looks like loopback',
      { caUrls: [service('http://127.0.0.1.evil.example')] },
      'trust-config-malformed',
    ],
    ['a file for an address', { caUrls: [service('file:///etc/passwd')] }, 'trust-config-malformed'],
    ['no address', { caUrls: [service('fulcio')] }, 'trust-config-malformed'],
    [
      'another version',
      { mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.1+json' },
      'trust-config-malformed',
    ],
    ['services that are no list', { caUrls: 'https://fulcio.example' }, 'trust-config-malformed'],
  ])('with %s are refused', (_, parts, code) => {
    expect(codeFor(parts)).toBe(code)
  })

  it.each<[string, Json]>([
    ['a list', []],
    ['null', null],
    ['an empty object', {}],
    ['a trusted root', { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }],
  ])('are not found in %s', (_, json) => {
    expect(codeOf(() => chooseServices(json, now))).toBe('trust-config-malformed')
  })
})
