/** The short ways through a message, against the long one. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overrideIn } from '../../../../src/collect/change/override.ts'
import { isFooter, mayHoldFooter } from '../../../../src/collect/sessions/messages/footers.ts'
import { readTrailers } from '../../../../src/collect/sessions/messages/trailers.ts'
import { runs } from '../../../world/runs.ts'

/** Pieces of messages, put together in any way. */
const text = fc
  .array(
    fc.constantFrom(
      ...[
        '\n',
        '\n',
        '\n',
        '\r\n',
        ' ',
        '\t',
        '    ',
        ':',
        ': ',
        'key: ',
        'Key: a',
        'other: ',
        'https://x.y/z',
        'word',
      ],
      ...['* ', '- ', '> ', '```', '~~~', 'key:', 'ke', 'y: b', '<!-- ', 'made', 'by', 'with', '🤖 ', 'é', '\n\n'],
      ...['\n```\n', '\nkey: a\n', '\nkey: b\n', '\n more\n', '\n more\n', '\nwhy\n'],
      ...['Generated with ', 'co-authored by', 'vibe coded\tusing ', '<!-- mux-attribution: model=a -->', '-->'],
    ),
    { maxLength: 30 },
  )
  .map((it) => it.join(''))

test('where no line without a key is asked for, the same trailers are found', () => {
  const isKey = (key: string): boolean => key === 'key'
  fc.assert(
    fc.property(text, (message) => {
      expect(readTrailers(message, isKey)).toEqual(readTrailers(message, isKey, () => false))
    }),
    { numRuns: runs(5_000) },
  )
})

test('a message that may hold no footer has no line that is one', () => {
  fc.assert(
    fc.property(text, (message) => {
      const lines = message.split(/\r?\n/)
      if (lines.some((it) => isFooter(it))) expect(mayHoldFooter(message)).toBe(true)
    }),
    { numRuns: runs(5_000) },
  )
  for (const line of [
    '🤖 Generated with Claude',
    'Co-Authored  via\tx',
    '<!-- mux-attribution: x -->',
    '- Ultraworked with a',
  ]) {
    expect([isFooter(line), mayHoldFooter(`why\n\n${line}\n`)]).toEqual([true, true])
  }
})

test('an override is found in any case, behind whatever bytes', () => {
  for (const before of ['why', 'warum: ü\xff', 'a'.repeat(100_000)]) {
    for (const key of ['AI-Provenance-Override', 'ai-provenance-override', 'AI-PROVENANCE-OVERRIDE']) {
      expect(overrideIn(Buffer.from(`${before}\n\n${key}: typed by hand\n`, 'latin1'))).toBeDefined()
    }
  }
  expect(overrideIn(Buffer.from('why\n\nAI-Provenance-Overridden: no\n'))).toBeUndefined()
})
