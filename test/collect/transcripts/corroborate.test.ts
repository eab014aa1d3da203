import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corroborate, linesOfSession } from '../../../src/collect/transcripts/corroborate.ts'
import type { ChangedLines } from '../../../src/collect/transcripts/corroborate.ts'
import { corroboratedShare } from '../../../src/model/corroboration.ts'
import type { Corroboration } from '../../../src/model/session.ts'
import { editVerdicts } from '../../../src/model/transcript.ts'
import type { EditVerdict, ToldSession } from '../../../src/model/transcript.ts'

type Edit = readonly [path: string, lines: readonly number[], verdict?: EditVerdict]

function transcript(edits: readonly Edit[], shellLines: readonly number[] = []): ToldSession {
  return {
    ...{ tool: 'claude-code', session: 's', agent: undefined, toolVersions: [], models: [], parent: undefined },
    ...{ startedAt: undefined, endedAt: undefined, role: 'unknown', turns: 0, iterations: 0, tokens: undefined },
    ...{ asked: [], answers: new Map() },
    edits: edits.map(([path, lines, verdict = 'applied']) => ({
      path,
      verdict,
      call: undefined,
      acceptedBy: undefined,
      lines: Float64Array.from(lines),
    })),
    ...{ shellLines: Float64Array.from(shellLines), commits: [], prompts: undefined },
  }
}

function change(added: Record<string, readonly number[]>, removed: readonly number[] = []): ChangedLines {
  return { added: new Map(Object.entries(added)), removed }
}

const none = { counted: 0, sameFile: 0, otherFile: 0, moved: 0, shell: 0, rejected: 0 }

function measured(of: ChangedLines, ...transcripts: readonly ToldSession[]): Corroboration {
  return corroborate(of, linesOfSession(transcripts))
}

describe('what a session corroborates of a change', () => {
  test('is nothing of nothing', () => {
    expect(measured(change({}))).toEqual(none)
    expect(measured(change({}), transcript([['a.ts', [1]]]))).toEqual(none)
  })

  test('counts each line in the first place where it stands', () => {
    const session = transcript(
      [
        ['/home/x/repo/a.ts', [1]],
        ['/home/x/repo/b.ts', [1, 2]],
        ['/home/x/repo/a.ts', [1, 2, 3, 4, 5], 'rejected'],
      ],
      [1, 2, 3, 4],
    )
    expect(measured(change({ 'a.ts': [1, 2, 3, 4, 5, 6] }, [1, 2, 3]), session)).toEqual({
      ...{ counted: 6, sameFile: 1, otherFile: 1, moved: 1, shell: 1, rejected: 1 },
    })
  })

  test.each([
    ['applied', { sameFile: 5 }],
    ['rejected', { rejected: 5 }],
    ['failed', { rejected: 5 }],
    ['undone', { rejected: 5 }],
    ['unanswered', {}],
  ] as const)('of an edit that is %s', (verdict, expected) => {
    const lines = [1, 2, 3, 4, 5]
    const found = measured(change({ 'a.ts': lines }), transcript([['a.ts', lines, verdict]]))
    expect(found).toEqual({ ...none, counted: 5, ...expected })
  })

  test('is no share of fewer than five lines', () => {
    const session = transcript([['a.ts', [1, 2, 3, 4, 5]]])
    const few = measured(change({ 'a.ts': [1, 2, 3, 4] }), session)
    expect(few).toMatchObject({ counted: 4, sameFile: 4 })
    expect(corroboratedShare(few)).toBeUndefined()
    expect(corroboratedShare(measured(change({ 'a.ts': [1, 2, 3, 4, 5] }), session))).toBe(1)
  })

  test('counts a line as often as the change adds it', () => {
    const found = measured(change({ 'a.ts': [1, 1, 1, 2, 2] }), transcript([['a.ts', [1]]]))
    expect(found).toMatchObject({ counted: 5, sameFile: 3 })
  })

  test('has no lines of generated files', () => {
    const added = { 'package-lock.json': [1, 2], 'vendor/x.go': [3], 'api.pb.go': [4], 'a.ts': [5] }
    const session = transcript([['package-lock.json', [1, 2, 3, 4, 5]]])
    expect(measured(change(added), session)).toMatchObject({ counted: 1, otherFile: 1 })
  })

  test('adds the transcripts of a session up', () => {
    const of = change({ 'a.ts': [1, 2], 'b.ts': [3] })
    const subagent = transcript([['b.ts', [3]]], [2])
    expect(measured(of, transcript([['a.ts', [1]]]), subagent)).toMatchObject({ sameFile: 2, shell: 1 })
  })

  test.each([
    ['/home/x/repo/src/a.ts', 'src/a.ts'],
    ['C:/Users/x/repo/src/a.ts', 'src/a.ts'],
    ['src/a.ts', 'src/a.ts'],
    ['./src/a.ts', 'src/a.ts'],
    ['/a.ts', 'a.ts'],
    ['/home/x/repo/other/a.ts', 'a.ts'],
    // Neither half a name nor another case is the same file.
    ['/home/x/repo/src/aa.ts', undefined],
    ['/home/x/repo/src/A.ts', undefined],
    ['/home/x/repo/src', undefined],
    ['/home/x/repo/src/a.ts/', undefined],
    ['/home/x/straße/日本.ts', 'straße/日本.ts'],
  ])('takes an edit of %s for one of %s', (path, file) => {
    const files = ['a.ts', 'src/a.ts', 'straße/日本.ts']
    const lines = files.map((it, at) => [Buffer.from(it).toString('latin1'), [at]] as const)
    const of = { added: new Map(lines), removed: [] }
    const isFound = files.map((_, at) => measured(of, transcript([[path, [at]]])).sameFile === 1)
    expect(files.filter((_, at) => isFound[at])).toEqual(file === undefined ? [] : [file])
  })
})

