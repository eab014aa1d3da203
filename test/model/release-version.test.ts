/** What a tag says of a release, and in which order versions come. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areOfOneChannel,
  compareVersions,
  isFinal,
  parseVersion,
  parseVersionTag,
} from '../../src/model/release-version.ts'
import type { ReleaseVersion } from '../../src/model/release-version.ts'
import { runs } from '../world/runs.ts'

/** As SemVer writes it, so that a row of a table is readable. */
function shown({ epoch, release, pre, post, build }: ReleaseVersion): string {
  const part = (sign: string, words: readonly string[]): string => (words.length === 0 ? '' : sign + words.join('.'))
  return (epoch === '0' ? '' : `${epoch}!`) + release.join('.') + part('-', pre) + part('^', post) + part('+', build)
}

describe('a tag', () => {
  it.each([
    ['v1.2.0', '', '1.2.0'],
    ['V1.2.0', '', '1.2.0'],
    ['1.2.0', '', '1.2.0'],
    ['1.2', '', '1.2'],
    ['v1', '', '1'],
    ['v01.02.03', '', '1.2.3'],
    ['release-1.2.0', '', '1.2.0'],
    ['release/1.2.0', '', '1.2.0'],
    ['rel_1.2.0', '', '1.2.0'],
    ['v.1.2.0', '', '1.2.0'],
    ['REL_16_2', '', '16.2'],
    ['v1.2.0-rc.1', '', '1.2.0-rc.1'],
    ['1.2.0rc1', '', '1.2.0-rc.1'],
    ['1.2.0c1', '', '1.2.0-rc.1'],
    ['1.2.0-a2', '', '1.2.0-alpha.2'],
    ['1.0b3', '', '1.0-beta.3'],
    ['1.2.0.dev3', '', '1.2.0-dev.3'],
    ['1.2.0.post1', '', '1.2.0^post.1'],
    ['1.2.0.post1.dev2', '', '1.2.0-dev.2^post.1'],
    ['2!1.0', '', '2!1.0'],
    ['1.2.0-1', '', '1.2.0-1'],
    ['v1.0.0-alpha+001', '', '1.0.0-alpha+1'],
    ['1.2.0.Final', '', '1.2.0'],
    ['1.2.0.RELEASE', '', '1.2.0'],
    ['1.2.0.SP2', '', '1.2.0^sp.2'],
    ['2.0-M3', '', '2.0-milestone.3'],
    ['1.2.0-SNAPSHOT', '', '1.2.0-snapshot'],
    ['OpenSSL_1_1_1w', 'OpenSSL', '1.1.1^w'],
    ['2024.11.3', '', '2024.11.3'],
    ['2024-11-03', '', '2024.11.3'],
    ['v20241103', '', '20241103'],
    ['24.04', '', '24.4'],
    ['v0.56.0-preview.1', '', '0.56.0-preview.1'],
    ['v1.6.21-next-20240101-abc', '', '1.6.21-next.20240101.abc'],
    ['nightly-2024-11-03', 'nightly', '2024.11.3'],
    ['pkg@1.2.0', 'pkg', '1.2.0'],
    ['pkg/v1.2.0', 'pkg', '1.2.0'],
    ['pkg-v1.2.0', 'pkg', '1.2.0'],
    ['pkg-1.2.0', 'pkg', '1.2.0'],
    ['pkg_1.2.0', 'pkg', '1.2.0'],
    ['@scope/pkg@1.2.0-beta.1', '@scope/pkg', '1.2.0-beta.1'],
    ['packages/pkg/v1.2.0', 'packages/pkg', '1.2.0'],
    ['pkg2-v1.2.0', 'pkg2', '1.2.0'],
    ['app-1-2.0.0', 'app-1', '2.0.0'],
    ['go1.22.1', 'go', '1.22.1'],
    ['go1.22rc1', 'go', '1.22-rc.1'],
    ['jdk-21.0.2+13', 'jdk', '21.0.2+13'],
    ['build-123', 'build', '123'],
    ['v1-2-3', '', '1.2.3'],
    ['v1-2-3-rc1', '', '1.2.3-rc.1'],
    ['release-1-2-3', '', '1.2.3'],
    ['boost-1-70-0-beta1', 'boost', '1.70.0-beta.1'],
    ['1-2', '', '1-2'],
    ['debian/1%1.2.3-1', 'debian', '1!1.2.3-1'],
    ['debian/1%1.2.3_rc1-1', 'debian', '1!1.2.3-rc.1.1'],
    ['1.2.0(45)', '', '1.2.0+45'],
    ['v1.2.0-beta(45)', '', '1.2.0-beta+45'],
    ['0.9.0-incubating', '', '0.9.0'],
    ['0.9.0-incubating-rc1', '', '0.9.0-rc.1'],
    ['1.2.0.Final-2', '', '1.2.0^2'],
    ['3.0.0-rtm', '', '3.0.0'],
    // the next release of a day
    ['2024-05-01.1', '', '2024.5.1.1'],
    ['2024.05.01-1', '', '2024.5.1.1'],
    ['release-20240501-2', '', '20240501.2'],
    ['202405011230_2', '', '202405011230.2'],
    ['2024-05-01-v2', '', '2024.5.1.2'],
    ['2024-05-01.1-rc1', '', '2024.5.1.1-rc.1'],
    ['2024-05-01.1+abc', '', '2024.5.1.1+abc'],
    ['RELEASE.2024-05-01T01-11-10Z', '', '2024.5.1.1.11.10'],
    ['RELEASE.2024-05-01T01-11-10Z.hotfix.3', '', '2024.5.1.1.11.10^hotfix.3'],
    // and what is none: a candidate, the id of a commit, no day, no date
    ['2024-05-01-rc1', '', '2024.5.1-rc.1'],
    ['nightly-2024-05-01-3f1d', 'nightly', '2024.5.1-3.f.1.d'],
    ['2024.5.0-1', '', '2024.5.0-1'],
    ['2024.13.1-1', '', '2024.13.1-1'],
    ['20240532-1', '', '20240532-1'],
  ])('%s is of the series %j, version %s', (tag, series, version) => {
    const found = parseVersionTag(tag)
    expect(found?.series).toBe(series)
    expect(found && shown(found.version)).toBe(version)
  })

  it.each([
    'latest',
    'nightly',
    'stable',
    'v',
    '',
    'release-',
    'v1.2.0 ',
    'v1..2',
    'v1.2.0-',
    '1.2.0(45',
    '1.2.0(a)',
    '1%',
    `1.${'1'.repeat(300)}`,
    'one',
  ])('%j names no version', (tag) => expect(parseVersionTag(tag)).toBeUndefined())

  it('is read in bounded time whatever it is (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('vV019.-_+!/@aé\n')), maxLength: 256 }), (tag) => {
        const found = parseVersionTag(tag)
        if (found !== undefined) expect(compareVersions(found.version, found.version)).toBe(0)
      }),
      { numRuns: runs(2_000) },
    )
    expect(parseVersionTag(`1.0${'a'.repeat(200)}!`)).toBeUndefined()
    expect(parseVersionTag(`1${'.0'.repeat(100)}!`)).toBeUndefined()
  })
})

