/** Notes with signed statements, among the other readers and the changes of a range. */
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../../../src/collect/git/history.ts'
import { collectChanges } from '../../../../src/collect/sessions/index.ts'
import type { CollectedChanges } from '../../../../src/collect/sessions/index.ts'
import { sourceNote } from '../../../../src/collect/sessions/readers/source-note.ts'
import type { ReaderReport } from '../../../../src/model/session.ts'
import type { VerifySource } from '../../../../src/model/source-statement.ts'
import { scratchRepository } from '../../../world/scratch-repository.ts'
import type { Scratch } from '../../../world/scratch-repository.ts'
import { sourceStatement } from '../../../world/source-statement.ts'

/** As if signed: the digest is the line. */
const verified: VerifySource = (bundle) =>
  Promise.resolve({ outcome: 'verified', statement: sourceStatement({ digest: Buffer.from(bundle).toString() }) })

async function collect(scratch: Scratch, verify?: VerifySource): Promise<CollectedChanges> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  return collectChanges(repository, range, [sourceNote], undefined, { verifySource: verify })
}

function reportOf({ sessions }: CollectedChanges): ReaderReport | undefined {
  return sessions.readers.find(({ reader }) => reader === 'source-note')
}

const sourcesOf = ({ changes }: CollectedChanges): string[][] =>
  changes.map(({ source }) => source.map(({ digest }) => digest))

const note = (scratch: Scratch, commit: string, contents: string): void =>
  scratch.note(commit, contents, 'refs/notes/commits')

describe('what was signed about the changes of a range', () => {
  test('stands with each change, once, and is no session', async () => {
    const scratch = scratchRepository()
    note(scratch, scratch.commit('one'), '{"a":1}\n\n{"b":2}\n{"a":1}\n')
    scratch.commit('two')
    const collected = await collect(scratch, verified)
    expect(sourcesOf(collected)).toEqual([[], ['{"a":1}', '{"b":2}']])
    expect(reportOf(collected)).toEqual({ reader: 'source-note', outcome: 'found', claims: 1 })
    expect(collected.sessions).toMatchObject({ sessions: [], commits: { total: 2, claimed: 0 }, findingCounts: {} })
  })

  test('could not be looked at where nothing verifies it, and then none of it counts', async () => {
    const scratch = scratchRepository()
    for (const name of ['one', 'two']) note(scratch, scratch.commit(name), '{}')
    const expected = { reader: 'source-note', outcome: 'could-not-look', claims: 0 }
    const without = await collect(scratch)
    expect(reportOf(without)).toEqual({ ...expected, detail: 'nothing here verifies signatures' })
    let asked = 0
    const once: VerifySource = (...it) =>
      (asked += 1) === 1 ? verified(...it) : Promise.resolve({ outcome: 'undecided', detail: 'no trust' })
    const partly = await collect(scratch, once)
    expect(reportOf(partly)).toEqual({ ...expected, detail: 'no trust' })
    expect(sourcesOf(partly)).toEqual([[], []])
  })

  test('about a commit of a pull request says nothing of the change that it became', async () => {
    const scratch = scratchRepository()
    scratch.commit('begin', { 'a.txt': 'a\n' })
    scratch.git(['checkout', '--quiet', '-b', 'topic'])
    note(scratch, scratch.commit('work', { 'a.txt': 'b\n' }), '{}')
    scratch.git(['update-ref', 'refs/pull/7/head', 'HEAD'])
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.commit('work (#7)', { 'a.txt': 'b\n' })
    const collected = await collect(scratch, verified)
    expect(collected.sessions.readers).toContainEqual({ reader: 'pull-requests', outcome: 'found', claims: 1 })
    expect(sourcesOf(collected)).toEqual([[], []])
    expect(reportOf(collected)).toEqual({ reader: 'source-note', outcome: 'nothing', claims: 0 })
  })

  test('is nothing where a note cannot be read, and what was read before is taken back', async () => {
    const scratch = scratchRepository()
    const commits = ['one', 'two'].map((name) => scratch.commit(name)).toSorted()
    note(scratch, commits[0]!, '{}')
    const tree = scratch.git(['ls-tree', 'refs/notes/commits'])
    const gone = `100644 blob ${'1'.repeat(40)}\t${commits[1]!}`
    scratch.git(['update-ref', 'refs/notes/commits', scratch.git(['mktree', '--missing'], `${tree}\n${gone}\n`)])
    const collected = await collect(scratch, verified)
    expect(reportOf(collected)).toMatchObject({ outcome: 'could-not-look', claims: 0 })
    expect(sourcesOf(collected)).toEqual([[], []])
  })
})
