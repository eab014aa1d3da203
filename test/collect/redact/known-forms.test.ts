/** The search passes most of a text over; it must find what one finds that looks everywhere. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tokenStart } from '../../../src/one-line.ts'
import type { Form, Place } from '../../../src/collect/redact/form.ts'
import { forms, knownForms, tokenForms } from '../../../src/collect/redact/known-forms.ts'
import { charactersOf, longRuns } from '../../../src/collect/redact/long-runs.ts'
import { namedValues } from '../../../src/collect/redact/named-values.ts'
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
  const all = [...tokenForms, ...forms, ...namedValues]
  return [...all.flatMap((form) => plainPlaces(form, text)), ...plainTokens(text)]
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
