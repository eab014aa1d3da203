import { at, one, rows, two } from './sample.ts'
import type { Sample } from './sample.ts'

const header = { sessionId: one, projectHash: 'abc', startTime: at(0), lastUpdated: at(0), kind: 'main' }
const asked = { id: 'm1', timestamp: at(1), type: 'user', content: [{ text: 'Add a greeting' }] }
const write = { id: 'c1', name: 'write_file', args: { file_path: '/w/a.ts', content: 'export const greeting = 1\n' } }
const answer = { id: 'm2', timestamp: at(2), type: 'gemini', content: '', model: 'gemini-2.5-pro' }
const tokens = { input: 100, output: 20, cached: 40, thoughts: 5, tool: 0, total: 125 }
const replace = {
  name: 'replace',
  args: { file_path: '/w/b.ts', old_string: 'x', new_string: 'const second = greeting + 1' },
}

export const geminiSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, a message that is written twice, a shell',
    format: 'gemini',
    name: `p/chats/session-2026-03-01T10-00-11111111.jsonl`,
    text: rows(
      header,
      asked,
      asked,
      { ...answer, tokens, toolCalls: [{ ...write, status: 'executing' }] },
      { ...answer, tokens, toolCalls: [{ ...write, status: 'success' }] },
      { $set: { lastUpdated: at(3), summary: 'x' } },
      {
        ...{ ...answer, id: 'm3', model: 'gemini-3-pro' },
        toolCalls: [
          { ...replace, id: 'c2', status: 'cancelled' },
          { ...replace, id: 'c3', status: 'error' },
          { ...replace, id: 'c4', status: 'awaiting_approval' },
          { id: 'c5', name: 'run_shell_command', args: { command: 'npm run the-tests' }, status: 'success' },
        ],
      },
      { id: 'm4', timestamp: at(4), type: 'info', content: 'An update is there' },
    ),
    told: {
      ...{ session: one, parent: null, models: ['gemini-2.5-pro', 'gemini-3-pro'], times: [at(0), at(4)] },
      ...{ turns: 1, iterations: 2, tokens: { input: 60, output: 25, cacheRead: 40 }, shellLines: 1 },
      edits: ['/w/a.ts applied - 1', '/w/b.ts rejected person 1', '/w/b.ts failed - 1', '/w/b.ts unanswered - 1'],
    },
  },
  {
    title: 'a rewind, and a history that is compressed, which takes nothing back',
    format: 'gemini',
    name: 'p/chats/session-a.jsonl',
    text: rows(
      header,
      asked,
      { ...answer, toolCalls: [{ ...write, status: 'success' }] },
      { ...asked, id: 'm5', content: 'Now the second' },
      { ...answer, id: 'm6', toolCalls: [{ ...replace, id: 'c6', status: 'success' }] },
      { $rewindTo: 'm5' },
      { ...asked, id: 'm7', content: 'Another second' },
      { $set: { messages: [{ ...asked, id: 'm8', content: 'A summary of it all' }] } },
    ),
    told: {
      ...{ session: one, parent: null, models: ['gemini-2.5-pro'], times: [at(0), at(2)], turns: 2, iterations: 2 },
      edits: ['/w/a.ts applied - 1', '/w/b.ts undone - 1'],
    },
  },
  {
    title: 'a rewind to a message that is not there: to the start',
    format: 'gemini',
    name: 'p/chats/session-b.jsonl',
    text: rows(header, asked, { ...answer, toolCalls: [{ ...write, status: 'success' }] }, { $rewindTo: 'nowhere' }),
    told: {
      ...{ session: one, parent: null, models: ['gemini-2.5-pro'], times: [at(0), at(2)], iterations: 1 },
      edits: ['/w/a.ts undone - 1'],
    },
  },
  {
    title: 'a rewind to a message that was taken back before',
    format: 'gemini',
    name: 'p/chats/session-b.jsonl',
    text: rows(
      header,
      asked,
      { ...answer, toolCalls: [{ ...write, status: 'success' }] },
      { ...asked, id: 'm5', content: 'Now the second' },
      { ...asked, id: 'm6', content: 'And the third' },
      { $rewindTo: 'm5' },
      { $rewindTo: 'm6' },
    ),
    told: {
      ...{ session: one, parent: null, models: ['gemini-2.5-pro'], times: [at(0), at(2)], iterations: 1 },
      edits: ['/w/a.ts undone - 1'],
    },
  },
  {
    title: 'a subagent',
    format: 'gemini',
    name: `p/chats/${two}/${one}.jsonl`,
    text: rows({ ...header, kind: 'subagent' }, { ...answer, toolCalls: [{ ...write, status: 'success' }] }),
    told: {
      ...{ session: one, parent: two, models: ['gemini-2.5-pro'], times: [at(0), at(2)], iterations: 1 },
      edits: ['/w/a.ts applied - 1'],
    },
  },
  {
    title: 'one document',
    format: 'gemini-document',
    name: 'p/chats/session-c.json',
    text: JSON.stringify({
      ...{ sessionId: one, projectHash: 'abc', startTime: at(0), lastUpdated: at(5) },
      messages: [
        asked,
        {
          ...{ ...answer, tokens },
          toolCalls: ['success', 'error', 'cancelled', 'executing'].map((status) => ({ ...write, id: status, status })),
        },
      ],
    }),
    told: {
      ...{ session: one, models: ['gemini-2.5-pro'], times: [at(0), at(5)], turns: 1, iterations: 1 },
      ...{ tokens: { input: 60, output: 25, cacheRead: 40 } },
      edits: [...['/w/a.ts applied - 1', '/w/a.ts failed - 1', '/w/a.ts rejected person 1'], '/w/a.ts unanswered - 1'],
    },
  },
]