describe('of any change and any session', () => {
  const key = fc.integer({ min: 0, max: 12 })
  const keys = fc.array(key, { maxLength: 8 })
  const path = fc.constantFrom('a.ts', 'src/a.ts', '/x/src/a.ts', 'C:/x/b.ts', 'b.ts', 'go.sum', '/', '')
  const session = fc
    .tuple(fc.array(fc.tuple(path, keys, fc.constantFrom(...editVerdicts)), { maxLength: 8 }), keys)
    .map((it) => transcript(...it))
  const changes = fc.record({
    added: fc.dictionary(path, keys).map((it) => new Map(Object.entries(it))),
    removed: keys,
  })
  const found = ({ sameFile, otherFile }: Corroboration): number => sameFile + otherFile

  test('the parts are no more than what counts', () => {
    fc.assert(
      fc.property(changes, session, (of, it) => {
        const all = measured(of, it)
        const { counted, ...parts } = all
        const share = corroboratedShare(all)
        expect(Object.values<number>(parts as never).reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(counted)
        expect(share === undefined).toBe(counted < 5)
        expect(share ?? 0).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('an unrelated session changes nothing', () => {
    const other = fc
      .tuple(path, fc.array(fc.integer({ min: 100 })))
      .map(([file, lines]) => transcript([[file, lines]], lines))
    fc.assert(
      fc.property(changes, session, other, (of, it, unrelated) => {
        expect(measured(of, it, unrelated)).toEqual(measured(of, it))
      }),
    )
  })

  test('one more transcript takes nothing away', () => {
    fc.assert(
      fc.property(changes, session, session, (of, one, other) => {
        expect(found(measured(of, one, other))).toBeGreaterThanOrEqual(found(measured(of, one)))
      }),
    )
  })

  test('the order of edits and transcripts does not matter', () => {
    fc.assert(
      fc.property(changes, session, session, (of, one, other) => {
        const turned = { ...one, edits: one.edits.toReversed() }
        expect(measured(of, other, turned)).toEqual(measured(of, one, other))
      }),
    )
  })
})
