/** Words that have to go: however they are written, and nothing of them is left. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { namedWords } from '../../../src/collect/session-records/named-words.ts'
import { runs } from '../../world/runs.ts'

const inAscii = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
const left = (words: string, text: string): string => namedWords(words).redactText(text).text

describe('a word is found', () => {
  it.each([
    ['in JSON in JSON, in ASCII', inAscii(inAscii('Müller'))],
    ['three deep', inAscii(inAscii(inAscii('Müller')))],
    ['as a byte', 'M\\xfcller'],
    ['as bytes of UTF-8', 'M\\xc3\\xbcller'],
    ['as git has it', 'M\\303\\274ller'],
    ['in braces', 'M\\u{fc}ller'],
    ['as a program has it', 'M\\U000000fcller'],
    ['by a name of HTML', 'M&uuml;ller'],
    ['by a name of HTML, twice', 'M&amp;uuml;ller'],
    ['by its number', 'M&#252;ller'],
    ['by its number in hex', 'M&#x00FC;ller'],
    ['in an address', 'm%c3%bcller'],
    ['in an address in an address', 'M%25C3%25BCller'],
    ['in an old address', 'M%FCller'],
    ['an escape of an escape of another kind', 'M%5Cu00fcller'],
    ['with a mark of its own', 'Mu\u0308ller'],
    ['in wide letters', 'Ｍｕ\u0308ｌｌｅｒ'],
    ['with a place to break', 'Mül\u00adler'],
    ['with a blank of no width', 'Mül\u200bler'],
    ['with colours', 'Mü\u001b[1mller'],
    ['with colours in JSON', 'Mü\\u001b[1mller'],
    ['in part of what colours take', '\u001b[1Müller'],
    ['behind a line break of JSON', '\\nMüller'],
  ])('%s', (_, text) => expect(left('Müller', text)).toMatch(/^(?:\\n|\u001b\[1)?\[redacted\]$/))

  it.each([
    ['istanbul', 'İstanbul'],
    ['İstanbul', 'ISTANBUL'],
    ['ISTANBUL', 'ıstanbul'],
    ['Ã¼ber', String.raw`\xc3\xbcber`],
    ['Gauss', 'GAUß'],
    ['Gauss', 'Gauſs'],
    ['nadia', String.raw`\nadia`],
    ['Quang Hi\u1ec7p', 'quang hi\u00ea\u0323p'],
  ])('in a form of its letters: %s, %s', (word, text) => {
    expect(left(word, `a ${text} b`)).toMatch(/^a \\?\[redacted\] b$/)
  })

  it.each(['Acme\nHolding', 'Acme\r\n\t  Holding', 'Acme\\nHolding', 'Acme\\\\n Holding', 'acme+holding'])(
    'over any blank: %j',
    (text) => expect(left('Acme  Holding', `of ${text}.`)).toBe('of [redacted].'),
  )
  it.each(['Acme%20Holding', 'Acme&nbsp;Holding', 'Acme \u200b Holding', 'Acme\u001b[0m Holding'])(
    'over any blank that is written otherwise: %j',
    (text) => expect(left('Acme Holding', `of ${text}.`)).toBe('of [redacted].'),
  )
})

test('words that overlap go as a whole, also through escapes', () => {
  expect(left('Acme Corp\nCorp Ltd', 'x Acme Corp Ltd y')).toBe('x [redacted] y')
  expect(left('Jon\nJonathan', 'in Jon\\u0061than end')).toBe('in [redacted] end')
  expect(left('Jonathan\nnat', 'Jonatha')).toBe('Jo[redacted]ha')
  expect(left('Jonathan\nnathan S', 'Jonathan S, Jonathan')).toBe('[redacted], [redacted]')
})

test('no other word goes', () => {
  const words = namedWords('C++\nAcme Holding\nACME\\bob')
  for (const text of ['a C of b', 'acme_holding', 'Acme-Holding', 'ACME bob', 'M\\n', '%zz &no; \\q']) {
    expect(words.redactText(text)).toEqual({ text, count: 0 })
  }
  expect(words.redactText('C++ and ACME\\\\bob').text).toBe('[redacted] and [redacted]')
})

test('says which lines were found nowhere, and shows no word', () => {
  const words = namedWords('Acme\n\nZoë\nacme corp\nACME\nNobody')
  expect(words.unfound()).toEqual([1, 3, 4, 5, 6])
  words.redactText('by Acme Corp')
  expect(words.unfound()).toEqual([3, 6])
})

test.each(['Z\u00ad', '[\u200bredacted', '１２３', '\\\\'])('refuses what is too little to look for: %j', (word) => {
  expect(() => namedWords(`fine\n${word}`)).toThrow(expect.objectContaining({ code: 'usage' }))
})

/** Each way to write a text, and back. */
const carriers: readonly (readonly [name: string, into: (it: string) => string, back: (it: string) => string])[] = [
  ['JSON', (it) => JSON.stringify(it).slice(1, -1), (it) => JSON.parse(`"${it}"`) as string],
  ['JSON in ASCII', inAscii, (it) => JSON.parse(`"${it}"`) as string],
  [
    'all of it escaped',
    (it) => it.replaceAll(/[^]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
    (it) => it.replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  ],
  ['address', encodeURIComponent, (it) => decodeURIComponent(it)],
  [
    'HTML',
    (it) => it.replaceAll(/[^A-Za-z0-9 ]/gu, (one) => `&#${String(one.codePointAt(0))};`),
    (it) => it.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  ],
]
const letters = fc.string({
  unit: fc.constantFrom(...Array.from('abcnrtuxZ0189éüßñŁ中😀-._@ ')),
  minLength: 5,
  maxLength: 12,
})

test('whatever a word is written in, however deep, nothing of it is left, and all else is (property)', () => {
  fc.assert(
    fc.property(
      letters.filter((it) => it.trim().length > 4 && !/^\d+$/.test(it.trim())),
      fc.array(fc.constantFrom(...carriers), { maxLength: 4 }),
      (word, way) => {
        const named = word.trim()
        const text = way.reduce((it, [, into]) => into(it), `QQ ${named} JJ`)
        const redacted = left(named, text)
        const back = way.reduceRight((it, [, , undo]) => undo(it), redacted)
        expect(back).toBe('QQ [redacted] JJ')
      },
    ),
    { numRuns: runs(500) },
  )
})

test('covers each word of many that overlap, as a search for each alone does (property)', () => {
  const unit = fc.constantFrom('x', 'y', 'z')
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit, minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      fc.string({ unit: fc.constantFrom('x', 'y', 'z', ' '), maxLength: 40 }),
      (words, text) => {
        const covered = Array.from(text).map((_, at) =>
          words.some((word) => Array.from(word).some((_, back) => at >= back && text.startsWith(word, at - back))),
        )
        const kept = left(words.join('\n'), text).replaceAll('[redacted]', '')
        expect(kept).toBe(
          Array.from(text)
            .filter((_, at) => covered[at] === false)
            .join(''),
        )
        const said = namedWords(words.join('\n'))
        said.redactText(text)
        expect(said.unfound()).toEqual(words.flatMap((word, at) => (text.includes(word) ? [] : [at + 1])))
      },
    ),
    { numRuns: runs(500) },
  )
})
