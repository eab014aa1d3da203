/** Notes that are read beside the history are those that are read when somebody asks, in the same order, each told once. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { resolveRange } from '../../../../src/collect/git/history.ts'
import { readingOf, whileReading } from '../../../../src/collect/git/lent-gits.ts'
import type { Repository } from '../../../../src/collect/git/repository.ts'
import { newSiftedNotes } from '../../../../src/collect/sessions/git-ai/sifted-notes.ts'
import { collectSessions } from '../../../../src/collect/sessions/index.ts'
import { limits } from '../../../../src/model/limits.ts'
import { codeOfAsync } from '../../../world/failure.ts'
import { gitAiNote } from '../../../world/git-ai-record.ts'
import { scratchRepository } from '../../../world/scratch-repository.ts'
import type { Scratch } from '../../../world/scratch-repository.ts'
import { streamedRepository } from '../../../world/streamed-repository.ts'
import { part } from '../../../world/runs.ts'

/** More than one git is handed at once, and some behind them. */
const many = 600

function blobsOf(scratch: Scratch, contents: readonly string[]): string[] {
  for (const [at, it] of contents.entries()) scratch.write(`n${at}`, it)
  const paths = contents.map((_, at) => `n${at}\n`).join('')
  return scratch.git(['hash-object', '-w', '--stdin-paths'], paths).split('\n')
}

/** What is told of each note, early and then. */
async function told(repository: Repository, blobs: readonly string[], mostBytes?: number): Promise<string[][]> {
  const [early, visited]: [string[], string[]] = [[], []]
  const notes = newSiftedNotes(repository, (at, it) => void early.push(`${at} ${it.toString()}`), mostBytes)
  for (const it of blobs) notes.see(it)
  await notes.visitAll((at, it) => {
    expect(early.length).toBeGreaterThan(at)
    visited.push(`${at} ${it.toString()}`)
  })
  return [early, visited]
}

const objectAt = ({ folder }: Scratch, id: string): string => join(folder, '.git/objects', id.slice(0, 2), id.slice(2))

test.each(part([3, 64, many], 3))('the same of %i notes, whatever is read before somebody asks', async (count) => {
  const scratch = scratchRepository()
  const contents = Array.from({ length: count }, (_, at) =>
    at === 1 ? 'x'.repeat(limits.noteBytes + 1) : `a.js\n  s_1 ${at}\n---\n{"other":"${'y'.repeat(at)}"}`,
  )
  const blobs = blobsOf(scratch, contents)
  rmSync(objectAt(scratch, blobs[2] ?? ''))
  const repository = await scratch.open()
  const expected = await told(repository, blobs)
  expect(expected[0]).toEqual(expected[1])
  expect(expected[1]).toHaveLength(count)
  expect(expected[1]?.slice(1, 3)).toEqual(['1 too-large', '2 missing'])
  for (const mostBytes of [undefined, 0, 1_000]) {
    await whileReading(repository, async (all) => {
      expect(await told(all, blobs, mostBytes)).toEqual(expected)
      expect(readingOf(all.git)?.fed.size).toBe(0)
    })
  }
})

test('one that was put in the place of another is no note, however early it was read', async () => {
  const scratch = scratchRepository()
  const blobs = blobsOf(
    scratch,
    Array.from({ length: many }, (_, at) => `${at}`),
  )
  const path = objectAt(scratch, blobs[70] ?? '')
  chmodSync(path, 0o644)
  writeFileSync(path, deflateSync(Buffer.from('blob 4\0gone')))
  const early: number[] = []
  await whileReading(await scratch.open(), async (all) => {
    const notes = newSiftedNotes(all, (at) => void early.push(at))
    for (const it of blobs) notes.see(it)
    const visited: number[] = []
    expect(await codeOfAsync(() => notes.visitAll((at) => void visited.push(at)))).toBe('object-altered')
    expect([early.length, visited.length]).toEqual([70, 70])
  })
})

test('nobody asks: its git ends with the reading', async () => {
  const scratch = scratchRepository()
  const blobs = blobsOf(
    scratch,
    Array.from({ length: many }, (_, at) => `${at}${'x'.repeat(200)}`),
  )
  const reading = await whileReading(await scratch.open(), async (all) => {
    await new Promise<void>((resolve) => {
      const notes = newSiftedNotes(all, () => resolve())
      for (const it of blobs) notes.see(it)
    })
    expect(readingOf(all.git)?.fed.size).toBe(1)
    return readingOf(all.git)
  })
  expect([...(reading?.fed ?? [])]).toEqual([])
})

test('lines of many changes count as those of each change alone', async () => {
  const scratch = streamedRepository()
  const commits = Array.from({ length: 70 }, (_, at) => {
    const commit = scratch.commit(`Change ${at}`, { 'a.js': `${at}\nboth\n${at}\n` })
    return [commit, at % 3 === 0 ? {} : { 'a.js': { s1: at % 5 === 0 ? '1-9' : '1' } }] as const
  })
  for (const [commit, lines] of commits) scratch.note(commit, gitAiNote(commit, lines))
  const repository = await scratch.open()
  const collect = async (since: string | undefined, until: string): Promise<{ ai: number; outside: number }> => {
    const range = await resolveRange(repository, { since, until, adopt: true, allowShallow: 'refuse' })
    const { lines, findingCounts } = await collectSessions(repository, range)
    return { ai: lines?.ai ?? 0, outside: findingCounts['note-line-outside-diff'] ?? 0 }
  }
  const each = { ai: 0, outside: 0 }
  for (let at = 0; at < commits.length; at += 10) {
    const { ai, outside } = await collect(commits[at - 1]?.[0], commits[at + 9]?.[0] ?? '')
    each.ai += ai
    each.outside += outside
  }
  expect(await collect(undefined, commits.at(-1)?.[0] ?? '')).toEqual(each)
  expect(each.ai).toBeGreaterThan(46)
  expect(each.outside).toBe(9)
})
