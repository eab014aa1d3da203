import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { adoptedCommits, baseOf, forEachCommit, resolveRange } from '../../../src/collect/git/history.ts'
import type { RangeOptions } from '../../../src/collect/git/history.ts'
import { limits } from '../../../src/model/limits.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { rangeUpTo } from '../../world/range.ts'
import { scratchClone, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { isEach, part } from '../../world/runs.ts'

async function rangeOf(scratch: Scratch, options: Partial<RangeOptions> = {}): Promise<unknown> {
  return resolveRange(await scratch.open(), { allowShallow: 'refuse', ...options })
}

async function messagesIn(scratch: Scratch, since: string | null): Promise<[string, string, boolean][]> {
  const messages: [string, string, boolean][] = []
  const range = rangeUpTo(scratch.git(['rev-parse', 'HEAD']), { since })
  const total = await forEachCommit(await scratch.open(), range, ({ commit }, message, whole) => {
    messages.push([commit, message.toString('utf8'), whole])
  })
  expect(messages).toHaveLength(total)
  return messages
}

test('where an asked start parts from the range is the same, found by the commits that were read or by git', async () => {
  const scratch = scratchRepository()
  const [root, fork] = [scratch.commit('root'), scratch.commit('fork')]
  const until = scratch.commit('ours')
  scratch.git(['checkout', '--quiet', '-b', 'side', fork])
  const beside = scratch.commit('theirs')
  const repository = await scratch.open()
  for (const [since, base] of [
    [root, undefined],
    [fork, undefined],
    [beside, fork],
  ] as const) {
    const asked = { allowShallow: 'refuse', since, until } as const
    expect(await resolveRange(repository, asked)).toMatchObject({ reason: 'asked', since, base })
    const range = await resolveRange(repository, { ...asked, base: 'later' })
    expect(range.base).toBeUndefined()
    const parents: (readonly string[])[] = []
    await forEachCommit(repository, range, (header) => void parents.push(header.parents))
    expect(await baseOf(repository, range, parents)).toBe(base)
    // Of a commit that nobody read git is asked.
    expect(await baseOf(repository, range, [])).toBe(base)
  }
})

describe('the default start of a range', () => {
  test('is nothing without a release before: the whole history is adopted', async () => {
    const scratch = scratchRepository()
    expect(await rangeOf(scratch, { until: scratch.commit('one') })).toMatchObject({ since: null, reason: 'adopted' })
  })

  test('is nothing too where tags are of another series, and the last of them is told', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['tag', 'first@1.0.0'])
    scratch.git(['tag', 'other@1.0.0', scratch.commit('two')])
    scratch.git(['tag', 'v1.0.0', scratch.commit('three')])
    const adopted = await rangeOf(scratch, { ref: 'refs/tags/v1.0.0' })
    expect(adopted).toMatchObject({ since: null, reason: 'adopted' })
    expect(['first@1.0.0', 'other@1.0.0']).toContain((adopted as { otherTag?: string }).otherTag)
    expect(await rangeOf(scratch, { adopt: true })).not.toHaveProperty('otherTag')
    const alone = scratchRepository()
    alone.commit('one')
    alone.git(['tag', 'v1.0.0'])
    expect(await rangeOf(alone, { ref: 'refs/tags/v1.0.0' })).not.toHaveProperty('otherTag')
  })

  test.runIf(isEach)(
    'is not known to be nothing where the clone has no tags and the remote has, or may have',
    async () => {
      const scratch = scratchRepository()
      scratch.commit('one')
      const asked: string[] = []
      const reasonIf = async (hasTags: boolean | undefined, more: Partial<RangeOptions> = {}): Promise<unknown> => {
        const remoteTags = (): Promise<boolean | undefined> => {
          asked.push('asked')
          return Promise.resolve(hasTags)
        }
        return ((await rangeOf(scratch, { remoteTags, ...more })) as { reason: string }).reason
      }
      expect(await reasonIf(true)).toBe('tags-not-fetched')
      expect(await reasonIf(undefined)).toBe('tags-unknown')
      expect(await reasonIf(false)).toBe('adopted')
      expect(asked).toHaveLength(3)
      // Somebody has said it, or the clone has tags.
      expect(await reasonIf(true, { adopt: true })).toBe('adopted')
      expect(await reasonIf(true, { since: 'HEAD' })).toBe('asked')
      scratch.git(['tag', 'latest'])
      expect(await reasonIf(true)).toBe('adopted')
      expect(asked).toHaveLength(3)
    },
  )

  test('is asked for where the whole history is hardly one release', async () => {
    const scratch = scratchRepository()
    scratch.git(['fast-import', '--quiet'], commitsInARow(adoptedCommits + 1))
    expect(await codeOfAsync(() => rangeOf(scratch))).toBe('release-start-unknown')
    expect(await rangeOf(scratch, { adopt: true })).toMatchObject({ since: null, reason: 'adopted' })
    expect(await rangeOf(scratch, { until: scratch.git(['rev-parse', 'HEAD~1']) })).toMatchObject({ reason: 'adopted' })
    scratch.git(['tag', 'v1.0.0', 'HEAD~3'])
    expect(await rangeOf(scratch)).toMatchObject({ sinceName: 'v1.0.0', reason: 'last-version' })
  })

  /** For `git fast-import`. */
  function commitsInARow(count: number): string {
    const one = (mark: number): string =>
      `commit refs/heads/main\ncommitter Ann <ann@example.org> ${1_700_000_000 + mark} +0000\ndata 1\nx\n`
    return Array.from({ length: count }, (_, mark) => one(mark)).join('')
  }
})

