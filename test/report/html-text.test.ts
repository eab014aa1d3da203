/** What is escaped in HTML and Markdown, and what a person may read as it was written. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escaped } from '../../src/report/html-text.ts'
import { anyText } from '../world/any-text.ts'
import { hostile, withMeaning } from '../world/hostile-text.ts'
import { runs } from '../world/runs.ts'

const marks = /&#(\d+);/g
const shown = (text: string): string => text.replace(marks, (_, mark: string) => String.fromCodePoint(Number(mark)))

describe('escaped text', () => {
  it.for(['sha256:0af1', 'expected: a (b); found c', 'is it so?', 'session_01 of refs/heads/main'])('is %s', (text) => {
    expect(escaped(text)).toBe(text)
  })

  it.for([
    'https://evil.example',
    'x https:',
    'a::b',
    'a:',
    ':tada',
    ': term',
    '_x',
    'x_ y',
    'www.evil.example',
    'WWW.evil.example',
    '[x](y)',
    '@ann',
    '<b>',
    "'",
    '"',
  ])('is not %s', (text) => {
    expect(escaped(text)).not.toBe(text)
    expect(shown(escaped(text))).toBe(text)
  })

  it('has nothing with a meaning, and shows what was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyText(), fc.constantFrom(hostile, ':', '_', '/', 'w', '.', '&#58;'))),
        (parts) => {
          const text = parts.join('')
          expect(escaped(text).replace(marks, ' ')).not.toMatch(withMeaning)
          expect(shown(escaped(text))).toBe(text)
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
