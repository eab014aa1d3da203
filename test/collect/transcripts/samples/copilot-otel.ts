import { insert } from './made-database.ts'
import { at, one } from './sample.ts'
import type { Sample } from './sample.ts'

const ms = (minute: number): number => Date.parse(at(minute))
let spans = 0
const span = (
  id: string,
  operation: string,
  of: { parent?: string; session?: string | null; status?: number; tool?: string; tokens?: readonly number[] } = {},
): readonly unknown[] => {
  spans += 1
  const { parent = null, session = one, status = 0, tool = null, tokens = [] } = of
  return [
    ...[id, parent, operation, ms(spans), ms(spans) + 0.5, status, operation === 'chat' ? 'gpt-5' : null],
    ...[tokens[0] ?? null, tokens[1] ?? null, tokens[2] ?? null, tool, tool === null ? null : `call_${id}`, session],
  ]
}
const call = (id: string, args: object): readonly unknown[] => [id, 'gen_ai.tool.call.arguments', args]
const file = (path: string): object => ({ filePath: path, content: `export const greetingOf = '${path}'` })
const asked = (id: string, content: string): readonly unknown[] => [null, id, 'user_message', ms(1), { content }]

export const copilotOtelSamples: readonly Sample[] = [
  {
    title: 'a run with an agent within, and spans of no session',
    format: 'copilot-otel',
    name: 'agent-traces.db',
    database: [
      `CREATE TABLE schema_version (version INTEGER PRIMARY KEY); INSERT INTO schema_version VALUES (1);
       CREATE TABLE spans (span_id TEXT PRIMARY KEY, parent_span_id TEXT, operation_name TEXT, start_time_ms INTEGER, end_time_ms INTEGER,
         status_code INTEGER, response_model TEXT, input_tokens INTEGER, output_tokens INTEGER, cached_tokens INTEGER, tool_name TEXT,
         tool_call_id TEXT, chat_session_id TEXT);
       CREATE TABLE span_attributes (span_id TEXT, key TEXT, value TEXT, PRIMARY KEY (span_id, key));
       CREATE TABLE span_events (id INTEGER PRIMARY KEY AUTOINCREMENT, span_id TEXT, name TEXT, timestamp_ms INTEGER, attributes TEXT);
       CREATE VIEW sessions AS SELECT chat_session_id FROM spans;`,
      insert(
        'spans',
        span('s1', 'invoke_agent', { status: 1, tokens: [100, 50, 20] }),
        span('s2', 'chat', { parent: 's1', tokens: [60, 30, 20] }),
        span('s3', 'execute_tool', { parent: 's1', status: 1, tool: 'create_file' }),
        span('s4', 'execute_tool', { parent: 's1', status: 2, tool: 'create_file' }),
        span('s5', 'execute_tool', { parent: 's1', status: 0, tool: 'create_file' }),
        span('s6', 'execute_tool', { parent: 's1', status: 1, tool: 'runSubagent' }),
        span('s7', 'invoke_agent', { parent: 's6', status: 1 }),
        span('s8', 'chat', { parent: 's7', tokens: [40, 20] }),
        span('s9', 'execute_tool', { parent: 's1', status: 1, tool: 'run_in_terminal' }),
        span('t1', 'chat', { session: null, tokens: [9, 9] }),
        span('t2', 'execute_tool', { session: null, status: 1, tool: 'create_file' }),
      ),
      insert(
        'span_attributes',
        ...[call('s3', file('/w/a.ts')), call('s4', file('/w/b.ts')), call('s5', file('/w/c.ts'))],
        ...[call('s9', { command: 'npm run the-tests' }), call('t2', file('/w/x.ts')), call('s2', file('/w/y.ts'))],
        ['s2', 'gen_ai.input.messages', 'all that was said before'],
      ),
      insert('span_events', asked('s1', 'Add a greeting'), asked('s7', 'Look for it'), [
        null,
        's1',
        'turn_end',
        ms(2),
        '{}',
      ]),
    ].join('\n'),
    told: {
      ...{ session: one, models: ['gpt-5'], times: [at(1), at(9)], turns: 1, iterations: 2, shellLines: 1 },
      tokens: { input: 80, output: 50, cacheRead: 20 },
      edits: ['/w/a.ts applied - 1', '/w/b.ts failed - 1', '/w/c.ts unanswered - 1'],
    },
  },
]
