/** What stands where a name belongs, and is none that may be signed. Secrets are put together here, so that nobody takes one for real. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knownForms } from '../../../src/collect/redact/known-forms.ts'
import { isUnpublishable } from '../../../src/collect/redact/unpublishable.ts'

describe('a name or an id', () => {
  test.for([
    'ann@acme.example',
    'session:ann@mail.acme.example:1',
    '/home/ann/widget',
    'C:\\Users\\ann',
    'id=/Users/ann/x',
    `ghp_${'a1'.repeat(18)}`,
    `session_01ghp_${'a1'.repeat(18)}`,
    `sk-ant-api03-${'a1'.repeat(18)}`,
    // No run of twelve but with its hyphens.
    ['sk-ant-A0AA00AA0_', 'X_1Xa'].join('-'),
    `AKIA${'A1'.repeat(8)}`,
    `glpat-${'a1'.repeat(10)}`,
    `xoxb-${'1'.repeat(12)}-${'2'.repeat(12)}-${'aB3'.repeat(8)}`,
    'https://ann:hunter2hunter2@registry.example/',
    'password=hunter2',
    'token:abcdef0123456789',
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.${'a1'.repeat(20)}`,
  ])('%s is not for everybody', (text) => {
    expect(isUnpublishable(text)).toBe(true)
  })

  test.for([
    '11111111-2222-4333-8444-555555555555',
    'T-11111111-2222-4333-8444-555555555555',
    'session_01Abcdefghijklmnop234567',
    'ses_2f0c11aa22bb33cc44dd55ee',
    'devin-0123456789abcdef0123456789abcdef',
    'task_e_0123456789abcdef0123456789abcdef',
    'ai-thread-1767225600',
    'claude-opus-4-5-20251101',
    'us.anthropic.claude-opus-4-6-v1:0',
    'openrouter/qwen/qwen3-coder:free',
    'Claude Opus 4.6 (1M context)',
    '@cf/meta/llama-4',
    'vertex_ai/claude-opus-4-6@20260101',
    '2.1.240-beta.1+build7',
    'beads/crew/emma',
  ])('%s is', (text) => {
    expect(isUnpublishable(text)).toBe(false)
  })

  test('holds no secret of a known form, wherever it stands in it', () => {
    const word = fc.stringMatching(/^[a-cX-Z019_.:/ @+=~-]{0,40}$/)
    const secret = fc
      .tuple(
        fc.constantFrom('ghp_', 'sk-ant-', 'AKIA', 'npm_', 'glpat-', 'password=', '--token ', 'https://ann:', 'AIza'),
        fc.stringMatching(/^[A-F0-9]{0,40}$/),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(word, secret, word, (before, it, behind) => {
        const text = `${before}${it}${behind}`
        if (knownForms(text).length > 0 && !/^[0-9a-f-]*$/i.test(text)) expect(isUnpublishable(text)).toBe(true)
      }),
    )
  })
})
