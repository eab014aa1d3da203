import { describe, expect, test } from 'vitest'
import { sessionsIn } from '../../../../src/collect/sessions/entire/checkpoint-files.ts'
import { judgeSession } from '../../../../src/collect/sessions/entire/stored-session.ts'
import type { Judged, Kept } from '../../../../src/collect/sessions/entire/stored-session.ts'
import type { SessionMetadata } from '../../../../src/collect/sessions/entire/metadata.ts'
import { newTranscriptScan } from '../../../../src/collect/sessions/entire/transcript.ts'
import type { Transcript } from '../../../../src/collect/sessions/entire/transcripts.ts'
import { claudeRow, codexRows, spawnedBy } from '../../../world/entire-checkpoint.ts'

const digest = 'ab'.repeat(32)

function transcript(text: string): Transcript {
  const scan = newTranscriptScan()
  scan.write(Buffer.from(text))
  return { digest, bytes: text.length, facts: scan.end() }
}

function judge(metadata: Partial<SessionMetadata>, read: Kept['read'], more: Partial<Kept> = {}): Judged {
  const whole: SessionMetadata = {
    checkpoint: '7b9d8e75f733',
    session: 'one',
    agent: 'Claude Code',
    model: undefined,
    isReview: false,
    createdAt: '2026-02-01T11:00:00.123456+01:00',
    isNewer: false,
    ...metadata,
  }
  return judgeSession({ metadata: whole, read, isCompact: false, contentHash: undefined, ...more })
}

const codes = ({ problems }: Judged): string[] => problems.map(([code]) => code)

test('a transcript that names its session is its record', () => {
  const judged = judge({}, transcript(claudeRow('one')), { contentHash: digest })
  expect(judged).toEqual({
    problems: [],
    session: {
      tool: 'claude-code',
      session: 'one',
      toolVersion: '2.1.29',
      models: ['claude-opus-4-6'],
      startedAt: '2026-02-01T10:00:00.000Z',
      endedAt: '2026-02-01T10:00:00.000Z',
      parent: undefined,
      role: undefined,
      record: expect.objectContaining({ digest }) as unknown,
    },
  })
})

describe('no record, and nothing from it, is', () => {
  const created = '2026-02-01T10:00:00.123Z'
  const said = { tool: 'claude-code', models: [], toolVersion: undefined, parent: undefined, role: undefined }
  const claim = { session: 'one', ...said, record: undefined }
  test.each([
    ['a transcript of another session', transcript(claudeRow('other')), 'checkpoint-session-mismatch'],
    ['one of two sessions', transcript(claudeRow('one') + claudeRow('other')), 'checkpoint-session-mismatch'],
    ['one that names none', transcript('{"type":"user"}\n'), 'checkpoint-session-mismatch'],
    ['one that is not stored', undefined, 'checkpoint-transcript-missing'],
    ['one that is not in the clone', 'missing' as const, 'checkpoint-transcript-missing'],
    ['one that was not read', 'too-large' as const, 'checkpoint-too-large'],
  ])('%s', (_, read, code) => {
    const judged = judge({}, read)
    expect(codes(judged)).toEqual([code])
    expect(judged.session).toEqual({ ...claim, startedAt: created, endedAt: created })
  })
})

describe('the session that started it', () => {
  const judged = (more: object, session = 'one'): Judged =>
    judge({ agent: 'Codex', session }, transcript(codexRows('one', more)))

  test('is named by its id, with what it was started for, where that is known', () => {
    const of = (role?: string): unknown => judged(spawnedBy('p', role)).session
    expect(of('worker')).toMatchObject({ tool: 'codex', session: 'one', parent: 'p', role: 'implementation' })
    expect(of('reviewer')).toMatchObject({ parent: 'p', role: 'review' })
    expect(of('explorer')).toMatchObject({ parent: 'p', role: undefined })
    expect(judged({ source: { subagent: 'review' } }).session).toMatchObject({ parent: undefined, role: 'review' })
  })

  test.each<[string, object, string]>([
    ['two of them', { ...spawnedBy('p'), parent_thread_id: 'q' }, 'checkpoint-parent-unclear'],
    ['itself', spawnedBy('one'), 'checkpoint-parent-unclear'],
    ['what is no id', spawnedBy('a path/ and more'), 'session-id-invalid'],
    ['a secret', spawnedBy('ann@acme.example'), 'session-id-invalid'],
  ])('is none where the transcript names %s, and the record stands', (_, more, code) => {
    const { session, problems } = judged(more)
    expect(problems.map(([it]) => it)).toEqual([code])
    expect(session).toMatchObject({ parent: undefined, record: { digest } })
    expect(JSON.stringify(problems)).not.toMatch(/path|ann@/)
  })

  test('is not believed of a transcript of another session', () => {
    expect(judged(spawnedBy('p', 'worker'), 'other').session).toMatchObject({ parent: undefined, role: undefined })
  })

  test('is not needed to know a review, which Entire tells of the session', () => {
    expect(judge({ isReview: true }, undefined).session).toMatchObject({ role: 'review', parent: undefined })
    expect(judge({ isReview: true }, transcript(claudeRow('one'))).session).toMatchObject({ role: 'review' })
  })
})

