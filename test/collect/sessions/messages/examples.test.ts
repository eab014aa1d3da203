/** Trailers beside examples. Those that only are examples, and those that are none, are in `fixtures/messages/examples.json`. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { runs } from '../../../world/runs.ts'

const toolsIn = (...lines: string[]): string[] => readMessageClaims(lines.join('\n')).mentions.map(({ tool }) => tool)

const codex = 'Assisted-by: Codex:gpt-5.4'
describe('a trailer', () => {
  test('that is folded may be indented by as much as it likes', () => {
    const message = ['s', '', 'AI-Session-ID: codex:a,', '        codex:b,', '\tcodex:c'].join('\n')
    expect(readMessageClaims(message).mentions.map(({ session }) => session)).toEqual(['a', 'b', 'c'])
  })

  test('at the end counts, whatever stands before it that is closed or never closed', () => {
    const line = fc.constantFrom(
      '```',
      '~~~',
      '````',
      '```ts',
      '',
      'text',
      '* item',
      '- item',
      '<!--',
      '-->',
      '<pre>',
      'a:',
      '  b: c',
      '----',
      '[source]',
      '#+begin_src',
      '{code}',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        // Behind a line that no fence, comment or tag can close any more, and in the first column.
        expect(
          toolsIn(
            'subject',
            '',
            ...lines,
            '-->',
            '</pre>',
            '#+end_',
            '{code}',
            '~~~~~~~~',
            '````````',
            '',
            'Text.',
            '',
            codex,
          ),
        ).toContain('codex')
      }),
      { numRuns: runs(1_000) },
    )
  })
})
