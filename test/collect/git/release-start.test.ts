/** Where releases of real projects' tags begin: no tag that is not the release before shortens or stretches one. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import type { RangeOptions } from '../../../src/collect/git/history.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'

async function startOf(scratch: Scratch, options: Partial<RangeOptions> = {}): Promise<[string | undefined, string]> {
  const { sinceName, reason } = await resolveRange(await scratch.open(), { allowShallow: 'refuse', ...options })
  return [sinceName, reason]
}

/** Commits in a row, each with the tags at its place; names between two `|` stand at one commit. */
function tagged(row: string): Scratch {
  const scratch = scratchRepository()
  const places = row.split('|').map((names) => names.split(' ').filter((it) => it !== ''))
  const commits = places.map(
    (_, at) =>
      `commit refs/heads/main\nmark :${at + 1}\ncommitter Ann <a@example.org> ${1_700_000_000 + at * 60} +0000\ndata 1\nx\n`,
  )
  const tags = places.flatMap((names, at) => names.map((name) => `reset refs/tags/${name}\nfrom :${at + 1}\n\n`))
  scratch.git(['fast-import', '--quiet'], [...commits, ...tags].join(''))
  return scratch
}

describe('the release of a tag begins at the version before it', () => {
  test.for<[released: string, start: string | undefined, row: string]>(
    part(
      [
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | | v1.1.0'],
        // candidates, previews and nightlies before a final release
        ['v0.56.0', 'v0.55.0', 'v0.55.0 | | v0.56.0-preview.0 | v0.56.0-preview.1 | v0.56.0'],
        ['v1.0.0', undefined, 'v1.0.0-rc.1 | v1.0.0'],
        ['v1.6.22', 'v1.6.20', 'v1.6.20 | | v1.6.21-next-20260101-abc | v1.6.22-nightly.5 | v1.6.22'],
        ['1.2.0', '1.1.0', '1.1.0 | 1.2.0a1 | 1.2.0b2 | 1.2.0rc1 | 1.2.0'],
        ['1.2.0.post1', '1.2.0', '1.1.0 | 1.2.0 | 1.3.0.dev1 | 1.2.0.post1'],
        // a candidate promoted where it stands
        ['v1.2.0', 'v1.1.0', 'v1.1.0 | | v1.2.0-rc.2 v1.2.0'],
        // moving tags, and those without a version
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | latest stable nightly | v1 v1.1 v1.1.0'],
        ['v1', 'v1.0.0', 'v1.0.0 | | v1 v1.1 v1.1.0'],
        ['v1.0.1', 'v1.0.0', 'v0.9.0 | v1.0.0 | | v1 v1.0 v1.0.1'],
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | deployed-to-staging | build-77 | v1.1.0'],
        ['v2.0.1', 'v1.9.0', 'v1.9.0 | | v2.0.1 v2'],
        ['v2.0.1', 'v1.9.0', 'v1.9.0 | | v2.0.1 v2 v2.0'],
        ['v2', 'v1.9.0', 'v1.9.0 | | v2.0.1 v2 v2.0'],
        ['pkg@2.0.1', 'pkg@1.9.0', 'pkg@1.9.0 | | pkg@2.0.1 pkg@2'],
        // moved before the version that it is to mean, or left behind
        ['v2.0.1', 'v1.9.0', 'v1.9.0 | | v2 | v2.0.1'],
        ['v2.0.1', 'v1.9.0', 'v1.9.0 | | v2.0 | v2.0.1'],
        ['v2.0.1', 'v1.9.1', 'v1.9.1 | | v2 | v2.0.1'],
        ['v1.0.1', undefined, '| v1 | v1.0.1'],
        ['v2.2.0', 'v2.1.3', 'v1.9.0 | v2.1.3 | v2.1 v2 | v2.2.0'],
        ['5.1', '4.1', '4 | 4.1 | 5.2 5 | 5.1'],
        // short versions that are releases themselves
        ['5.1.1', '5.1', '5.0 | 5.0.1 | 5.1 | 5.1.1'],
        ['1.0.1', '1.0', '1.0 | 1.0.1'],
        ['v255.2', 'v255.1', 'v254 | v255 | v255.1 | v255.2'],
        ['v255.1', 'v255', 'v254 | v254.1 | v255 | v255.1'],
        ['v2.0.0', 'v1.1', 'v1.0 | v1.1 | v2.0.0'],
        ['v6.1.1', 'v6.1', 'v2.6.0 | v2.6.1 | v3.0 | v3.0.1 | v4.0 | v6.1 | v6.1.1'],
        ['jdk-21.0.1-ga', 'jdk-21-ga', 'jdk-20-ga | jdk-21+35 jdk-21-ga | jdk-21.0.1+12 jdk-21.0.1-ga'],
        // of several on the released commit none is the version before
        ['v1.0.1', undefined, '| v1.0.0 v1.0.1'],
        ['v1.0.1', 'v0.9.0', 'v0.9.0 | | v1.0.0 v1.0.1'],
        ['v1.2.0-rc.2', 'v1.1.0', 'v1.1.0 | | v1.2.0-rc.1 v1.2.0-rc.2'],
        // and none that was made of it, as a patch of an older line
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | | v1.1.0 | v1.0.1'],
        // a candidate follows what is on its own road
        ['v1.2.0-rc.2', 'v1.2.0-rc.1', 'v1.1.0 | v1.2.0-rc.1 | v1.2.0-nightly.9 | v1.2.0-rc.2'],
        ['v1.2.0-rc.1', 'v1.2.0-beta.3', 'v1.1.0 | v1.2.0-beta.3 | v1.2.0-rc.1'],
        ['v1.2.0-nightly.9', 'v1.2.0-nightly.8', 'v1.1.0 | v1.2.0-nightly.8 | v1.2.0-rc.1 | v1.2.0-nightly.9'],
        ['v1.2.0-rc.1', 'v1.1.0', 'v1.1.0-rc.4 | v1.1.0 | v1.2.0-canary.1 | v1.2.0-rc.1'],
        ['v1.0.0-rc10', 'v1.0.0-rc9', 'v1.0.0-rc2 | v1.0.0-rc9 | v1.0.0-rc10'],
        // other packages
        ['pkg@1.2.0', 'pkg@1.1.0', 'pkg@1.1.0 | other@3.0.0 | pkg-two@1.1.9 | v9.0.0 | pkg@1.2.0'],
        ['v2.0.0', 'v1.0.0', 'v1.0.0 | other/v1.9.0 | other/v3.0.0 | v2.0.0'],
        ['pkg/v1.2.0', 'pkg/v1.1.0', 'pkg/v1.1.0 | v1.1.5 | pkg/v1.2.0'],
        ['pkg-v1.2.0', 'pkg-v1.1.0', 'pkg-v1.1.0 | pkg-cli-v1.1.5 | pkg-v1.2.0'],
        ['@acme/a@2.0.0', '@acme/a@1.0.0', '@acme/a@1.0.0 | @acme/b@1.5.0 | @acme/a@2.0.0 @acme/b@2.0.0'],
        ['new@1.0.0', undefined, 'old@1.0.0 | | new@1.0.0'],
        // one series under two forms
        ['1.1.0', 'v1.0.0', 'v1.0.0 | | 1.1.0'],
        ['pkg@1.1.0', 'pkg-v1.0.0', 'pkg-v1.0.0 | | pkg@1.1.0'],
        // dates
        ['2024.11.3', '2024.2.10', '2024.2.10 | 2024.11.3'],
        ['2024-05-01.1', '2024-05-01', '2024-04-30 | 2024-05-01 | 2024-05-01.1'],
        ['2024-05-02', '2024-05-01.1', '2024-04-30 | 2024-05-01 | 2024-05-01.1 | 2024-05-02'],
        ['release-20240501-2', 'release-20240501', 'release-20240430 | release-20240501 | release-20240501-2'],
        ['nightly-2024-11-03', 'nightly-2024-11-02', 'nightly-2024-11-02 | v1.0.0 | nightly-2024-11-03'],
        // numbers are numbers
        ['v1.10.0', 'v1.9.0', 'v1.2.0 | v1.9.0 | v1.10.0'],
        // an older line that goes on
        ['v1.4.2', 'v1.4.1', 'v1.4.1 | v2.0.0 | v1.4.2'],
        // builds of one version, and the one that it became
        ['jdk-21.0.2-ga', 'jdk-21.0.1-ga', 'jdk-21.0.1+12 jdk-21.0.1-ga | jdk-21.0.2+11 | jdk-21.0.2+13 jdk-21.0.2-ga'],
        ['jdk-21.0.2+13', 'jdk-21.0.1-ga', 'jdk-21.0.1+12 jdk-21.0.1-ga | jdk-21.0.2+11 | jdk-21.0.2+13 jdk-21.0.2-ga'],
        ['v1.0.0+13', 'v1.0.0+11', 'v1.0.0+11 | | v1.0.0+13'],
        // forms of other houses
        ['v1-2-3-rc1', 'v1-2-2', 'v1-2-1 | v1-2-2 | v1-2-3-rc1'],
        ['v1-2-3', 'v1-2-2', 'v1-2-2 | v1-2-3-rc1 | v1-2-3'],
        [
          'debian/1%1.2.3-1',
          'debian/1%1.2.2-1',
          'debian/1.9.0-1 | debian/1%1.2.2-1 | upstream/1.2.3 | debian/1%1.2.3-1',
        ],
        ['1.2.0(45)', '1.2.0(44)', '1.1.0(40) | 1.2.0(44) | 1.2.0(45)'],
        ['0.10.0-incubating', '0.9.0-incubating', '0.9.0-incubating-rc1 | 0.9.0-incubating | 0.10.0-incubating'],
        ['0.9.0-incubating', '0.8.0-incubating', '0.8.0-incubating | 0.9.0-incubating-rc1 | 0.9.0-incubating'],
        ['3.0.0-rtm', '2.0.0', '2.0.0 | 3.0.0-beta1 | 3.0.0-rtm'],
        // what lies behind it, or is a later version, is no start
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | v99.0.0 | v1.1.0'],
      ],
      4,
    ),
  )('%s: %s (%s)', async ([released, start, row]) => {
    const scratch = tagged(row)
    const expected = [start, start === undefined ? 'adopted' : 'version-before']
    expect(await startOf(scratch, { ref: `refs/tags/${released}` })).toEqual(expected)
  })

  test.for<[ref: string, start: string | undefined, row: string]>(
    part(
      [
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | v1.1.0-rc.2 | v1.1.0-rc.3'],
        ['v1.1.0', 'v1.0.0', 'v1.0.0 | | '],
        ['v1.0.1', 'v1.0.0', 'v1.0.0 | v1.1.0 | '],
        ['pkg@1.1.0', 'pkg@1.0.0', 'pkg@1.0.0 | v2.0.0 | v2.1.0'],
        ['v2', 'v1.9.0', 'v1.9.0 | | v2.0.1'],
        ['v2', 'v2.0.1', 'v1.9.0 | v2.0.1 | '],
        ['new@1.0.0', undefined, 'old@1.0.0 | | '],
        ['a-name', 'v1.0.0', 'v1.0.0 | | v1.1.0'],
      ],
      4,
    ),
  )('also where only the token names %s: %s (%s)', async ([ref, start, row]) => {
    expect((await startOf(tagged(row), { ref: `refs/tags/${ref}` }))[0]).toBe(start)
  })

  test('also where it lies on a branch of its own, and the range has what is not in it', async () => {
    const scratch = tagged('v0.22.0 | ')
    const base = scratch.git(['rev-parse', 'main'])
    scratch.git(['checkout', '--quiet', '-b', 'release-0.61'])
    scratch.commit('for the release alone')
    scratch.git(['tag', 'v0.61.0'])
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('after')
    const range = await resolveRange(await scratch.open(), { allowShallow: 'refuse', ref: 'refs/tags/v0.62.0' })
    expect(range).toMatchObject({ sinceName: 'v0.61.0', base, reason: 'version-before' })
    const ofBranch = await resolveRange(await scratch.open(), { allowShallow: 'refuse', ref: 'refs/heads/main' })
    expect(ofBranch).toMatchObject({ sinceName: 'v0.61.0', base, reason: 'last-version' })
    scratch.git(['tag', '-a', '-m', 'release', 'v0.62.0'])
    const tagged062 = await resolveRange(await scratch.open(), { allowShallow: 'refuse', ref: 'refs/tags/v0.62.0' })
    expect(tagged062).toMatchObject({ sinceName: 'v0.61.0', base, reason: 'version-before' })
  })

  test('but not where the two have no commit in common', async () => {
    const scratch = tagged('v1.0.0 | v1.2.0')
    scratch.git(['checkout', '--quiet', '--orphan', 'imported'])
    scratch.commit('from elsewhere')
    scratch.git(['tag', 'v1.1.0'])
    scratch.git(['checkout', '--quiet', '--force', 'main'])
    expect(await startOf(scratch, { ref: 'refs/tags/v1.2.0' })).toEqual(['v1.0.0', 'version-before'])
  })

  test('of an annotated tag, and of a tag of a tag, by the names of their refs', async () => {
    const scratch = tagged('| | ')
    scratch.git(['tag', '-a', '-m', 'x', 'inner', 'HEAD~1'])
    scratch.git(['tag', '-a', '-m', 'x', 'v1.0.0', 'inner'])
    scratch.git(['update-ref', 'refs/tags/v1.0.1', scratch.git(['rev-parse', 'inner'])])
    scratch.git(['tag', 'v1.1.0'])
    expect(await startOf(scratch, { ref: 'refs/tags/v1.1.0' })).toEqual(['v1.0.1', 'version-before'])
    scratch.git(['tag', '--delete', 'v1.0.1'])
    expect(await startOf(scratch, { ref: 'refs/tags/v1.1.0' })).toEqual(['v1.0.0', 'version-before'])
  })
})

