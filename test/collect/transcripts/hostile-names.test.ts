/** Names in transcripts that somebody chose to have them signed, and agents that pass for the session that started them. */
import { createHmac } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { hasWordsOfId, hasWordsOfModel, hasWordsOfVersion } from '../../../src/collect/sessions/name-words.ts'
import { onlyIn, readSample, rowsOf } from './read-sample.ts'

const id = '5b2f7c10-9a3d-4e61-8c2b-7d1e0f4a9b63'

interface Said {
  readonly model?: string
  readonly version?: string
  readonly agent?: string
}

function rows({ model = 'claude-opus-4-6', version = '2.1.40', agent }: Said): readonly object[] {
  const isOf = agent === undefined ? { isSidechain: false } : { isSidechain: true, agentId: agent }
  const row = (at: number, type: string, message: object): object => ({
    ...{
      type,
      uuid: `u${at}${agent ?? ''}`,
      sessionId: id,
      version,
      timestamp: `2026-03-01T10:00:0${at}.000Z`,
      message,
    },
    ...isOf,
  })
  return [
    row(1, 'user', { role: 'user', content: 'Add a greeting' }),
    row(2, 'assistant', { id: `m${agent ?? ''}`, model, content: [] }),
  ]
}

describe('free words', () => {
  test.each<[string, Said]>([
    ['a sentence as a model', { model: 'meet-me-at-the-old-bridge' }],
    ['a sentence behind a model that is known', { model: 'gpt-5-meet-me-at-the-bridge' }],
    ['a sentence in one word as a model', { model: 'meetMeAtTheOldBridge' }],
    ['a word of no end', { model: `m${'e'.repeat(40)}t` }],
    ['a sentence in a path of a model', { model: 'meet/me.under/the-old-bridge' }],
    ['a sentence behind a version', { version: '2.1.40-meet-me-at-the-bridge' }],
    ['a sentence as an agent', { agent: 'meet-me-at-the-old-bridge' }],
  ])('are not signed: %s', async (_, said) => {
    const { session, problems } = await onlyIn('x.jsonl', rowsOf(rows(said)))
    expect(problems.map(({ code }) => code)).toEqual(['transcript-name-unclear'])
    expect(JSON.stringify({ session: { ...session, answers: [], asked: [] }, problems })).not.toMatch(/bridge|eeee/i)
  })

  test('are told from names that tools have', () => {
    const models = [
      ...['sonoma-sky-alpha', 'big-pickle', 'openrouter/google/gemini-2.5-flash-lite-preview-09-2025', 'zai/glm-4p7'],
      ...[
        'us.anthropic.claude-3-5-sonnet-20240620-v1:0',
        'openai/aws/claude-3.5-sonnet',
        'vertex_ai/claude-3-5-sonnet',
        'Gemini 3.1 Pro (High)',
        'custom:BYOK-GPT-5-MINI-0',
      ],
    ]
    expect(models.filter((it) => !hasWordsOfModel(it))).toEqual([])
    const versions = ['0.99.0-alpha.24', '0.47.2.dev32+g0d4bd6a', '1.0.0-SNAPSHOT', '0.2026.01.14.stable_01', '2.1.40']
    expect(versions.filter((it) => !hasWordsOfVersion(it))).toEqual([])
    const ids = [
      ...['a1b2c3d', 'deadbeef', 'agent-compact-9f3c', 'explore-7f3c', 'T-019ca1ce-3ae2-7686-a41e-ccc078837f8a'],
      ...['session_01AbcDefGhiJklMno', 'ses_3f8a1b2c4ffeXYZabcDEF', id],
    ]
    expect(ids.filter((it) => !hasWordsOfId(it))).toEqual([])
  })
})

describe('the transcript of an agent', () => {
  test.each([
    ['its id is a sentence', 'who-has-done-all-of-this'],
    ['its id is an address', 'ann@example.com'],
    ['its id has a blank', 'not an id'],
    ['it has no id', ''],
  ])('is none of the session that started it, though %s', async (_, agent) => {
    expect((await onlyIn('x.jsonl', rowsOf(rows({ agent })))).session).toMatchObject({ session: id, agent: 'unnamed' })
  })

  test('of two agents is of neither, and not of the session', async () => {
    const both = [...rows({ agent: 'a1b2c3d' }), ...rows({ agent: 'b2c3d4e' })]
    expect((await onlyIn('x.jsonl', rowsOf(both))).session.agent).toBe('unnamed')
  })

  test('within that of its session leaves it one of the session', async () => {
    const [asked = {}, answered = {}] = rows({})
    const { session } = await onlyIn('x.jsonl', rowsOf([asked, ...rows({ agent: 'a1b2c3d' }), answered]))
    expect(session).toMatchObject({ session: id, agent: undefined, turns: 1, iterations: 2 })
  })
})

test('what stands behind the end of what was compressed is not passed over', async () => {
  const [one, two] = [rows({}), rows({ agent: 'a1b2c3d' })].map((it) => zstdCompressSync(Buffer.from(rowsOf(it))))
  if (one === undefined || two === undefined) throw new Error('nothing')
  expect(await readSample('x.jsonl.zst', one)).toHaveProperty('transcripts')
  for (const more of [two, Buffer.from('x')]) {
    const read = await readSample('x.jsonl.zst', Buffer.concat([one, more]))
    expect(read).toMatchObject({ problem: { code: 'transcript-unreadable' } })
  }
})

describe('the salt of what was asked', () => {
  const promptsOf = async (
    model: string,
  ): Promise<{ readonly hash: string; readonly salt: string; digest: string }> => {
    const { session, digest } = await onlyIn('x.jsonl', rowsOf(rows({ model })))
    if (session.prompts === undefined) throw new Error('nothing was asked')
    return { ...session.prompts, digest }
  }

  test('is the same each time, so that a run that is repeated says the same', async () => {
    expect(await promptsOf('gpt-5')).toEqual(await promptsOf('gpt-5'))
  })

  test('is of the whole record, and nobody makes it of the digest, which is signed', async () => {
    const [one, two] = [await promptsOf('gpt-5'), await promptsOf('gpt-5.1')]
    expect(one.salt).not.toBe(two.salt)
    expect(one.hash).not.toBe(two.hash)
    for (const key of ['', 'countersign prompt salt v1']) {
      for (const it of [one.digest, Buffer.from(one.digest, 'hex')]) {
        expect(createHmac('sha256', key).update(it).digest('hex').slice(0, 32)).not.toBe(one.salt)
      }
    }
    expect(one.digest).not.toContain(one.salt)
  })
})
