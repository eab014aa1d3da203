/** Ids of sessions and versions of tools: what may stand for one. */
import { describe, expect, test } from 'vitest'
import { sessionId } from '../../../src/collect/sessions/session-id.ts'
import { toolVersion } from '../../../src/collect/sessions/tool-version.ts'

const token = `ghp_${'a1'.repeat(18)}`

describe('the id of a session', () => {
  test.for([
    ['https://claude.ai/code/session_01Abcdefghijklmnop?x=1#y', 'session_01Abcdefghijklmnop'],
    ['T-11111111-2222-4333-8444-555555555555', 'T-11111111-2222-4333-8444-555555555555'],
  ] as const)('in %s is %s', ([text, id]) => {
    expect(sessionId(text)).toBe(id)
  })

  test.for([
    'https://ampcode.com/threads/T-1 and what was asked there',
    'https://ampcode.com/threads/T-1\nand more',
    'ann@acme.example',
    'ann@acme.example:1',
    '~/sessions/1',
    'C:/sessions/1',
    token,
    `https://claude.ai/code/${token}`,
    `session_01${token}`,
  ])('is not in %s', (text) => {
    expect(sessionId(text)).toBeUndefined()
  })
})

test('the version of a tool begins with a number and holds no secret', () => {
  expect(['2.1.29', 'v0.130.0-alpha.1+b7'].map(toolVersion)).toEqual(['2.1.29', 'v0.130.0-alpha.1+b7'])
  expect(['latest', '2.1 by Ann', `2.1.29${token}`, `2.${'1'.repeat(80)}`].map(toolVersion)).toEqual([
    ...[undefined, undefined, undefined, undefined],
  ])
})
