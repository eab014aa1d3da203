import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseCheckpointMetadata,
  parseContentHash,
  parseSessionMetadata,
} from '../../../../src/collect/sessions/entire/metadata.ts'
import { checkpointMetadata, sessionMetadata } from '../../../world/entire-checkpoint.ts'

const id = '7b9d8e75f733'
const uuid = '11111111-2222-4333-8444-555555555555'
const session = (more: object, of = uuid): ReturnType<typeof parseSessionMetadata> =>
  parseSessionMetadata(Buffer.from(sessionMetadata(id, of, more)))

describe('a session', () => {
  test('is given without what was typed', () => {
    const secret = { summary: { intent: 'secret' }, prompt: 'secret', transcript_path: '/home/ann', branch: 'secret' }
    expect(session(secret)).toEqual({
      checkpoint: id,
      session: uuid,
      agent: 'Claude Code',
      model: undefined,
      isReview: false,
      createdAt: '2026-02-01T11:00:00.123456+01:00',
      isNewer: false,
    })
  })

  test('loses the day that Entire put before its id, and no other part of one', () => {
    expect(session({}, `2026-01-21-${uuid}`)).toMatchObject({ session: uuid })
    expect(session({}, '2026-01-21-mine')).toMatchObject({ session: '2026-01-21-mine' })
  })

  test.each([undefined, null, '', 'Agent'])('of the agent %s is of none', (agent) => {
    expect(session({ agent })).toMatchObject({ agent: undefined })
  })

  test.each([
    [{ kind: 'agent_review' }, true],
    [{ kind: 'agent_investigate' }, false],
    [{ kind: null, review_skills: ['secret'] }, false],
  ])('with %j is a review: %s', (more, isReview) => {
    expect(session(more)).toMatchObject({ isReview })
  })

  test.each([
    [{ version: 1 }, false],
    [{ version: '1.3' }, false],
    [{ version: 2 }, true],
    [{ schema_version: '2.0' }, true],
    [{ format_version: 'next' }, true],
    [{ cli_version: '9.0.0' }, false],
  ])('with %j is of a later format: %s', (more, isNewer) => {
    expect(session(more)).toMatchObject({ isNewer })
  })

  test.each([
    ['no object', '[]'],
    ['no id', '{"checkpoint_id":"7b9d8e75f733"}'],
    ['an id twice', '{"checkpoint_id":"a","session_id":"b","session_id":"c"}'],
    ['an id that is no text', '{"checkpoint_id":"a","session_id":1}'],
    ['a prototype', '{"checkpoint_id":"a","session_id":"b","__proto__":{}}'],
    ['nothing', ''],
  ])('with %s is none', (_, text) => {
    expect(parseSessionMetadata(Buffer.from(text))).toHaveProperty('malformed')
  })
})

test('a checkpoint tells how many sessions it has', () => {
  expect(parseCheckpointMetadata(Buffer.from(checkpointMetadata(id, 3)))).toEqual({
    checkpoint: id,
    sessions: 3,
    isNewer: false,
  })
  expect(parseCheckpointMetadata(Buffer.from(`{"checkpoint_id":"${id}","sessions":null}`))).toMatchObject({
    sessions: 0,
  })
})

test('why something is malformed says nothing of what is in it', () => {
  const text = JSON.stringify({ checkpoint_id: 'x', session_id: { secret: 1 }, secret: 'secret' })
  for (const parse of [parseSessionMetadata, parseCheckpointMetadata]) {
    for (const some of [text, text.replace('x', '"secret'), `{"secret":`, '{"checkpoint_id":{"secret":1}}']) {
      const parsed = parse(Buffer.from(some))
      if ('malformed' in parsed) expect(parsed.malformed).not.toContain('secret')
    }
  }
})

test('a hash is one, or none', () => {
  const hex = 'ab'.repeat(32)
  expect(parseContentHash(Buffer.from(`sha256:${hex}\n`))).toBe(hex)
  for (const text of ['', hex, `sha256:${hex}0`, `sha1:${hex}`, `x\nsha256:${hex}`]) {
    expect(parseContentHash(Buffer.from(text))).toBeUndefined()
  }
})

test('any bytes are read without an error', () => {
  const near = fc.record({ checkpoint_id: fc.jsonValue(), session_id: fc.jsonValue(), agent: fc.jsonValue() })
  const text = fc.oneof(
    near.map((it) => JSON.stringify(it)),
    fc.json(),
    fc.string(),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        text.map((it) => Buffer.from(it)),
        fc.uint8Array().map((it) => Buffer.from(it)),
      ),
      (bytes) => {
        for (const parse of [parseSessionMetadata, parseCheckpointMetadata]) expect(parse(bytes)).toBeDefined()
        parseContentHash(bytes)
      },
    ),
  )
})
