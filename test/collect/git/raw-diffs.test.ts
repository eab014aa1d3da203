import { expect, test } from 'vitest'
import { compareChanges } from '../../../src/collect/git/raw-diffs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

test('tells the same change from another one, and from what only contents can tell', async () => {
  const scratch = scratchRepository()
  const start = scratch.commit('start', { 'a.txt': '1\n2\n3\n', 'b b.txt': 'b\n' })
  const change = scratch.commit('change', { 'a.txt': 'one\n2\n3\n' })
  scratch.git(['checkout', '--quiet', '--detach', start])
  const elsewhere = scratch.commit('elsewhere', { 'b b.txt': 'B\n' })
  const rebased = scratch.commit('rebased', { 'a.txt': 'one\n2\n3\n' })
  scratch.git(['checkout', '--quiet', start])
  scratch.commit('last line', { 'a.txt': '1\n2\nthree\n' })
  const behind = scratch.commit('behind another line', { 'a.txt': 'one\n2\nthree\n' })
  scratch.git(['commit', '--quiet', '--allow-empty', '--message', 'nothing'])
  const nothing = scratch.git(['rev-parse', 'HEAD']).trim()

  const repository = await scratch.open()
  const pairs = [
    [change, rebased],
    [change, behind],
    [change, elsewhere],
    [start, change],
    [nothing, nothing],
    [change, nothing],
    [rebased, change],
  ] as const
  expect(await compareChanges(repository, pairs)).toEqual(['same', 'open', 'other', 'other', 'other', 'other', 'same'])
  expect(await compareChanges(repository, [])).toEqual([])
})

test('takes no two paths for one that are only read in part', async () => {
  const scratch = scratchRepository()
  const [head, tail] = ['a'.repeat(12_000), 'z'.repeat(12_000)]
  const changed = (middle: string): string => {
    const stream = `commit refs/heads/${middle}\ncommitter Ann <ann@example.org> 1700000000 +0000\ndata 1\nx\n`
    scratch.git(['fast-import', '--quiet'], `${stream}M 100644 inline ${head}${middle}${tail}\ndata 1\nx\n`)
    return scratch.git(['rev-parse', middle])
  }
  const [one, other] = ['one', 'two'].map(changed)
  expect(await compareChanges(await scratch.open(), [[one ?? '', other ?? '']])).toEqual(['other'])
})
