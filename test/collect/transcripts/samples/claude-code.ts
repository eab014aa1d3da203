import { at, one, rows } from './sample.ts'
import type { Sample } from './sample.ts'

const row = (minute: number, type: string, more: object): object => ({
  ...{ type, uuid: `row-${minute}`, sessionId: one, timestamp: at(minute), version: '2.1.40', isSidechain: false },
  ...more,
})
const use = (id: string, path: string): object => ({
  ...{ type: 'tool_use', id, name: 'Edit' },
  input: { file_path: path, old_string: 'x', new_string: `const greeting${id} = 'hello there'` },
})
const result = (id: string, more: object = {}): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...more,
})
const asked = (minute: number, content: unknown): object => row(minute, 'user', { message: { role: 'user', content } })

export const claudeCodeSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict',
    format: 'claude-code',
    name: `${one}.jsonl`,
    text: rows(
      asked(0, 'Add a greeting'),
      row(1, 'assistant', {
        message: {
          ...{ id: 'm1', role: 'assistant', model: 'claude-opus-4-6', usage: { input_tokens: 10, output_tokens: 5 } },
          content: [use('t1', '/w/a.ts'), use('t2', '/w/b.ts'), use('t3', '/w/c.ts'), use('t4', '/w/d.ts')],
        },
      }),
      asked(2, [
        result('t1'),
        result('t2', { is_error: true, content: "The user doesn't want to proceed with this tool use." }),
        result('t3', {
          is_error: true,
          content: '<tool_use_error>String to replace not found in file.</tool_use_error>',
        }),
      ]),
    ),
    told: {
      ...{
        session: one,
        versions: ['2.1.40'],
        models: ['claude-opus-4-6'],
        times: [at(0), at(2)],
        turns: 1,
        iterations: 1,
      },
      tokens: { input: 10, output: 5 },
      edits: ['/w/a.ts applied - 1', '/w/b.ts rejected person 1', '/w/c.ts failed - 1', '/w/d.ts unanswered - 1'],
    },
  },
]