describe('paths', () => {
  function monorepo(): Scratch {
    const scratch = scratchRepository()
    scratch.commit('both', { 'a/x': '1', 'b/x': '1' })
    scratch.git(['tag', 'v1.0.0'])
    scratch.commit('only a', { 'a/x': '2' })
    scratch.git(['checkout', '--quiet', '-b', 'side'])
    scratch.commit('a on the side', { 'a/y': '1' })
    scratch.commit('a back again', { 'a/y': '' })
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('only b', { 'b/x': '2', 'a:b': '' })
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'merge', 'side'])
    return scratch
  }

  async function titlesIn(scratch: Scratch, ...paths: string[]): Promise<string[]> {
    const repository = await scratch.open()
    const range = await resolveRange(repository, { allowShallow: 'refuse', paths })
    const titles: string[] = []
    await forEachCommit(repository, range, (_, message) => titles.push(message.toString('utf8').trim()))
    return titles.filter((it) => it !== 'merge').sort()
  }

  test('leave the commits that change something there, on all sides of a merge', async () => {
    const scratch = monorepo()
    expect(await titlesIn(scratch, 'a')).toEqual(['a back again', 'a on the side', 'only a'])
    expect(await titlesIn(scratch, './b/')).toEqual(['only b'])
    expect(await titlesIn(scratch, 'a', 'b')).toHaveLength(4)
    expect(await titlesIn(scratch, 'a:b')).toEqual(['only b'])
  })

  test.for(
    part(
      [
        ...['', '..', './..', '/a', 'a/../b', 'a/..', 'a\n', 'x'.repeat(5_000), '/', '../x'],
        // never there
        ...['c', 'a/z', 'a/x/y', 'A', '*', 'a/*', ':(exclude)a', ':/a', './*'],
      ],
      5,
    ),
  )('that are none are refused: %j', async (path) => {
    expect(await codeOfAsync(() => titlesIn(monorepo(), path))).toBe('path-missing')
    expect(await codeOfAsync(() => titlesIn(monorepo(), 'a', path))).toBe('path-missing')
  })

  test('may be gone, if the release has taken them away', async () => {
    const scratch = monorepo()
    scratch.git(['rm', '--quiet', '-r', 'b'])
    scratch.commit('b is gone')
    expect(await titlesIn(scratch, 'b')).toEqual(['b is gone', 'only b'])
    scratch.git(['tag', 'v1.1.0'])
    scratch.commit('after', { 'a/x': '3' })
    expect(await codeOfAsync(() => titlesIn(scratch, 'b'))).toBe('path-missing')
    expect(await titlesIn(scratch, 'a')).toEqual(['after'])
  })

  test('of the tree that the release has not changed leave nothing of it', async () => {
    const scratch = monorepo()
    scratch.commit('new', { 'a/n': '1' })
    scratch.git(['tag', 'v1.1.0'])
    scratch.commit('after', { 'b/x': '3' })
    expect(await titlesIn(scratch, 'a')).toEqual([])
  })

  test('with ./ before them count from the folder, plain ones from the root, absolute ones from nowhere', async () => {
    const scratch = monorepo()
    const repository = await scratch.open()
    const cwd = join(scratch.folder, 'a')
    const from = async (...paths: string[]): Promise<readonly string[]> =>
      (await resolveRange(repository, { allowShallow: 'refuse', paths, cwd })).paths
    expect(await from('.')).toEqual(['a'])
    expect(await from('./')).toEqual(['a'])
    expect(await from('./x')).toEqual(['a/x'])
    expect(await from('../b', 'a')).toEqual(['b', 'a'])
    expect(await from(cwd)).toEqual(['a'])
    expect(await from(join(scratch.folder, 'a:b'))).toEqual(['a:b'])
    for (const whole of ['..', '../', scratch.folder]) expect(await from('a', whole)).toEqual([])
    for (const none of ['x', '../..', dirname(scratch.folder), `${scratch.folder}x`, '../a/..x']) {
      expect(await codeOfAsync(() => from(none)), none).toBe('path-missing')
    }
    const link = join(await mkdtemp(join(tmpdir(), 'countersign-link-')), 'checkout')
    onTestFinished(() => rm(dirname(link), { recursive: true }))
    await symlink(scratch.folder, link)
    expect(await from(join(link, 'a', 'x'))).toEqual(['a/x'])
    const linked = { allowShallow: 'refuse', paths: ['.'], cwd: link } as const
    expect((await resolveRange(repository, linked)).paths).toEqual([])
  })
})

