/** The search passes most of a text over; it must find what one finds that looks everywhere. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tokenStart } from '../../../src/one-line.ts'
import { placesOf } from '../../../src/collect/redact/form.ts'
import type { Form, Place } from '../../../src/collect/redact/form.ts'
import { knownForms } from '../../../src/collect/redact/known-forms.ts'
import { charactersOf, longRuns } from '../../../src/collect/redact/long-runs.ts'
import { presetPlaces } from '../../../src/collect/redact/preset.ts'
import { forms } from '../../../src/collect/redact/secret-words.ts'
import { newWordSearch } from '../../../src/collect/redact/word-places.ts'
import { runs } from '../../world/runs.ts'

function plainPlaces({ pattern, isSecret, reach }: Form, text: string): Place[] {
  const places: Place[] = []
  const search = new RegExp(pattern)
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const groups = (found.indices ?? []).filter((it) => it !== undefined)
    const [from, to] = groups.at(-1) ?? [0, 0]
    if (isSecret?.(text.slice(from, to), found) === false) {
      if (groups.length > 1) search.lastIndex = from
    } else if (to > from) {
      const end = reach?.(text, [from, to], found) ?? to
      places.push([from, end])
      search.lastIndex = Math.max(search.lastIndex, end)
    }
  }
  return places
}

function plainTokens(text: string): Place[] {
  const places: Place[] = []
  for (const { 0: run, index } of text.matchAll(/[\w.=%-]+/g)) {
    const start = tokenStart(run)
    if (start !== undefined) places.push([index + start, index + run.length])
  }
  for (const { 0: run, index } of text.matchAll(/[\w.-]+/g)) {
    const parts = run.split('.')
    if (parts.some((part, at) => at + 2 < parts.length && isHeader(part))) places.push([index, index + run.length])
  }
  return places
}

function isHeader(part: string): boolean {
  const json = Buffer.from(part, 'base64url').toString('utf8')
  try {
    JSON.parse(json)
    return /^\s*\{/.test(json)
  } catch {
    return false
  }
}

function plainSearch(text: string): Place[] {
  return [...forms.flatMap((form) => plainPlaces(form, text)), ...plainTokens(text)]
}

function everywhere(text: string): Place[] {
  const places: Place[] = []
  for (const { 0: run, index } of text.matchAll(
    /[\w+/-]{32,}(?:\r?\n[ \t]{0,16}[\w+/-]{32,}){0,1000}(?:\r?\n[\w+/-]{1,76}(?==|\s|$))?={0,2}/g,
  )) {
    const plain = Buffer.from(run, 'base64').toString('latin1')
    if (/[\0-\x08\x0e-\x1f]/.test(plain.slice(0, 64))) continue
    if (plainSearch(plain).length > 0) places.push([index, index + run.length])
  }
  return [...plainSearch(text), ...places]
}

function sorted(places: readonly Place[]): Place[] {
  return places.toSorted(([a, b], [c, d]) => a - c || b - d)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const tail = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0'

/** In parts, so that no scanner takes this file for one with secrets in it. */
const marks = [
  ...[
    'gh' + 'p_',
    'glpat' + '-',
    'npm' + '_',
    'xox' + 'b-',
    'AIz' + 'a',
    'SG' + '.',
    'hf' + '_',
    'sk' + '-',
    'r8' + '_',
    'fw' + '_',
  ],
  ...[
    'AK' + 'IA',
    'A3' + 'T',
    'AGE-SECRET' + '-KEY-',
    'dp' + '.st.',
    '.atlasv1' + '.',
    'sl' + '.',
    'cio',
    '?code=',
    '12345678:' + 'AA',
  ],
  ...['-----BEGIN ', 'RSA PRIVATE KEY', '-----END ', '-----', 'LS0tLS1CRUdJTi', 'PuTTY-User-Key-File-'],
  ...[
    'https://hooks.zapier.com/hooks/catch/',
    'https://',
    'user:',
    '@',
    'authorization: ',
    'Bearer ',
    'basic+',
    'sig=',
  ],
  ...[
    'password',
    'PASS',
    'dbPass',
    'secret',
    'api_key',
    'token',
    '_auth',
    '--token ',
    '<password>',
    '</password>',
    '</KEY>\n<string>',
  ],
  ...[
    'value',
    '"value": "',
    "'value'=",
    ': |\n  ',
    ': >-\r\n\t',
    ': ',
    '=',
    ' := ',
    '"',
    "'",
    ', ',
    'machine x login y password ',
  ],
  ...['-u ', 'mysql -p', 'sshpass -p ', 'login -p ', '"auth": "', 'ConvertTo-SecureString ', 'pass:', '-passin '],
  ...[
    base64('{"a":1}'),
    base64(' {"alg":"x"}'),
    base64('\n{}'),
    base64('\t{}'),
    base64('\r{}'),
    'e30',
    '%2e',
    'eyJ',
    '.',
    '..',
  ],
]
const noise = [
  'a',
  '1',
  'x y',
  '\n',
  '\r\n',
  ' ',
  '  ',
  '\t',
  '-',
  '/',
  '_',
  '=',
  '==',
  '+',
  'é',
  '日本',
  '\u00a0',
  '😀',
  '\\',
  '<',
  '>',
  '$',
]
const runsOfText = [
  'src/collect/git/added-lines.ts',
  tail,
  tail.repeat(2),
  'The words of a sentence',
  'hunter2hunter2',
  '0'.repeat(40),
  '-'.repeat(40),
]

