/** What a model said last before the next question stands in the log, in each format that writes it down; what it thought does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTranscriptTexts } from '../../../src/collect/transcripts/read-records.ts'

const id = '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44'
const at = '2026-03-01T10:00:00.000Z'
const text = (it: string): object => ({ type: 'text', text: it })

const formats: readonly [string, string, readonly object[]][] = [
  [
    'gemini',
    'session-2026.jsonl',
    [
      { sessionId: id, projectHash: 'x', startTime: at, lastUpdated: at, kind: 'main' },
      { id: 'a', timestamp: at, type: 'user', content: 'why so' },
      {
        id: 'b',
        timestamp: at,
        type: 'gemini',
        content: 'because of this',
        model: 'gemini-2.5-pro',
        thoughts: [{ description: 'SECRETTHOUGHT' }],
      },
    ],
  ],
  [
    'cursor',
    `${id}.jsonl`,
    [
      { role: 'user', message: { content: [text('<user_query>why so</user_query>')] } },
      { role: 'assistant', message: { content: [text('because of this')] } },
    ],
  ],
  [
    'copilot-cli',
    'events.jsonl',
    [
      {
        type: 'session.start',
        id: '1',
        timestamp: at,
        parentId: null,
        data: { sessionId: id, version: 1, copilotVersion: '1.0.0', producer: 'copilot-agent', startTime: at },
      },
      { type: 'user.message', id: '2', timestamp: at, parentId: '1', data: { content: 'why so' } },
      {
        type: 'assistant.message',
        id: '3',
        timestamp: at,
        parentId: '2',
        data: { messageId: 'm', content: 'because of this', toolRequests: [] },
      },
      {
        type: 'assistant.message',
        id: '4',
        timestamp: at,
        parentId: '3',
        data: { messageId: 'n', content: 'OFSUBAGENT', toolRequests: [], parentToolCallId: 't' },
      },
    ],
  ],
  [
    'droid',
    `${id}.jsonl`,
    [
      { type: 'session_start', id, title: 'x', version: 2, cwd: '/w' },
      { type: 'message', id: 'a', timestamp: at, message: { role: 'user', content: [text('why so')] } },
      {
        type: 'message',
        id: 'b',
        timestamp: at,
        message: {
          role: 'assistant',
          content: [{ type: 'thinking', thinking: 'SECRETTHOUGHT' }, text('because of this')],
        },
      },
    ],
  ],
  [
    'qwen-code',
    `${id}.jsonl`,
    [
      {
        uuid: 'a',
        parentUuid: null,
        sessionId: id,
        timestamp: at,
        type: 'user',
        cwd: '/w',
        version: '0.1.0',
        message: { role: 'user', parts: [{ text: 'why so' }] },
      },
      {
        uuid: 'b',
        parentUuid: 'a',
        sessionId: id,
        timestamp: at,
        type: 'assistant',
        cwd: '/w',
        version: '0.1.0',
        model: 'qwen3-coder',
        message: { role: 'model', parts: [{ text: 'SECRETTHOUGHT', thought: true }, { text: 'because of this' }] },
      },
    ],
  ],
  [
    'pi',
    `2026_${id}.jsonl`,
    [
      { type: 'session', version: 3, id, timestamp: at, cwd: '/w' },
      { type: 'message', id: 'a', parentId: null, timestamp: at, message: { role: 'user', content: 'why so' } },
      {
        type: 'message',
        id: 'b',
        parentId: 'a',
        timestamp: at,
        message: {
          role: 'assistant',
          model: 'claude-sonnet-4',
          content: [{ type: 'thinking', thinking: 'SECRETTHOUGHT' }, text('because of this')],
        },
      },
    ],
  ],
]

test.each(formats)('%s', async (_, name, rows) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-words-'))
  try {
    writeFileSync(join(folder, name), rows.map((it) => `${JSON.stringify(it)}\n`).join(''))
    const { records } = await readTranscriptTexts(join(folder, name))
    const said = records.flatMap(({ entries }) =>
      entries.map((it) => (it.kind === 'edit' ? it.path : `${it.kind} ${it.text}`)),
    )
    expect(said).toEqual(['prompt why so', 'answer because of this'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
