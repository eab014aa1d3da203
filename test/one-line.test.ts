/** Text from outside steers nothing, whatever it is. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsUnseen, oneLine, unsteering, unsteeringJson } from '../src/one-line.ts'
import { anyText } from './world/any-text.ts'
import { growth, nearlyLinear } from './world/cpu-time.ts'
import { hostile, steersIn } from './world/hostile-text.ts'
import { runs } from './world/runs.ts'

const token = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`

describe('one line', () => {
  it('has no controls, no command of a CI log and no token', () => {
    expect(oneLine('a\r\nb\u001b[31mred\u202egnp.exe\u2028c')).toBe('a b [31mred gnp.exe c')
    expect(oneLine('a\u200bb\u061cc\u{e0041}d\u00ade\u3164f')).toBe('a b c d e f')
    expect(oneLine('x ##[set-output name=a]b ##vso[task.y]z ###[group]')).toBe(
      'x # #[set-output name=a]b # #vso[task.y]z ## #[group]',
    )
    expect(oneLine('\u0085 ::error::x')).toBe(': :error::x')
    expect(oneLine(`x ${token} y`)).toBe('x [token removed] y')
    expect(oneLine(`name_${token}`)).toBe('name_[token removed]')
    expect(oneLine(`##${token}`)).toBe('# #[token removed]')
    const hidden = [
      token.replaceAll('.', '%2E'),
      `${token}==`,
      `ghs_${'a'.repeat(36)}`,
      `glpat-${'b'.repeat(20)}`,
      `glptt-${'b'.repeat(40)}`,
    ]
    for (const it of hidden) expect(oneLine(`x ${it}`)).not.toMatch(/[abc]{8}/)
  })

  it('leaves what is harmless as it is', () => {
    for (const text of ['dist/countersign-1.20.300-linux-x64.tar.gz', 'a::b', '## [x]', 'Zoë 你好', '# x']) {
      expect(oneLine(text)).toBe(text)
    }
  })

  it('is bounded', () => {
    expect(oneLine('x'.repeat(1_000_000))).toBe(`${'x'.repeat(2_000)}… and 998000 more characters`)
  })

  it.each(['eyJeyJ', 'eyJ.', '::', '##', '\u001b', ' ', 'a.'])(
    'of very much %j costs no more for each character',
    (part) => {
      expect(
        growth((size) => {
          const text = part.repeat(size / part.length)
          return () => unsteering(text)
        }, 100_000),
      ).toBeLessThan(nearlyLinear)
      expect(
        growth((size) => {
          const text = part.repeat(size / part.length)
          return () => oneLine(text)
        }, 5_000),
      ).toBeLessThan(nearlyLinear)
    },
  )

  const text = fc.oneof(
    anyText({ maxLength: 30 }),
    fc
      .array(fc.constantFrom('eyJabcdefgh.', '::', '#', '##', '[', 'vso', ' ', '\n', 'x', hostile), { maxLength: 12 })
      .map((it) => it.join('')),
  )

  it('steers nothing, whatever the text is', () => {
    fc.assert(
      fc.property(text, (it) => {
        for (const shown of [unsteering(it), oneLine(it)]) {
          expect(steersIn(shown)).toEqual([])
          expect(holdsUnseen(shown)).toBe(false)
          expect(unsteering(shown)).toBe(shown)
        }
      }),
      { numRuns: runs(5_000) },
    )
  })

  it('as JSON says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), text, (value, it) => {
        const json = JSON.stringify({ value, [it]: it })
        const shown = unsteeringJson(json)
        expect(JSON.parse(shown)).toEqual(JSON.parse(json))
        expect(steersIn(shown)).toEqual([])
      }),
      { numRuns: runs(2_000) },
    )
  })
})