describe('a start that somebody names', () => {
  test('is a tag, a branch or a commit', async () => {
    const scratch = scratchRepository()
    const since = scratch.commit('one')
    scratch.git(['tag', 'v1'])
    scratch.git(['branch', 'stable'])
    const until = scratch.commit('two')
    for (const sinceName of ['v1', 'stable', since, since.slice(0, 12), 'HEAD~1']) {
      expect(await rangeOf(scratch, { since: sinceName })).toMatchObject({
        since,
        sinceName,
        until,
        base: undefined,
        reason: 'asked',
      })
    }
  })

  test('need not be an ancestor: the range is what HEAD has and it has not', async () => {
    const scratch = scratchRepository()
    scratch.commit('base')
    scratch.git(['checkout', '--quiet', '-b', 'release'])
    const other = scratch.commit('on release')
    scratch.git(['checkout', '--quiet', 'main'])
    const until = scratch.commit('on main')
    const base = scratch.git(['rev-parse', 'main~1'])
    expect(await rangeOf(scratch, { since: 'release' })).toMatchObject({ since: other, base })
    expect((await messagesIn(scratch, other)).map(([commit]) => commit)).toEqual([until])
  })

  test.for(
    part(
      [
        '',
        '-',
        '--all',
        '--output=/tmp/x',
        '-n1',
        '^HEAD',
        'HEAD..HEAD',
        'HEAD^{tree}',
        'HEAD:a.txt',
        'no-such-tag',
        'v1\n--all',
        'v1\0',
        '0'.repeat(40),
        'x'.repeat(5_000),
      ],
      5,
    ),
  )('is refused: %j', async (since) => {
    const scratch = scratchRepository()
    scratch.commit('one', { 'a.txt': 'a' })
    scratch.git(['tag', 'v1'])
    expect(await codeOfAsync(() => rangeOf(scratch, { since }))).toBe('revision-unknown')
  })

  test('in a repository without a commit is refused', async () => {
    expect(await codeOfAsync(() => rangeOf(scratchRepository()))).toBe('git-no-commit')
  })
})