describe('a release of a branch begins', () => {
  test.for<[what: string, start: string | undefined, row: string]>(
    part(
      [
        ['at the version before that of its tag', 'v1.0.0', 'v1.0.0 | | v1.1.0 latest'],
        ['at the last final version', 'v1.1.0', 'v1.0.0 | v1.1.0 | v1.2.0-rc.1 | '],
        ['at the version before, beside a moving tag', 'v1.9.0', 'v1.9.0 | | v2.0.1 v2'],
        ['at the last version, under a moving tag', 'v2.0.1', 'v1.9.0 | v2.0.1 | v2'],
        [
          'before the version that a build became',
          'jdk-21.0.1-ga',
          'jdk-21.0.1-ga | jdk-21.0.2+1 | jdk-21.0.2+2 jdk-21.0.2-ga',
        ],
        ['at the last of all where none is final', 'v0.1.0-rc.2', 'v0.1.0-rc.1 | v0.1.0-rc.2 | '],
        ['at the product without a name, if it has tags', 'v1.0.0', 'v1.0.0 | pkg@2.0.0 | '],
        ['at the package that was released last', 'b@1.0.0', 'a@5.0.0 | b@1.0.0 | '],
        ['of several packages, where the furthest of them does', 'a@1.0.0', 'a@1.0.0 | b@1.0.0 | | a@1.0.1 b@1.1.0'],
        ['with the first commit, if one of them is new', undefined, 'a@1.0.0 | | a@1.0.1 b@1.0.0'],
        ['with the first commit where no tag names a version', undefined, 'latest | nightly | '],
      ],
      4,
    ),
  )('%s: %s', async ([, start, row]) => {
    expect((await startOf(tagged(row), { ref: 'refs/heads/main' }))[0]).toBe(start)
  })
})