const piece = fc.oneof(
  fc.constantFrom(...marks),
  fc.constantFrom(...noise),
  fc.constantFrom(...runsOfText),
  fc.string({ unit: fc.constantFrom(...Array.from(tail), '_', '-', '.', '/', '+'), maxLength: 40 }),
)
const flat = fc.array(piece, { maxLength: 12 }).map((it) => it.join(''))
const encoded = fc
  .tuple(flat, fc.integer({ min: 8, max: 100 }))
  .map(([text, width]) => base64(text).replace(new RegExp(`.{${width}}`, 'g'), '$&\n'))
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: flat }, { weight: 1, arbitrary: encoded }), { maxLength: 3 })
  .map((it) => it.join(''))

it('finds what a search of everything finds (property)', () => {
  fc.assert(
    fc.property(text, (it) => {
      expect(sorted(knownForms(it))).toEqual(sorted(everywhere(it)))
    }),
    { numRuns: runs(3_000) },
  )
})

it('asks each rule of the preset that finds something (property)', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (it) => {
      // As if every word stood everywhere.
      const everywhere = { of: () => Array.from({ length: it.length }, (_, at) => at) }
      expect(await presetPlaces(it)).toEqual(await presetPlaces(it, everywhere))
    }),
    { numRuns: runs(3_000) },
  )
})

/** What `pattern` matches, so that none of its branches is without a word: alternatives, classes and short repetitions are walked. */
it.each(Array.from(forms, ({ pattern }, at) => [at, pattern.source.slice(0, 60)] as const))(
  'form %i has words for all that it matches: %s',
  (at) => {
    const form = forms[at] as Form
    const search = newWordSearch([form.words])
    const unbounded = form.pattern.source.replaceAll(
      /\{(\d+),\d*\}\??/g,
      (_, least) => `{${least},${Number(least) + 3}}`,
    )
    const one = fc.stringMatching(new RegExp(unanchored(unbounded), form.pattern.flags.replace(/[dgi]/g, '')))
    fc.assert(
      fc.property(one, fc.boolean(), (it, isUpper) => {
        const text = form.pattern.ignoreCase && isUpper ? it.toUpperCase() : it
        const whole = plainPlaces(form, text)
        expect(placesOf(form, text, search(text))).toEqual(whole)
      }),
      { numRuns: runs(300) },
    )
  },
)

/** Without what looks around, which no text can be made of. */
function unanchored(source: string): string {
  let plain = source
  for (let before = ''; before !== plain;) {
    before = plain
    plain = plain.replaceAll(/\(\?<?[!=](?:\[(?:\\.|[^\]\\])*\]|\\.|[^()[\]\\])*(?:\([^()]*\)[^()]*)*\)/g, '')
  }
  return plain.replaceAll(String.raw`\b`, '')
}

it('finds each word, wherever it stands (property)', () => {
  const words = fc.array(
    fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '.', '1'), minLength: 2, maxLength: 6 }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  const around = fc.string({
    unit: fc.constantFrom('a', 'A', 'b', 'B', '-', '.', '1', ' ', 'é', 'š', '\u0141', '\u0161'),
    maxLength: 60,
  })
  // The search takes 64 KiB at a time.
  const before = fc.constantFrom(0, 1, 65_533, 65_534, 65_535, 65_536)
  fc.assert(
    fc.property(words, fc.boolean(), around, before, (some, anyCase, it, length) => {
      const group = { words: some, anyCase }
      const fold = (from: string): string =>
        anyCase ? from.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : from
      const folded = fold(it)
      const places = Array.from({ length: it.length }, (_, at) => at)
      const expected = places.filter((at) => some.some((word) => folded.startsWith(fold(word), at)))
      const found = newWordSearch([group])(' '.repeat(length) + it).of(group)
      expect(found.map((at) => at - length)).toEqual(expected)
    }),
    { numRuns: runs(100) },
  )
})

it.each([0, 65_530, 65_531, 65_532, 65_533, 65_534, 65_535, 65_536])('finds words behind %i characters', (before) => {
  const group = { words: ['ab', 'b-11', 'ab-112'] }
  const search = newWordSearch([group])
  for (const [text, ...places] of [['ab-112', 0, 1] as const, ['ab', 0] as const, ['b-11', 0] as const]) {
    expect(search(' '.repeat(before) + text).of(group)).toEqual(places.map((at) => before + at))
  }
})

it.each([
  ['a token of the fewest characters', `${'SG' + '.'}${tail.slice(0, 16)}`],
  ['a token behind others', `${'x'.repeat(60)} ${'npm' + '_'}${tail}`],
  [
    'lines of base64, the last of them short',
    base64(`password: hunter2hunter2 ${'x'.repeat(60)}`).replace(/.{40}/g, '$&\n'),
  ],
  [
    'more lines of base64 than go together',
    `${base64('password: hunter2hunter2 and more and more').slice(0, 44)}\n`.repeat(1_100),
  ],
  ['the shortest base64 that is looked at', base64('password=hunter2hunter2!')],
  ['a JWT with the shortest header', 'e30..'],
  ['a JWT behind another part', `x.${base64('{"alg":"none"}').replaceAll('=', '')}.e30.`],
])('finds %s', (_, it) => {
  expect(knownForms(it)).not.toEqual([])
  expect(sorted(knownForms(it))).toEqual(sorted(everywhere(it)))
})

it('finds each long run, wherever it stands (property)', () => {
  const characters = charactersOf('ab')
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'b', 'a', '-', 'é'), maxLength: 60 })
  fc.assert(
    fc.property(word, fc.integer({ min: 1, max: 12 }), (it, least) => {
      const expected = Array.from(it.matchAll(/[ab]+/g), ({ 0: run, index }) => [index, index + run.length] as const)
      expect([...longRuns(it, characters, least)]).toEqual(expected.filter(([from, to]) => to - from >= least))
    }),
  )
})
