/** Where trailers stand in a message, whatever is in it; git's own git-interpret-trailers is asked what it sees. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionsInEnvironment } from '../../src/capture/environment-sessions.ts'
import { commentStartOf, placeTrailers } from '../../src/capture/message.ts'
import { isSessionId, sessionOfText, trailersOf } from '../../src/capture/session-name.ts'
import { anyText } from '../world/any-text.ts'

const trailers = [trailersOf({ tool: 'codex', id: 'T-1', toolVersion: '0.99.0', model: 'gpt-5.4' })]
const lines = ['AI-Session-ID: codex:T-1', 'AI-Tool-Version: codex/0.99.0 (gpt-5.4)']

const line = fc.constantFrom(
  ...[
    '',
    '',
    'Title',
    'A sentence of a body.',
    '# a comment',
    '#12',
    'Signed-off-by: Ann <ann@example.org>',
    ' folded',
  ],
  ...[
    'AI-Session-ID: amp:T-2',
    '    AI-Session-ID: amp:T-3',
    'https://example.org/x',
    'Fixes: 1',
    '\tx',
    'ai-session-id:codex:T-1',
  ],
  '# ------------------------ >8 ------------------------',
)
const message = fc.array(line, { maxLength: 12 }).map((it) => it.join('\n'))
const placing = fc.record({ comment: fc.constantFrom('#', undefined), gather: fc.boolean() })

function seenByGit(text: string): string[] {
  const args = ['interpret-trailers', '--only-trailers', '--no-divider']
  return execFileSync('git', args, { input: text, encoding: 'utf8' })
    .split('\n')
    .filter((it) => it !== '')
}

describe('placing', () => {
  it('done twice is done once, and takes no line away', () => {
    fc.assert(
      fc.property(message, placing, (text, how) => {
        const once = placeTrailers(text, trailers, how)
        expect(placeTrailers(once, trailers, how)).toBe(once)
        const kept = once.split('\n').map((it) => it.trim())
        for (const it of text.split('\n')) if (it !== '') expect(kept).toContain(it.trim())
      }),
      { numRuns: 2_000 },
    )
  })

  it('names a session once, and git sees it as a trailer', () => {
    fc.assert(
      fc.property(message, (text) => {
        fc.pre(!/codex:T-1|>8/.test(text) && text.trim() !== '')
        const placed = placeTrailers(text, trailers, { comment: undefined })
        expect(placed.split('\n').filter((it) => it === lines[0])).toHaveLength(1)
        expect(seenByGit(placed)).toEqual(expect.arrayContaining(lines))
      }),
      { numRuns: 60 },
    )
  })

  it('adds nothing to a message that has all', () => {
    expect(placeTrailers('One\n\nai-session-id: codex:T-1\n', trailers, { comment: '#' })).toBe(
      'One\n\nai-session-id: codex:T-1\n',
    )
    expect(placeTrailers('One\n', [], { comment: '#' })).toBe('One\n')
  })

  it('stands before the comments and the scissors', () => {
    const cut = '# ------------------------ >8 ------------------------\ndiff --git a/x b/x\n+AI-Session-ID: a:b\n'
    const text = `One\n\n# Please enter\n${cut}`
    expect(placeTrailers(text, trailers, { comment: '#' })).toBe(`One\n\n${lines.join('\n')}\n\n# Please enter\n${cut}`)
  })

  it('finds the character that git chose', () => {
    expect(commentStartOf(undefined, 'x\n; y')).toBe('#')
    expect(commentStartOf('auto', 'x\n; y\n')).toBe(';')
    expect(commentStartOf('auto', 'x\n')).toBe('#')
    expect(commentStartOf('//', 'x\n')).toBe('//')
  })
})

describe('names of sessions', () => {
  it('hold nothing that could begin a line, a list or an address', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), (text) => {
        if (isSessionId(text)) expect(text).toMatch(/^[\w.:+-]+$/)
        const { sessions } = sessionsInEnvironment({ CURRENT_AI_SESSION_ID: `amp:${text}`, CODEX_THREAD_ID: text })
        for (const it of sessions) expect(trailersOf(it).session).toMatch(/^AI-Session-ID: [a-z]+:[\w.:+-]+$/)
      }),
    )
  })

  it.each(['', ':', 'amp:', ':x', 'Amp:x', 'amp:x y', 'amp:x\n', 'amp:-x', 'amp:sk-ant-x', 'amp:x/y', 'amp:a,b'])(
    '%j is none',
    (text) => {
      expect(sessionOfText(text)).toBeUndefined()
    },
  )
})
