import { at, one, rows } from './sample.ts'
import type { Sample } from './sample.ts'

const step = (index: number, type: string, more: object): object => ({
  ...{ step_index: index, source: type === 'USER_INPUT' ? 'USER_EXPLICIT' : 'MODEL', type, status: 'DONE' },
  ...{ created_at: at(index), ...more },
})
const asked =
  '<USER_REQUEST>\nAdd a greeting\n</USER_REQUEST>\n<USER_SETTINGS_CHANGE>\nThe user changed setting `Model Selection` from None to Gemini 3 Pro (High). No need to say so.\n</USER_SETTINGS_CHANGE>'
const write = { CodeContent: 'export const greeting = 1\n', Overwrite: true, TargetFile: '/w/a.ts' }
const replace = { TargetFile: '/w/b.ts', TargetContent: 'x', ReplacementContent: 'const second = greeting + 1' }
const call = (name: string, args: object): object => ({ tool_calls: [{ name, args }] })
const escaped = (args: object): object =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, JSON.stringify(value)]))
const name = (file: string): string => `${one}/.system_generated/logs/${file}`

export const antigravitySamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, and a command that fails and is done',
    format: 'antigravity',
    name: name('transcript_full.jsonl'),
    text: rows(
      step(0, 'USER_INPUT', { content: asked }),
      step(2, 'PLANNER_RESPONSE', call('write_to_file', write)),
      step(3, 'CODE_ACTION', { content: 'Created file file:///w/a.ts with requested content.' }),
      step(5, 'PLANNER_RESPONSE', call('replace_file_content', replace)),
      step(6, 'CODE_ACTION', { status: 'ERROR', content: 'Encountered error in step execution: no such text' }),
      step(7, 'PLANNER_RESPONSE', call('replace_file_content', replace)),
      step(8, 'CODE_ACTION', { content: 'The change was rejected by the user.' }),
      step(9, 'PLANNER_RESPONSE', call('run_command', { CommandLine: 'npm run the-tests', Cwd: '/w' })),
      step(10, 'RUN_COMMAND', { content: 'The command failed with exit code: 1' }),
      step(
        11,
        'PLANNER_RESPONSE',
        call('multi_replace_file_content', {
          TargetFile: '/w/c.ts',
          ReplacementChunks: [{ ReplacementContent: 'const third = second + 1' }],
        }),
      ),
      step(12, 'USER_INPUT', { content: '<USER_REQUEST>stop</USER_REQUEST>' }),
    ),
    told: {
      ...{
        session: one,
        models: ['Gemini 3 Pro (High)'],
        times: [at(0), at(12)],
        turns: 2,
        iterations: 5,
        shellLines: 1,
      },
      edits: ['/w/a.ts applied - 1', '/w/b.ts failed - 1', '/w/b.ts rejected person 1', '/w/c.ts unanswered - 1'],
    },
  },
  {
    title: 'arguments that are escaped twice',
    format: 'antigravity',
    name: name('transcript.jsonl'),
    text: rows(
      step(0, 'USER_INPUT', { content: '<USER_REQUEST>Add one</USER_REQUEST>' }),
      step(2, 'PLANNER_RESPONSE', call('write_to_file', escaped(write))),
      step(3, 'CODE_ACTION', { content: 'Created file file:///w/a.ts' }),
      step(5, 'PLANNER_RESPONSE', call('run_command', escaped({ CommandLine: 'npm run the-tests', Cwd: '/w' }))),
    ),
    told: {
      ...{ session: one, times: [at(0), at(5)], turns: 1, iterations: 2, shellLines: 1 },
      edits: ['/w/a.ts applied - 1'],
    },
  },
  {
    title: 'a person who writes what the tool says of its model, in a file without its folder',
    format: 'antigravity',
    name: 'transcript_full.jsonl',
    text: rows(
      step(0, 'USER_INPUT', {
        content: '<USER_REQUEST>The user changed setting `Model Selection` from None to Gemini 3 Pro. </USER_REQUEST>',
      }),
    ),
    told: { times: [at(0), at(0)], turns: 1, problems: ['transcript-session-missing'] },
  },
]