describe('a release of a branch beside a higher version', () => {
  test('begins in its own history, unless that version may be the release before', async () => {
    // The branch leaves the trunk behind two commits that no release has had; the version is made on the trunk, or on a branch.
    const scratch = tagged('v1.3.0 | | | v2.0.0')
    const base = scratch.git(['rev-parse', 'main~1'])
    scratch.git(['checkout', '--quiet', '-b', 'beside', base])
    scratch.commit('fix')
    const from = async (branch: string | undefined): Promise<string | undefined> =>
      (await startOf(scratch, { ref: branch === undefined ? undefined : `refs/heads/${branch}` }))[0]
    for (const branch of ['1.x', '1.3.x', 'release/1.3', 'v1', 'REL_1_STABLE', 'legacy', 'main', undefined]) {
      expect(await from(branch), branch).toBe('v1.3.0')
    }
    expect(await startOf(scratch, { ref: 'refs/pull/7/merge' })).toEqual(['v1.3.0', 'last-version'])
    // A minor version: the trunk has its releases cut beside it, a branch for maintenance has not.
    scratch.git(['tag', 'v1.4.0', 'v2.0.0'])
    scratch.git(['tag', '--delete', 'v2.0.0'])
    for (const branch of ['1.3.x', 'release-1.3', 'legacy']) expect(await from(branch), branch).toBe('v1.3.0')
    for (const branch of ['main', 'develop', '1.x', 'release/1.5.0']) expect(await from(branch), branch).toBe('v1.4.0')
    // With nothing in its history it has at least that.
    scratch.git(['tag', '--delete', 'v1.3.0'])
    expect(await from('legacy')).toBe('v1.4.0')
  })
})

