import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { mayHoldClaim } from '../../../../src/collect/sessions/messages/trailer-forms.ts'
import { normalModel } from '../../../../src/collect/sessions/models.ts'
import { limits } from '../../../../src/model/limits.ts'
import { growth, nearlyLinear } from '../../../world/cpu-time.ts'
import { part, runs } from '../../../world/runs.ts'

/** `tool`, `tool#session`, with `@version` and `[models]`, in their normal form, where there are any. */
function claimsIn(message: string): string[] {
  const { mentions } = readMessageClaims(message)
  if (mentions.length > 0) expect(mayHoldClaim(Buffer.from(message).toString('latin1'))).toBe(true)
  return mentions.map(({ tool, session, toolVersion, models }) => {
    const parts = [tool, session === undefined ? '' : `#${session}`, toolVersion === undefined ? '' : `@${toolVersion}`]
    return parts.join('') + (models.length === 0 ? '' : `[${models.map(normalModel).join()}]`)
  })
}

const uuid = '5c1f0a3e-8d2b-4c6f-9a71-0b2e4d6f8a90'

describe('a message', () => {
  test('is read in all paragraphs, also behind a squash merge and where git indented it', () => {
    const message = [
      'Big change (#12)',
      '',
      '* first',
      '',
      `Copilot-Session: ${uuid}`,
      '',
      '* second',
      '',
      '    Assisted-by: Codex:gpt-5.4',
      '',
      '---------',
      '',
      'Co-authored-by: Ann <ann@example.org>',
      '',
      'Reviewed in the office.',
    ]
    expect(claimsIn(message.join('\n'))).toEqual([`copilot#${uuid}`, 'codex[gpt-5.4]'])
  })

  test('may fold a value over lines', () => {
    expect(claimsIn('s\n\nChainloop-Trace-Sessions: a1,\n  b2,\n\tc3\nnot folded')).toEqual([
      'unknown#a1',
      'unknown#b2',
      'unknown#c3',
    ])
  })

  test('lists a session once, and unites its models', () => {
    const line = `AI-Session-ID: codex:${uuid}`
    expect(
      claimsIn(`s\n\n${line}\n${line}\nAI-Tool-Version: codex/1.2 (gpt-5.4)\nAI-Tool-Version: codex/1.2 (gpt-5.5)`),
    ).toEqual([`codex#${uuid}@1.2[gpt-5.4,gpt-5.5]`])
  })

  test('pairs a bare id with the tool of its version, and Entire-Session with Entire-Agent', () => {
    expect(claimsIn(`s\n\nAI-Session-ID: ${uuid}\nAI-Tool-Version: claude/2.1 (auto)`)).toEqual([
      `claude-code#${uuid}@2.1`,
    ])
    expect(claimsIn('s\n\nEntire-Session: e1\nEntire-Agent: Claude Code')).toEqual(['claude-code#e1'])
  })

  test('that names two versions of a tool names none', () => {
    expect(claimsIn('s\n\nAI-Session-ID: codex:1\nAI-Tool-Version: codex/1\nAI-Tool-Version: codex/2')).toEqual([
      'codex#1',
    ])
  })

  test.for([
    '<synthetic>',
    'Unknown',
    'ann@example.org',
    '/home/ann/model',
    '(Ann Smith',
    'Ann',
    'AWS Bedrock',
    'claude code',
    'v2.0.0',
    'x'.repeat(200),
    'C:/models/x',
  ])('has no model called %j', (model) => {
    const { mentions } = readMessageClaims(`s\n\nAI-Tool-Version: codex/1 (${model})\nAssisted-by: codex:${model}`)
    expect(mentions.flatMap(({ models }) => models)).toEqual([])
  })

  test('never makes the reader fail, and the search in its bytes finds whatever there is', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'Co-authored-by: ',
        'Assisted-by: Claude (',
        'AI-Session-ID: a:',
        'AI-Tool-Version: x/',
        ' ',
        '🤖 Generated with [',
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 12 }), (lines) => {
        claimsIn(lines.map((parts) => parts.join('')).join('\n'))
      }),
      { numRuns: runs(500) },
    )
  })

  test.for(
    part(
      [
        ['blanks', ' '],
        ['line ends', '\n'],
        ['carriage returns', '\r'],
        ['keys', 'Assisted-by: '],
        ['signs', '#'],
        ['indented signs', ' #\n'],
        ['addresses', 'https://claude.ai/code/session_0123456789abcdef '],
        ['links', '[a](https://ampcode.com/threads/T-'],
        ['footers', '_Generated with `mux` • Model: '],
        ['items', '- Assisted-by: '],
        ['sessions', 'AI-Session-ID: a\nAI-Tool-Version: a/1\n'],
        ['brackets', '🤖 Generated with [(<'],
        ['folds', 'AI-Session-ID: a\n b,'],
        ['fences', '```\n~~~~\n'],
        ['comments', '<!--\n<pre>\n'],
        ['joints', 'Assisted-by: a via b + c (d\n'],
      ] as const,
      4,
    ),
  )('of four times as many %s costs four times as much', ([, part]) => {
    const work = (size: number) => {
      const message = part.repeat(Math.floor(size / Buffer.byteLength(part)))
      return () => {
        mayHoldClaim(message)
        readMessageClaims(message)
      }
    }
    expect(growth(work, limits.commitMessageBytes / 4)).toBeLessThan(nearlyLinear)
  })
})
