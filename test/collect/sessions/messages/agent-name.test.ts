/** Who is named in a line of a commit message, whatever it says. Lines with what they name are in `fixtures/messages/names.json`. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { normalModel } from '../../../../src/collect/sessions/models.ts'
import { messageCases } from '../../../fixtures/messages.ts'
import { runs } from '../../../world/runs.ts'
import { anyText } from '../../../world/any-text.ts'

test('whatever is said, each tool is an id, and each model short and visible', () => {
  const words = fc.oneof(
    fc.constantFrom(...messageCases('names').map((it) => it.line ?? '')),
    fc.constantFrom(
      'Assisted-by: ',
      'Co-authored-by: ',
      'Generated with ',
      'AI-Tool-Version: ',
      '\n',
      ' via ',
      ' + ',
      ':',
      '(',
    ),
    fc.constantFrom(
      'Devin',
      'Claude Code',
      'Crush',
      'GPT-5.2',
      'AWS',
      'v2.0.0',
      '<noreply@anthropic.com>',
      ')',
      ' ',
      ',',
    ),
    anyText({ maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 10 }), (parts) => {
      for (const { tool, toolVersion = '1', models } of readMessageClaims(`s\n\n${parts.join('')}`).mentions) {
        expect(tool).toMatch(/^[a-z0-9-]{1,60}$/)
        expect(toolVersion).toMatch(/^[!-~]{1,64}$/)
        for (const model of models.flatMap((it) => [it, normalModel(it)])) {
          expect(model).toMatch(/^[!-~](?:[ -~]{0,94}[!-~])?$/)
        }
      }
    }),
    { numRuns: runs(5_000) },
  )
})