describe('versions', () => {
  const read = (text: string): ReleaseVersion => {
    const version = parseVersion(text)
    if (version === undefined) throw new Error(`${text} is no version`)
    return version
  }

  it.each([
    // SemVer §11
    [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ],
    ['1.9.0', '1.10.0', '1.11.0', '2.0.0'],
    // PEP 440, Summary of permitted suffixes and relative ordering
    ['1.0.dev1', '1.0a1.dev1', '1.0a1', '1.0a2', '1.0b1', '1.0rc1', '1.0', '1.0.post1', '1.1.dev1', '1!0.1'],
    ['1.0-rc9', '1.0-rc10', '1.0'],
    ['2023.12.31', '2024.1.1', '2024-02-01', '2024.11'],
    ['2024-05-01-rc1', '2024-05-01', '2024-05-01.1-rc1', '2024-05-01.1', '2024-05-01-2', '2024-05-01.10', '2024-05-02'],
    ['20240501', '20240501-2', '20240501_3', '20240502'],
    ['2024-05-01', '2024-05-01T01-11-10Z', '2024-05-01T13-00-00Z', '2024-05-02T00-00-00Z'],
    ['1.1.1', '1.1.1a', '1.1.1w', '1.1.2'],
    ['21.0.2+12', '21.0.2+13', '21.0.3'],
    ['1.2.0.Final', '1.2.0.SP1', '1.2.1.Final'],
    ['99999999999999999998.0', '99999999999999999999.0'],
  ])('are in this order: %s …', (...texts) => {
    const shuffled = texts.toReversed().map(read)
    expect(shuffled.toSorted(compareVersions).map(shown)).toEqual(texts.map((it) => shown(read(it))))
    for (const [at, one] of texts.entries()) {
      for (const other of texts.slice(at + 1))
        expect(compareVersions(read(one), read(other)), `${one} ${other}`).toBeLessThan(0)
    }
  })

  it('have one order, whoever is asked first (property)', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('0129.-+ab')), maxLength: 12 }).map(parseVersion)
    const version = text.filter((it) => it !== undefined)
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0)
        const [x, y, z] = [a, b, c].toSorted(compareVersions) as [ReleaseVersion, ReleaseVersion, ReleaseVersion]
        expect(compareVersions(x, y)).toBeLessThanOrEqual(0)
        expect(compareVersions(x, z)).toBeLessThanOrEqual(0)
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('are final, or on a road to a final one', () => {
    expect(['1.0', '1.0.post1', '1.0+5', '1.1.1w'].map((it) => isFinal(read(it)))).toEqual([true, true, true, true])
    expect(['1.0rc1', '1.0-1', '1.0.dev1'].map((it) => isFinal(read(it)))).toEqual([false, false, false])
    const together = (one: string, other: string): boolean => areOfOneChannel(read(one), read(other))
    expect(together('1.0-alpha.1', '1.0-rc.1')).toBe(true)
    expect(together('1.0-preview.1', '1.0-rc.1')).toBe(true)
    expect(together('1.0-nightly.1', '1.0-rc.1')).toBe(false)
    expect(together('1.0-nightly.1', '1.1-nightly.20240101')).toBe(true)
    expect(together('1.0-next.1', '1.0-canary.1')).toBe(false)
  })
})
