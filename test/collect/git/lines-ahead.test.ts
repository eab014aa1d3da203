/** What is read ahead is what is read when it is asked for, and where it cannot be read nothing is known. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAddedLines } from '../../../src/collect/git/added-lines.ts'
import type { CommitKind } from '../../../src/collect/git/added-lines.ts'
import { forEachCommit } from '../../../src/collect/git/history.ts'
import type { Commits } from '../../../src/collect/git/history.ts'
import { whileReading } from '../../../src/collect/git/lent-gits.ts'
import { beginLines, readAhead, whileReadingAhead } from '../../../src/collect/git/lines-ahead.ts'
import type { LinesAhead } from '../../../src/collect/git/lines-ahead.ts'
import type { Repository } from '../../../src/collect/git/repository.ts'
import { passOverLines } from '../../../src/collect/sessions/line-pass.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { part } from '../../world/runs.ts'
import { streamedRepository } from '../../world/streamed-repository.ts'

function history(scratch: Scratch, commits: number): string[] {
  return Array.from({ length: commits }, (_, at) =>
    scratch.commit(String(at), { [`f${at % 7}`]: `${at}\nsame\n${'x\n'.repeat(at % 5)}`, [`é ${at % 3}`]: `${at}` }),
  )
}

async function askedFor(
  repository: Repository,
  commits: readonly string[],
  kind: CommitKind = 'single',
): Promise<Map<string, Map<string, number[]>>> {
  const all = new Map<string, Map<string, number[]>>()
  let files = new Map<string, number[]>()
  const changes = readAddedLines(repository, kind, commits, (path, first, last) => {
    files.set(path, [...(files.get(path) ?? []), first, last])
  })
  for await (const commit of changes) {
    files = new Map<string, number[]>()
    all.set(commit, files)
  }
  return all
}

test('all of it, each once', async () => {
  const scratch = streamedRepository()
  const commits = history(scratch, 520)
  const repository = await scratch.open()
  const ahead = readAhead(repository)
  for (const it of commits) ahead.see(it, 1)
  await ahead.whole()
  const expected = await askedFor(repository, commits)
  for (const it of commits) {
    expect(ahead.single.get(it)).toEqual(expected.get(it))
  }
})

test('merges, too, among the others', async () => {
  const scratch = scratchRepository()
  const commits = history(scratch, 3)
  const merges = ['a', 'b'].map((name) => {
    scratch.git(['checkout', '--quiet', '-b', name, commits[0] ?? ''])
    const side = scratch.commit(name, { f1: `${name}\n`, [name]: name })
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.git(['merge', '--quiet', '--no-commit', '-s', 'ours', side])
    return scratch.commit(`Merge ${name}`, { f1: `both ${name}\nin one\n` })
  })
  const repository = await scratch.open()
  const ahead = readAhead(repository)
  for (const it of commits) ahead.see(it, 1)
  for (const it of merges) ahead.see(it, 2)
  await ahead.whole()
  const [single, merge] = [await askedFor(repository, commits), await askedFor(repository, merges, 'merge')]
  expect([...merge.values()].at(-1)).toEqual(new Map([['f1', [1, 1]]]))
  for (const [commit, files] of single) expect(ahead.single.get(commit)).toEqual(files)
  for (const [commit, files] of merge) expect(ahead.merge.get(commit)).toEqual(files)
  expect([single.size, merge.size]).toEqual([3, 2])
})

test('of all that are listed, before they are read, by gits that share them', async () => {
  const scratch = streamedRepository()
  const commits = history(scratch, 600)
  const ids = Buffer.from(`${commits.join('\n')}\n`)
  const repository = await scratch.open()
  const expected = await askedFor(repository, commits)
  for (const bytes of part([1, 40, 41, 500, 10_000, ids.length], 3, 1)) {
    const ahead = readAhead(repository)
    for (let at = 0; at < ids.length; at += bytes) ahead.list(ids.subarray(at, at + bytes))
    await ahead.whole()
    for (const it of commits) expect(ahead.single.get(it)).toEqual(expected.get(it))
  }
})

/** The commits of which lines are known ahead, where all of a range begins to be read before it is walked. */
async function begun(repository: Repository, range: Commits): Promise<LinesAhead> {
  return whileReading(repository, (all) => {
    beginLines(all, range)
    return whileReadingAhead(all, async (ahead) => {
      await forEachCommit(all, range, ({ commit, parents }) => {
        if (parents.length > 1) ahead.see(commit, parents.length)
      })
      await ahead.whole()
      return ahead
    })
  })
}