describe('a shallow clone', () => {
  function origin(): Scratch {
    const scratch = scratchRepository()
    for (const name of ['v1', 'v2', 'v3', 'v4']) {
      scratch.commit(name)
      scratch.git(['tag', name])
    }
    scratch.commit('five')
    return scratch
  }

  test('is refused where the range ends in the cut, or its loss is recorded', async () => {
    const clone = scratchClone(origin(), '--depth=1')
    expect(await codeOfAsync(() => rangeOf(clone))).toBe('history-shallow')
    expect(await rangeOf(clone, { allowShallow: 'record' })).toMatchObject({
      since: null,
      cut: true,
      reason: 'unknown',
    })
  })

  test('is refused too where the tag is there and lies at the cut of HEAD', async () => {
    const scratch = origin()
    scratch.git(['tag', 'v5'])
    const clone = scratchClone(scratch, '--depth=1', '--branch=v5')
    expect(await codeOfAsync(() => rangeOf(clone))).toBe('history-shallow')
  })

  test('is good where all of the range is there', async () => {
    const clone = scratchClone(origin(), '--depth=3')
    expect(await rangeOf(clone)).toMatchObject({ sinceName: 'v4', cut: false })
    expect(await rangeOf(clone, { since: 'v3' })).toMatchObject({ cut: false })
    expect(await codeOfAsync(() => rangeOf(clone, { since: 'v1' }))).toBe('revision-unknown')
  })
})

describe('messages', () => {
  test('come newest first, also from merges and detached heads, each commit once', async () => {
    const scratch = scratchRepository()
    const base = scratch.commit('base')
    scratch.git(['checkout', '--quiet', '-b', 'x'])
    const side = scratch.commit('side')
    scratch.git(['checkout', '--quiet', 'main'])
    const main = scratch.commit('main')
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'merge', 'x'])
    scratch.git(['checkout', '--quiet', '--detach'])
    const commits = (await messagesIn(scratch, base)).map(([commit]) => commit)
    expect(commits[0]).toBe(scratch.git(['rev-parse', 'HEAD']))
    expect(new Set(commits)).toEqual(new Set([commits[0], main, side]))
    expect(commits).toHaveLength(3)
  })

  test('are converted from the encoding that the commit declares', async () => {
    const scratch = scratchRepository()
    scratch.git(['config', 'i18n.commitEncoding', 'ISO-8859-1'])
    scratch.git(['config', 'i18n.logOutputEncoding', 'UTF-16'])
    scratch.commit(Buffer.from('Gr\u00fc\u00dfe', 'latin1'))
    expect((await messagesIn(scratch, null)).map(([, message]) => message)).toEqual(['Grüße'])
  })

  test.runIf(isEach)('of many megabytes keep both ends', async () => {
    const scratch = scratchRepository()
    const before = scratch.commit('before')
    scratch.commit(`start\n${'filling line\n'.repeat(800_000)}end\n`)
    const after = scratch.commit('after')
    const messages = await messagesIn(scratch, before)
    expect(messages.map(([commit, , whole]) => [commit === after, whole])).toEqual([
      [true, true],
      [false, false],
    ])
    const long = messages[1]?.[1] ?? ''
    expect(long.startsWith('start\n')).toBe(true)
    expect(long.endsWith('end\n')).toBe(true)
    expect(long.length).toBeLessThanOrEqual(limits.commitMessageBytes + 1)
  })
})
