import { describe, expect, test } from 'vitest'
import { forEachCommit, resolveRange } from '../../../src/collect/git/history.ts'
import type { RangeOptions } from '../../../src/collect/git/history.ts'
import { limits } from '../../../src/model/limits.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { scratchClone, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

async function rangeOf(scratch: Scratch, options: Partial<RangeOptions> = {}): Promise<unknown> {
  const { range, cut } = await resolveRange(await scratch.open(), { allowShallow: 'refuse', ...options })
  return { ...range, cut }
}

async function messagesIn(scratch: Scratch, since: string | null): Promise<[string, string, boolean][]> {
  const messages: [string, string, boolean][] = []
  const range = { since, sinceName: undefined, until: scratch.git(['rev-parse', 'HEAD']) }
  const total = await forEachCommit(await scratch.open(), range, (commit, message, whole) => {
    messages.push([commit, message.toString('utf8'), whole])
  })
  expect(messages).toHaveLength(total)
  return messages
}

describe('the default start of a range', () => {
  test('is nothing without a tag: the whole history is released', async () => {
    const scratch = scratchRepository()
    const until = scratch.commit('one')
    expect(await rangeOf(scratch)).toEqual({ since: null, sinceName: undefined, until, cut: false })
  })

  test('is the nearest tag, annotated or not', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.git(['tag', 'v1'])
    const second = scratch.commit('two')
    scratch.git(['tag', '-a', '-m', 'second', 'v2'])
    const until = scratch.commit('three')
    expect(await rangeOf(scratch)).toEqual({ since: second, sinceName: 'v2', until, cut: false })
  })

  test('is not a tag at HEAD, for a release is built there', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one')
    scratch.git(['tag', 'v1'])
    const until = scratch.commit('two')
    scratch.git(['tag', 'v2'])
    scratch.git(['tag', '-a', '-m', 'latest', 'latest'])
    scratch.git(['tag', '-a', '-m', 'tag of a tag', 'nested', 'latest'])
    expect(await rangeOf(scratch)).toEqual({ since: first, sinceName: 'v1', until, cut: false })
  })

  test('is nothing when the only tag is at HEAD', async () => {
    const scratch = scratchRepository()
    scratch.commit('one')
    scratch.commit('two')
    scratch.git(['tag', 'v1'])
    expect(await rangeOf(scratch)).toMatchObject({ since: null })
  })

  test('is not a tag of another branch', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one')
    scratch.git(['tag', 'v1'])
    scratch.git(['checkout', '--quiet', '-b', 'other'])
    scratch.commit('other')
    scratch.git(['tag', 'v9'])
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('two')
    expect(await rangeOf(scratch)).toMatchObject({ since: first, sinceName: 'v1' })
  })

  test('is not guessed where a tag carries another name than its ref', async () => {
    const scratch = scratchRepository()
    const first = scratch.commit('one')
    scratch.git(['tag', '-a', '-m', 'x', 'inner'])
    scratch.git(['update-ref', 'refs/tags/outer', scratch.git(['rev-parse', 'inner'])])
    scratch.git(['tag', '-d', 'inner'])
    scratch.commit('two')
    expect(await codeOfAsync(() => rangeOf(scratch))).toBe('revision-unknown')
    expect(await rangeOf(scratch, { since: 'outer' })).toMatchObject({ since: first, sinceName: 'outer' })
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
      expect(await rangeOf(scratch, { since: sinceName })).toEqual({ since, sinceName, until, cut: false })
    }
  })

  test('need not be an ancestor: the range is what HEAD has and it has not', async () => {
    const scratch = scratchRepository()
    scratch.commit('base')
    scratch.git(['checkout', '--quiet', '-b', 'release'])
    const other = scratch.commit('on release')
    scratch.git(['checkout', '--quiet', 'main'])
    const until = scratch.commit('on main')
    expect(await rangeOf(scratch, { since: 'release' })).toMatchObject({ since: other })
    expect((await messagesIn(scratch, other)).map(([commit]) => commit)).toEqual([until])
  })

  test.for([
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
  ])('is refused: %j', async (since) => {
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
    for (const name of ['one', 'two', 'three', 'four']) {
      scratch.commit(name)
      scratch.git(['tag', name])
    }
    scratch.commit('five')
    return scratch
  }

  test('is refused where the range ends in the cut, or its loss is recorded', async () => {
    const clone = scratchClone(origin(), '--depth=1')
    expect(await codeOfAsync(() => rangeOf(clone))).toBe('history-shallow')
    expect(await rangeOf(clone, { allowShallow: 'record' })).toMatchObject({ since: null, cut: true })
  })

  test('is refused too where the tag is there and lies at the cut of HEAD', async () => {
    const scratch = origin()
    scratch.git(['tag', 'five'])
    const clone = scratchClone(scratch, '--depth=1', '--branch=five')
    expect(await codeOfAsync(() => rangeOf(clone))).toBe('history-shallow')
  })

  test('is good where all of the range is there', async () => {
    const clone = scratchClone(origin(), '--depth=3')
    expect(await rangeOf(clone)).toMatchObject({ sinceName: 'four', cut: false })
    expect(await rangeOf(clone, { since: 'three' })).toMatchObject({ cut: false })
    expect(await codeOfAsync(() => rangeOf(clone, { since: 'one' }))).toBe('revision-unknown')
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

  test('of many megabytes keep both ends', async () => {
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
