/** Trailers that a message shows as an example do not count; those that git or a forge indented do. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { runs } from '../../../world/runs.ts'

const toolsIn = (...lines: string[]): string[] => readMessageClaims(lines.join('\n')).mentions.map(({ tool }) => tool)

const codex = 'Assisted-by: Codex:gpt-5.4'
const cursor = 'Co-authored-by: Cursor <cursoragent@cursor.com>'
const generated = '🤖 Generated with [Claude Code](https://claude.com/claude-code)'
const hash = '0123456789abcdef0123456789abcdef01234567'

describe('an example', () => {
  test.for<readonly [string, readonly string[]]>([
    ['indented by four blanks', ['    ' + codex]],
    ['indented by a tab', ['\t' + codex]],
    ['indented by two blanks and a tab', ['  \t' + codex]],
    ['indented below a paragraph', ['Write it like this:', '    ' + codex]],
    ['indented below an item of a numbered list', ['1. Write', '', '    ' + codex]],
    ['indented by a tab in an item of a list', ['* Write', '', '\t' + codex]],
    ['indented below the first line of an item', ['* Write', '    ' + codex]],
    ['introduced in an item of a list', ['* Write it like this:', '', '    ' + codex]],
    ['indented in an item of a list', ['* one', '', '      ' + codex]],
    ['indented below a list that has ended', ['* one', '', 'Text.', '', '    ' + codex]],
    ['indented in the middle of trailers', ['Reviewed-by: Ann <ann@example.org>', '    ' + codex]],
    ['between fences', ['```', codex, '```']],
    ['between fences with a language', ['```gitcommit', codex, '', cursor, '```']],
    ['between fences of tildes', ['~~~ text', codex, '```', cursor, '~~~']],
    ['between long fences', ['````', '```', codex, '```', '````']],
    ['between indented fences', ['* one', '', '  ```', '  ' + codex, '  ```']],
    ['between fences with CRLF', ['```\r', `${codex}\r`, '```\r']],
    ['in a comment', ['<!--', codex, '-->']],
    ['in preformatted HTML', ['<pre>', codex, '</pre>']],
    ['behind "such as:", indented by two blanks', ['End with a line such as:', '', '  ' + codex]],
    ['behind a colon, indented by three', ['Like this:', '   ' + codex, '   ' + codex]],
    ['behind the two colons of reStructuredText', ['Like this::', '', '   ' + codex]],
    ['in a block of reStructuredText', ['.. code-block:: text', '', '   ' + codex]],
    ['between the dashes of AsciiDoc', ['----', codex, '----']],
    ['in a block of AsciiDoc with an empty line', ['[source]', '----', 'text', '', codex, '----']],
    ['between the dots of AsciiDoc', ['.Title', '....', codex, '....']],
    ['in an example of AsciiDoc', ['====', codex, '====']],
    ['in an example of org mode', ['#+begin_example', codex, '#+end_example']],
    ['in source of org mode', ['#+BEGIN_SRC text', '', codex, '#+END_SRC']],
    ['in code of Jira', ['{code:title=x}', codex, '{code}']],
    ['in unformatted text of Jira', ['{noformat}', codex, '{noformat}']],
    ['in code of HTML', ['<code>', codex, '</code>']],
    ['in a quotation', ['> ' + codex, '>', '> > ' + codex]],
    [
      'in the message of a squashed commit',
      ['commit ' + hash, 'Author: Ann <ann@example.org>', '', '        ' + codex],
    ],
  ])('%s does not count, and what stands behind it does', ([, lines]) => {
    expect(toolsIn('subject', '', ...lines)).toEqual([])
    expect(toolsIn('subject', '', ...lines.map((it) => it.replace(codex, generated)))).toEqual([])
    expect(toolsIn('subject', '', ...lines, '', cursor)).toEqual(['cursor'])
    expect(toolsIn('subject', '', cursor, '', ...lines)).toEqual(['cursor'])
  })
})

describe('a trailer', () => {
  test.for<readonly [string, readonly string[]]>([
    ['in the first column', [codex]],
    ['indented by three blanks', ['   ' + codex]],
    ['in an item of a squash merge of GitHub', ['* one', '', codex, '', '* two']],
    ['in an item of a squash merge of GitLab', ['* one', '', '  text', '', '  ' + codex]],
    ['in an item of a list, indented by four blanks', ['* one', '', '    ' + codex]],
    ['behind other text of such an item', ['* one', '', '    text', '    ' + codex]],
    ['of a squashed commit', ['commit ' + hash, 'Author: Ann <ann@example.org>', 'Date:   now', '', '    ' + codex]],
    [
      'of the second squashed commit',
      ['commit ' + hash, 'Author: A', '', '    text', '', 'commit ' + hash, 'Author: A', '', '    ' + codex],
    ],
    ['behind a fence that nothing closes', ['```', 'text', codex]],
    ['behind a fence that only a shorter one follows', ['````', codex, '```']],
    ['behind a fence of another sign', ['```', codex, '~~~']],
    ['behind code between fences', ['```', 'text', '```', codex]],
    ['behind code on one line', ['```code```', codex, '```']],
    ['behind a comment that nothing closes', ['<!-- text', codex]],
    ['behind a comment on one line', ['<!-- text -->', codex, '-->']],
    ['behind indented code', ['    text', '', codex]],
    ['behind a line that ends with a colon', ['Credits:', '', codex]],
    ['indented behind text that a colon introduced', ['Changes:', '', '  - one', '', '  ' + codex]],
    ['in an item of a list behind a colon', ['* one', '', '  changes:', '', '  ' + codex]],
    ['of a squashed commit, behind a colon', ['commit ' + hash, 'Author: A', '', '    changes:', '', '    ' + codex]],
    ['between the lines by which GitHub parts commits', ['* one', '', '---------', '', codex, '', '---------']],
    ['between lines that stand below titles', ['Title', '-----', codex, '', 'Other', '-----', 'text']],
    ['behind dashes that nothing closes', ['----', codex]],
    ['behind dashes that others follow', ['----', codex, '-----', 'text']],
    ['behind a block of org mode that nothing closes', ['#+begin_example', codex]],
    ['behind code of Jira on one line', ['{code}x{code}', codex]],
  ])('%s counts', ([, lines]) => {
    expect(toolsIn('subject', '', ...lines)).toEqual(['codex'])
    expect(toolsIn('subject', '', ...lines.map((it) => `${it}\r`))).toEqual(['codex'])
  })

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
