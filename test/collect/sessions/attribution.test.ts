import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOfAll, newAttribution } from '../../../src/collect/sessions/attribution.ts'
import { isGenerated } from '../../../src/collect/sessions/generated-files.ts'
import type { AttributedFile } from '../../../src/collect/sessions/readers/row.ts'
import { commit } from './made-record.ts'

const ofSession = (lines: number, human = 0, path = 'a.ts'): AttributedFile => ({
  path,
  human,
  sessions: lines === 0 ? [] : [{ tool: 'codex', id: 's', lines }],
})

/** So many lines of one file. */
const added = (lines: number, path = 'a.ts'): Map<string, number[]> => new Map([[path, [1, lines]]])

describe('the attribution of a range', () => {
  test('is the sum over its changes, also those of which nobody says anything', () => {
    const attribution = newAttribution()
    for (let at = 0; at < 3_000; at += 1) {
      if (at % 3 === 0) attribution.say('git-ai-note', commit(at), [ofSession(2, 1)])
      attribution.count(commit(at), added(5))
    }
    expect(attribution.total()).toEqual({ ai: 2_000, human: 1_000, unknown: 12_000, generated: 0 })
  })

  test('is none where nobody looks at lines, and of no lines where somebody attributes none', () => {
    const attribution = newAttribution()
    attribution.count(commit(1), added(5))
    expect(attribution.total()).toBeUndefined()
    attribution.say('git-ai-note', commit(1), [])
    expect(attribution.total()).toEqual({ ai: 0, human: 0, unknown: 5, generated: 0 })
  })

  test('is without a reader that is dropped', () => {
    const attribution = newAttribution()
    attribution.say('a', commit(1), [ofSession(2)])
    attribution.say('b', commit(1), [ofSession(5, 5)])
    attribution.count(commit(1), added(10))
    attribution.drop('b')
    expect(attribution.total()).toEqual({ ai: 2, human: 0, unknown: 8, generated: 0 })
    attribution.drop('a')
    expect(attribution.total()).toBeUndefined()
  })

  test('counts no line of a file twice, however many readers attribute it', () => {
    const attribution = newAttribution()
    for (const reader of ['a', 'b', 'c']) attribution.say(reader, commit(1), [ofSession(7, 3)])
    attribution.count(commit(1), added(10))
    expect(attribution.total()).toEqual({ ai: 7, human: 3, unknown: 0, generated: 0 })
  })

  test('counts a file whose path must not be signed, and does not name it', () => {
    const attribution = newAttribution()
    const hidden = [`logs/ghp_${'Ab3'.repeat(12)}.txt`, 'mail/ann@example.com/notes.md']
    attribution.say('a', commit(1), [ofSession(3, 0, hidden[0])])
    attribution.count(commit(1), new Map(['a.ts', ...hidden].flatMap((it) => [...added(3, it)])))
    const told = attribution.of(commit(1))
    expect(told?.lines).toEqual({ ai: 3, human: 0, unknown: 6, generated: 0 })
    expect(told?.files.map(({ path }) => path)).toEqual(['a.ts'])
  })

  test('tells a change by file and session, generated files apart', () => {
    const attribution = newAttribution()
    attribution.say('a', commit(1), [ofSession(2, 1), ofSession(9, 0, 'package-lock.json')])
    const files = new Map([...added(4), ...added(9, 'package-lock.json'), ...added(3, 'b.ts')])
    attribution.count(commit(1), files)
    expect(attribution.of(commit(1))).toEqual({
      lines: { ai: 2, human: 1, unknown: 4, generated: 9 },
      files: [
        { path: 'a.ts', ai: 2, human: 1, unknown: 1, generated: 0, sessions: [{ tool: 'codex', id: 's', lines: 2 }] },
        { path: 'b.ts', ai: 0, human: 0, unknown: 3, generated: 0, sessions: [] },
        {
          path: 'package-lock.json',
          ai: 0,
          human: 0,
          unknown: 0,
          generated: 9,
          sessions: [{ tool: 'codex', id: 's', lines: 9 }],
        },
      ],
    })
    expect(attribution.of(commit(2))).toBeUndefined()
  })
})

test.each([
  ['package-lock.json', true],
  ['web/pnpm-lock.yaml', true],
  ['api/v1/x.pb.go', true],
  ['vendor/github.com/x/y.go', true],
  ['src/__snapshots__/a.test.ts.snap', true],
  ['src/vendor.ts', false],
  ['lock.json', false],
  ['src/generated.ts', false],
])('%s is generated: %s', (path, is) => {
  expect(isGenerated(path)).toBe(is)
})

describe('a file that several readers attribute', () => {
  test('has no line of a person that may be of AI', () => {
    // The second reader may mean five of the lines that are a person's for the first.
    expect(
      linesOfAll([
        { ai: 0, human: 10 },
        { ai: 5, human: 0 },
      ]),
    ).toEqual({ ai: 5, human: 5 })
  })

  // The truth of each line, and what each reader knows of it: right, or nothing.
  const lines = fc.array(fc.constantFrom<'ai' | 'human'>('ai', 'human'), { maxLength: 20 })
  const knowledge = fc.array(fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), { minLength: 1, maxLength: 4 })

  test('has never more lines of either than there are', () => {
    fc.assert(
      fc.property(lines, knowledge, (truth, readers) => {
        const count = (who: string, knows: readonly boolean[]): number =>
          truth.filter((it, at) => it === who && knows[at]).length
        const said = readers.map((knows) => ({ ai: count('ai', knows), human: count('human', knows) }))
        const { ai, human } = linesOfAll(said)
        expect(ai).toBeLessThanOrEqual(truth.filter((it) => it === 'ai').length)
        expect(human).toBeLessThanOrEqual(truth.filter((it) => it === 'human').length)
        expect(human).toBeGreaterThanOrEqual(0)
        expect(ai).toBe(Math.max(...said.map((it) => it.ai)))
        if (said.length === 1) expect({ ai, human }).toEqual(said[0])
      }),
    )
  })
})
