import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOfCommit, newAttribution } from '../../../src/collect/sessions/attribution.ts'
import { commit } from './made-record.ts'

describe('the attribution of a range', () => {
  test('is the sum over its commits', () => {
    const attribution = newAttribution('sha1')
    for (let at = 0; at < 3_000; at += 1) attribution.add('git-ai-note', commit(at), { ai: at % 5, human: 1 })
    expect(attribution.total()).toEqual({ ai: 6_000, human: 3_000 })
  })

  test('is none where nobody attributes lines, and of no lines where somebody attributes none', () => {
    const attribution = newAttribution('sha256')
    expect(attribution.total()).toBeUndefined()
    attribution.add('git-ai-note', 'a'.repeat(64), { ai: 0, human: 0 })
    expect(attribution.total()).toEqual({ ai: 0, human: 0 })
  })

  test('is without a reader that is dropped', () => {
    const attribution = newAttribution('sha1')
    attribution.add('a', commit(1), { ai: 2, human: 0 })
    attribution.add('b', commit(1), { ai: 5, human: 5 })
    attribution.add('b', commit(2), { ai: 5, human: 5 })
    attribution.drop('b')
    expect(attribution.total()).toEqual({ ai: 2, human: 0 })
    attribution.drop('a')
    expect(attribution.total()).toBeUndefined()
  })

  test('counts no line of a commit twice, however many readers attribute it', () => {
    const attribution = newAttribution('sha1')
    for (const reader of ['a', 'b', 'c']) attribution.add(reader, commit(1), { ai: 7, human: 3 })
    attribution.add('a', commit(2), { ai: 1, human: 0 })
    expect(attribution.total()).toEqual({ ai: 8, human: 3 })
  })
})

describe('a commit that several readers attribute', () => {
  test('has no line of a person that may be of AI', () => {
    // The second reader may mean five of the lines that are a person's for the first.
    expect(
      linesOfCommit([
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
        const { ai, human } = linesOfCommit(said)
        expect(ai).toBeLessThanOrEqual(truth.filter((it) => it === 'ai').length)
        expect(human).toBeLessThanOrEqual(truth.filter((it) => it === 'human').length)
        expect(human).toBeGreaterThanOrEqual(0)
        expect(ai).toBe(Math.max(...said.map((it) => it.ai)))
        if (said.length === 1) expect({ ai, human }).toEqual(said[0])
      }),
    )
  })
})
