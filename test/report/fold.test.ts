/** Lines folded to a width: what is copied stays in one piece, and no word is lost. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, fold } from '../../src/report/fold.ts'
import { growth, nearlyLinear } from '../world/cpu-time.ts'
import { runs } from '../world/runs.ts'

const url = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.0'

describe('a line', () => {
  it('that fits stays as it is', () => {
    expect(fold('  signed by    somebody\n\n', 60)).toBe('  signed by    somebody\n\n')
  })

  it('is parted between words, and goes on under its value', () => {
    const line = '  built from   https://github.com/acme/widget refs/tags/v1.2.0 0123456789abcdef'
    expect(fold(line, 60).split('\n')).toEqual([
      '  built from   https://github.com/acme/widget refs/tags/v1.2.0'.slice(0, 45),
      '               refs/tags/v1.2.0 0123456789abcdef',
    ])
  })

  it('keeps what is copied in one piece, though it sticks out', () => {
    for (const whole of [
      url,
      `sha256:${'a'.repeat(64)}`,
      `{"name":"two words and more, of which none is lost ${'x'.repeat(20)}"}`,
      '`gh attestation download`',
      '(gh attestation download)',
      '"a name with blanks"',
    ]) {
      const text = fold(`  hint  somebody who has read all of this may run ${whole} here`, 60)
      expect(
        text.split('\n').some((it) => it.includes(whole)),
        whole,
      ).toBe(true)
    }
  })

  it('is as wide as it looks: colours take no column, and pictures take two', () => {
    expect(columnsOf('\u001b[31mFAIL\u001b[39m')).toBe(4)
    expect(columnsOf('日本語 ab')).toBe(9)
    expect(columnsOf('🔑')).toBe(2)
    expect(columnsOf('e\u0301a\u20dd')).toBe(2)
    const red = `  \u001b[31mreason\u001b[39m  ${'word '.repeat(10)}end`
    expect(fold(red, 60).split('\n')).toHaveLength(2)
  })

  it('has no part that is too wide, unless a word is', () => {
    const word = fc.stringMatching(/^[a-z0-9:/.()"`]{1,24}$/)
    const line = fc.record({
      indent: fc.integer({ min: 0, max: 8 }),
      words: fc.array(word, { maxLength: 30 }),
      width: fc.integer({ min: 60, max: 200 }),
    })
    fc.assert(
      fc.property(line, ({ indent, words, width }) => {
        const text = `${' '.repeat(indent)}${words.join(' ')}`
        const shown = fold(text, width)
        expect(shown.split(/\s+/).filter(Boolean)).toEqual(text.split(/ +/).filter(Boolean))
        if (!/[("`]/.test(text)) for (const it of shown.split('\n')) expect(it.length).toBeLessThanOrEqual(width)
      }),
      { numRuns: runs(500) },
    )
  })

  it('begins no line with what GitHub Actions takes for a command, whatever blanks stand before it', () => {
    for (const width of [10, 20, 30, 60]) {
      const shown = fold('  name  a text from outside ::error::pwned and \u001b[31m::stop-commands::x', width)
      expect(shown.split('\n').filter((it) => /^\s*(?:\u001b\[\d+m)*::/.test(it))).toEqual([])
    }
  })

  it.each(['(', '"', '`', ' ', '( ', 'a ', '日'])('costs no more for each of many %j', (part) => {
    const work = (size: number) => {
      const text = `  x  ${part.repeat(size)}`
      return () => fold(text, 80)
    }
    expect(growth(work, 4_000)).toBeLessThan(nearlyLinear)
  })
})