test('a moving tag that stands where no version does is no version', async () => {
  const scratch = tagged('v1.9.0 | v2.0.1 | v2')
  expect(await startOf(scratch, { ref: 'refs/tags/v2' })).toEqual(['v2.0.1', 'last-version'])
})

test('a version that was made of the released commit is not the last one before it', async () => {
  const scratch = tagged('v1.0.0 | | v1.1.0 | v2.0.0')
  const until = scratch.git(['rev-parse', 'main~2'])
  expect(await startOf(scratch, { until, ref: 'refs/heads/main' })).toEqual(['v1.0.0', 'last-version'])
})

describe('a pattern of tags', () => {
  test.for<[pattern: string, start: string | undefined, row: string]>(
    part(
      [
        ['cli-v*', 'cli-v1.0.0', 'cli-v1.0.0 | v1.0.5 | cli-v1.1.0 v1.1.0'],
        ['v*', 'v1.0.0', 'v1.0.0 | cli-v1.0.5 | cli-v1.1.0 v1.1.0'],
        ['deploy-2024-*', 'deploy-2024-17', 'deploy-2024-9 | deploy-2024-17 | v1.0.0 | deploy-2024-18'],
        ['none-*', undefined, 'v1.0.0 | v1.1.0'],
        ['v*-lts', 'v1.0.0-lts', 'v1.0.0-lts | v1.0.5 | v1.1.0-lts'],
        ['r*.*-*x', 'r1.0-x', 'r1.0-x | r1-0.x | r1.1-x'],
      ],
      3,
    ),
  )('%s chooses %s', async ([tagPattern, start, row]) => {
    expect((await startOf(tagged(row), { tagPattern }))[0]).toBe(start)
  })

  test.for(part(['', 'v1', '*\n', 'a b*', '****', `${'x'.repeat(300)}*`], 3))('is none: %j', async (tagPattern) => {
    expect(await codeOfAsync(() => startOf(tagged('v1.0.0 | '), { tagPattern }))).toBe('tag-pattern-invalid')
  })

  test('is text but for its stars', async () => {
    expect((await startOf(tagged('v1.0.0 | '), { tagPattern: 'v1.*' }))[0]).toBe('v1.0.0')
    expect((await startOf(tagged('v1x0.0 v1.0.0 | '), { tagPattern: 'v1.0.*' }))[0]).toBe('v1.0.0')
    expect((await startOf(tagged('(v)1.0.0 | '), { tagPattern: '(v)*' }))[0]).toBe('(v)1.0.0')
  })
})