test('the tool is the agent, or who writes such transcripts, or unknown; text that is no name of a tool is never given', () => {
  const toolOf = (agent: string | undefined, text: string): string | undefined =>
    judge({ agent }, transcript(text)).session?.tool
  expect(toolOf('Gemini CLI', '')).toBe('gemini')
  expect(toolOf('Factory AI Droid', '')).toBe('droid')
  expect(toolOf(undefined, claudeRow('one'))).toBe('claude-code')
  expect(toolOf(undefined, codexRows('one'))).toBe('codex')
  expect(toolOf(undefined, '{}')).toBe('unknown')
  expect(toolOf('ann@example.org', '{}')).toBe('unknown')
})

test('two versions of the tool are none', () => {
  const text = claudeRow('one') + claudeRow('one', { version: '2.1.30' })
  expect(judge({}, transcript(text)).session?.toolVersion).toBeUndefined()
  expect(judge({}, transcript(claudeRow('one', { version: 'ann@example.org' }))).session?.toolVersion).toBeUndefined()
})

test('the model of the metadata stands where the transcript names none', () => {
  const silent = claudeRow('one', { message: { model: '<synthetic>' } })
  expect(judge({ model: 'claude-opus-5' }, transcript(silent)).session?.models).toEqual(['claude-opus-5'])
  expect(judge({ model: 'claude-opus-5' }, transcript(claudeRow('one'))).session?.models).toEqual(['claude-opus-4-6'])
})

test('a hash of other bytes is told of and changes nothing', () => {
  for (const contentHash of ['cd'.repeat(32), null]) {
    const judged = judge({}, transcript(claudeRow('one')), { contentHash })
    expect(codes(judged)).toEqual(['checkpoint-hash-stale'])
    expect(judged.session?.record?.digest).toBe(digest)
  }
  expect(codes(judge({}, transcript(claudeRow('one')), { contentHash: 'x', isCompact: true }))).toEqual([])
})

test('cut rows and later formats are told of', () => {
  expect(codes(judge({ isNewer: true }, transcript(`${claudeRow('one')}{"cut":`)))).toEqual([
    'format-newer',
    'checkpoint-row-broken',
  ])
})

test('an id that can be none makes no session', () => {
  expect(judge({ session: 'ann@example.org' }, transcript(claudeRow('one')))).toEqual({
    session: undefined,
    problems: [['session-id-invalid', expect.any(String)]],
  })
})

describe('the files of a checkpoint', () => {
  const names = (...paths: string[]): ReturnType<typeof sessionsIn> =>
    sessionsIn(new Map(paths.map((path) => [path, `blob of ${path}`])))

  test('are sorted by session, a transcript in parts in their order', () => {
    const found = names(
      '10/full.jsonl',
      '2/full.jsonl.001',
      '2/full.jsonl',
      '2/transcript.jsonl',
      '2/metadata.json',
      '2/full.jsonl.002',
    )
    expect(found.map(({ name }) => name)).toEqual(['2', '10'])
    expect(found[0]).toMatchObject({
      metadata: 'blob of 2/metadata.json',
      transcript: ['blob of 2/full.jsonl', 'blob of 2/full.jsonl.001', 'blob of 2/full.jsonl.002'],
      isCompact: false,
    })
  })

  test.each([
    ['the first', ['0/full.jsonl.001']],
    ['one between', ['0/full.jsonl', '0/full.jsonl.002']],
  ])('without %s part are no transcript', (_, paths) => {
    expect(names(...paths, '0/transcript.jsonl')).toMatchObject([{ transcript: [], isCompact: false }])
  })

  test('hold the compact form alone, or a session without a folder', () => {
    expect(names('0/transcript.jsonl')).toMatchObject([{ transcript: ['blob of 0/transcript.jsonl'], isCompact: true }])
    expect(names('metadata.json', 'full.jsonl')).toMatchObject([{ name: '', metadata: 'blob of metadata.json' }])
    expect(names('metadata.json')).toEqual([])
  })
})
