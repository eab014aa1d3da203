/** Rows of what a gate did not see: joined where they say the same, and none of them lost. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainStyle } from '../../src/report/style.ts'
import { unseenLines } from '../../src/report/unseen-lines.ts'

const style = { ...plainStyle, options: (text: string) => text }

describe('what was not seen', () => {
  it('is one row where the reason is one', () => {
    const detail = 'no token of the forge was given'
    const rows = ['request', 'reviews'].map((reader) => ({ reader, outcome: 'not-collected' as const, detail }))
    expect(unseenLines(rows, style)).toEqual([`  not seen  request, reviews: not-collected, ${detail}`])
  })

  it('names the command where one reader lacks its ref, and the option where several do', () => {
    const lacking = ['ai', 'commits'].map((name) => ({
      reader: name,
      outcome: 'not-fetched' as const,
      detail: `refs/notes/${name} is not in this clone`,
      fetch: `git fetch origin refs/notes/${name}:refs/notes/${name}`,
    }))
    expect(unseenLines(lacking.slice(0, 1), style)).toEqual([
      '  not seen  ai: not-fetched, refs/notes/ai is not in this clone',
      '            git fetch origin refs/notes/ai:refs/notes/ai',
    ])
    expect(unseenLines(lacking, style)).toEqual([
      '  not seen  ai, commits: not-fetched, this clone does not have what they read',
      '            `fetch` gets it, as far as the remote has it',
    ])
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
        const lines = unseenLines(unseen, style)
        for (const { reader, outcome: came } of unseen) {
          const named = lines.filter((line) => new RegExp(`\\b${reader}(?:,|:)`).test(line))
          expect(named).toHaveLength(1)
          expect(named[0]).toContain(`: ${came}`)
        }
      }),
    )
  })
})
