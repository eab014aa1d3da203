/** A list of commits that was started before somebody asks is the one that is asked for, and ends with the reading. */
import { expect, test } from 'vitest'
import { beginCommits, forEachCommit } from '../../../src/collect/git/history.ts'
import type { Commits } from '../../../src/collect/git/history.ts'
import { readingOf, whileReading } from '../../../src/collect/git/lent-gits.ts'
import { askGit } from '../../../src/collect/git/process.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import { streamedRepository } from '../../world/streamed-repository.ts'

test('the same commits come, from whatever was started', async () => {
  const scratch = scratchRepository()
  const commits = Array.from({ length: 70 }, (_, at) => scratch.commit(`Change ${at}`, { [`f${at % 2}`]: `${at}` }))
  const repository = await scratch.open()
  const until = commits.at(-1) ?? ''
  const ranges: Commits[] = [
    { since: null, until, paths: [] },
    { since: commits[0] ?? '', until, paths: [] },
    { since: commits[60] ?? '', until, paths: [] },
    { since: commits[10] ?? '', until, paths: ['f1'] },
    { since: until, until, paths: [] },
  ]
  for (const range of ranges) {
    const told: string[][] = []
    for (const begun of [[], [range], ranges]) {
      await whileReading(repository, async (all) => {
        for (const it of begun) beginCommits(all, it)
        const seen: string[] = []
        await forEachCommit(all, range, ({ commit }, message) => void seen.push(`${commit} ${message.toString()}`))
        // What was started serves once.
        expect(readingOf(all.git)?.begun.size).toBe(Math.max(0, begun.length - 1))
        await forEachCommit(all, range, ({ commit }, message) => void seen.push(`${commit} ${message.toString()}`))
        told.push(seen)
      })
    }
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(told[0])
  }
})

test('who began them sees each as soon as it is read, and each once', async () => {
  const scratch = streamedRepository()
  const commits = Array.from({ length: 600 }, (_, at) => scratch.commit(`Change ${at}`, {})).reverse()
  const repository = await scratch.open()
  const range = { since: null, until: commits[0] ?? '', paths: [] }
  let shown = ''
  await whileReading(repository, async (all) => {
    beginCommits(all, range, (ids) => {
      shown += ids.toString()
    })
    await forEachCommit(all, range, () => undefined)
  })
  expect(shown).toBe(`${commits.join('\n')}\n`)
})

test('they come also when git has ended before somebody asks', async () => {
  const scratch = scratchRepository()
  const commits = ['one', 'two'].map((it) => scratch.commit(it))
  const repository = await scratch.open()
  const range = { since: commits[0] ?? '', until: commits[1] ?? '', paths: [] }
  await whileReading(repository, async (all) => {
    beginCommits(all, range)
    // Each is a git that is started later and answers the same.
    for (let other = 0; other < 5; other += 1) await askGit(all.git, ['rev-list', commits[1] ?? ''])
    expect(await forEachCommit(all, range, () => undefined)).toBe(1)
  })
})

test('a failure is told to who asks, and to nobody else', async () => {
  const scratch = scratchRepository()
  const until = scratch.commit('one')
  const repository = await scratch.open()
  const range = { since: 'f'.repeat(40), until, paths: [] }
  await whileReading(repository, (all) => {
    beginCommits(all, range)
    return Promise.resolve()
  })
  const asked = (): Promise<unknown> =>
    whileReading(repository, (all) => {
      beginCommits(all, range)
      return forEachCommit(all, range, () => undefined)
    })
  expect(await codeOfAsync(asked)).toBe('git-failed')
})

test('outside of a reading nothing is started', async () => {
  const scratch = scratchRepository()
  const until = scratch.commit('one')
  const repository = await scratch.open()
  beginCommits(repository, { since: null, until, paths: [] })
  expect(readingOf(repository.git)).toBeUndefined()
})
