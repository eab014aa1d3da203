/** Rows of what a gate did not see: joined where they say the same, and none of them lost. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainStyle } from '../../src/report/style.ts'
import { unseenLines } from '../../src/report/unseen-lines.ts'

const style = { ...plainStyle, options: (text: string) => text }
const lines = (unseen: Parameters<typeof unseenLines>[0]['unseen']): readonly string[] =>
  unseenLines({ outcome: 'pass', unseen }, style)

describe('what was not seen', () => {
  it('is one row where the reason is one', () => {
    const detail = 'no token of the forge was given'
    const rows = ['request', 'reviews'].map((reader) => ({ reader, outcome: 'not-collected' as const, detail }))
    expect(lines(rows)).toEqual([
      `  not seen     request, reviews: not-collected, ${detail}; not judged, and nothing for the author to do`,
    ])
  })

  it('names the command where one reader lacks its ref, and the option where several do', () => {
    const lacking = ['ai', 'commits'].map((name) => ({
      reader: name,
      outcome: 'not-fetched' as const,
      detail: `refs/notes/${name} is not in this clone`,
      fetch: `git fetch origin refs/notes/${name}:refs/notes/${name}`,
    }))
    const [one = ''] = lines(lacking.slice(0, 1))
    expect(one).toMatch(/ai: not-fetched, .*; git fetch origin refs\/notes\/ai:refs\/notes\/ai$/)
    const [both = ''] = lines(lacking)
    expect(both).toMatch(/ai, commits: not-fetched; .*`fetch`/)
  })

  it('is one short line where no rule of the policy looks at it, and is not said to change the verdict', () => {
    const rows = ['checks', 'tracker'].map((reader, at) => ({
      ...{ reader, outcome: 'could-not-look' as const, detail: `reason ${at}`, rules: [] },
    }))
    expect(lines(rows)).toEqual(['  not needed   checks, tracker: not looked at; no rule needs them as things stand'])
    const [asked = '', other = ''] = lines([{ ...rows[0]!, rules: ['ai/readers'] }, rows[1]!])
    expect([asked.includes('checks: could-not-look, reason 0'), other.includes('tracker')]).toEqual([true, true])
  })

  it('names every reader once, with its outcome', () => {
    const outcome = fc.constantFrom('not-fetched' as const, 'could-not-look' as const, 'not-collected' as const)
    const detail = fc.option(fc.constantFrom('one reason', 'another'), { nil: undefined })
    const rows = fc.array(fc.record({ outcome, detail, isFetched: fc.boolean() }), { maxLength: 12 })
    fc.assert(
      fc.property(rows, (drawn) => {
        const unseen = drawn.map(({ outcome: came, detail: why, isFetched }, at) => ({
          reader: `reader-${at}`,
          outcome: came,
          ...(why === undefined ? {} : { detail: why }),
          ...(isFetched ? { fetch: `git fetch origin refs/${at}:refs/${at}` } : {}),
        }))
        const all = lines(unseen)
        for (const { reader, outcome: came } of unseen) {
          const named = all.filter((line) => new RegExp(`\\b${reader}(?:,|:)`).test(line))
          expect(named).toHaveLength(1)
          expect(named[0]).toContain(`: ${came}`)
        }
      }),
    )
  })
})