test('a merge that is listed with the others is none of them', async () => {
  const scratch = scratchRepository()
  const commits = history(scratch, 3)
  scratch.git(['checkout', '--quiet', '-b', 'side', commits[0] ?? ''])
  const side = scratch.commit('side', { side: 'one\ntwo\n' })
  scratch.git(['checkout', '--quiet', 'main'])
  scratch.git(['merge', '--quiet', '--no-commit', '-s', 'ours', side])
  const merge = scratch.commit('Merge side', { f1: 'both\nin one\n' })
  const repository = await scratch.open()
  const ahead = await begun(repository, { since: commits[0] ?? '', until: merge, paths: [] })
  const told = new Map<string, unknown>()
  const changes = new Map([...commits.slice(1), side].map((it) => [it, 1]))
  await passOverLines(repository, changes.set(merge, 2), [], (change, files) => void told.set(change, files), ahead)
  expect(told.get(side)).toEqual(new Map([['side', [1, 2]]]))
  expect(told.get(merge)).toEqual(new Map([['f1', [1, 2]]]))
  expect(told.size).toBe(4)
})

test('of a shallow clone nothing is begun, and all is told all the same', async () => {
  const scratch = scratchRepository()
  const commits = history(scratch, 3)
  writeFileSync(join(scratch.folder, '.git/shallow'), `${commits[0] ?? ''}\n`)
  const repository = await scratch.open()
  const ahead = await begun(repository, { since: null, until: commits[2] ?? '', paths: [] })
  expect([ahead.isListed, ...commits.map((it) => ahead.single.has(it))]).toEqual([false, false, false, false])
})

test('no more than there is room for', async () => {
  const scratch = streamedRepository()
  const commits = history(scratch, 40)
  const repository = await scratch.open()
  const ahead = readAhead(repository, 30)
  for (const it of commits) ahead.see(it, 1)
  await ahead.whole()
  const known = commits.filter((it) => ahead.single.has(it))
  const expected = await askedFor(repository, commits)
  expect(known.length).toBeLessThan(commits.length)
  for (const it of known) expect(ahead.single.get(it)).toEqual(expected.get(it))
})

/** A clone that lacks contents of one commit in the middle; git would take those that stand in the work tree from there. */
function withGap(scratch: Scratch): string[] {
  const commits = history(scratch, 12)
  const blob = scratch.git(['rev-parse', `${commits[3] ?? ''}:f3`]).trim()
  rmSync(join(scratch.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)))
  return commits
}

test.each(part(['with', 'without'] as const, 2))('the same is told, in the same order, %s a gap', async (gap) => {
  const scratch = streamedRepository()
  const commits = gap === 'with' ? withGap(scratch) : history(scratch, 12)
  const repository = await scratch.open()
  const tell = async (known: readonly string[] | undefined): Promise<unknown[]> => {
    const told: unknown[] = []
    const changes = new Map(commits.map((it) => [it, 1]))
    const see = (change: string, files: unknown): void => void told.push([change, files])
    if (known === undefined) await passOverLines(repository, changes, [], see)
    else
      await whileReadingAhead(repository, async (ahead) => {
        for (const it of known) ahead.see(it, 1)
        await ahead.whole()
        await passOverLines(repository, changes, [], see, ahead)
      })
    return told
  }
  const expected = await tell(undefined)
  expect(expected.length).toBe(12)
  expect(expected.filter((it) => (it as unknown[])[1] === undefined).length > 0).toBe(gap === 'with')
  for (const known of [[], commits, commits.slice(0, 3), commits.slice(8), commits.filter((_, at) => at % 2 === 1)]) {
    expect(await tell(known)).toEqual(expected)
  }
})
