/** The samples of every format: `formats.test.ts` is their suite. */
import { aiderHistory } from './aider.ts'
import { antigravitySamples } from './antigravity.ts'
import { claudeCodeSamples } from './claude-code.ts'
import { codexSamples } from './codex.ts'
import { copilotChatSamples, copilotEventSamples } from './copilot.ts'
import { copilotOtelSamples } from './copilot-otel.ts'
import { crushRows } from './crush.ts'
import { cursorDatabaseSamples } from './cursor-database.ts'
import { geminiSamples } from './gemini.ts'
import { kiroConversationsSamples, kiroDatabaseSamples, kiroSamples } from './kiro.ts'
import { kiroMessagesSamples, kiroRowsSamples } from './kiro-sessions.ts'
import { muxChat } from './mux.ts'
import { opencodeMessages, opencodeParts, opencodeRows } from './opencode.ts'
import type { FormatSamples, Sample, Told } from './sample.ts'
import { ampSamples, continueSamples, cursorSamples, droidSamples, windsurfSamples } from './small.ts'
import { specstoryLog } from './specstory.ts'
import { piSamples, qwenSamples } from './trees.ts'
import { zedSamples } from './zed.ts'

const startedAt = '2026-05-28T20:26:40.000Z'

const aider: Sample = {
  title: 'two sessions, edits with each verdict, a commit that is taken back',
  format: 'aider',
  name: '.aider.chat.history.md',
  text: aiderHistory,
  told: [
    {
      ...{
        versions: ['0.86.1'],
        models: ['anthropic/claude-sonnet-4-5'],
        turns: 1,
        iterations: 1,
        commits: ['1234abc'],
      },
      ...{ tokens: { input: 12_000, output: 604, cacheRead: 1_200 }, shellLines: 1 },
      edits: ['src/other.py rejected person 1', 'src/dates.py applied - 2'],
      written: 'refused_by_person = True\nimport os\ndef parse_of_dates(text):\n> not a line of the tool',
      problems: ['transcript-session-missing'],
    },
    {
      ...{ models: ['gpt-5'], iterations: 2, problems: ['transcript-session-missing'] },
      edits: ['src/times.py undone - 1', 'docs/never.md failed - 1'],
      written: 'def parse_of_times(text):\nnever found there',
    },
  ],
}

const specstory: Sample = {
  title: "another tool's session",
  format: 'specstory',
  name: '2026-05-01.md',
  text: specstoryLog,
  told: {
    ...{
      tool: 'codex',
      session: '22222222-aaaa-bbbb-cccc-000000000001',
      models: ['gpt-5-codex'],
      turns: 1,
      iterations: 2,
    },
    ...{ times: ['2026-05-01T10:00:00.000Z', '2026-05-01T10:00:09.000Z'] as const, shellLines: 1 },
    edits: ['src/dates.ts applied - 1', 'src/times.ts rejected person 1'],
    written: 'export const parserOfDates = 1\nexport const parserOfTimes = 1',
  },
}

const crush: Sample = {
  title: 'edits with each verdict, and a subagent',
  format: 'crush',
  name: 'crush.db',
  database: crushRows,
  told: [
    {
      ...{ session: 'crush-1', parent: null, models: ['claude-sonnet-4-5'], turns: 1, iterations: 1, shellLines: 1 },
      times: [startedAt, '2026-05-28T20:26:42.000Z'],
      edits: ['/w/a.go applied - 1', '/w/b.go rejected person 1', '/w/c.go failed - 1'],
      written: 'func parserOfDates() {}\nrefusedByPerson()\nneverFoundThere()',
    },
    { session: 'crush-2', parent: 'crush-1', models: ['gpt-5'], times: [startedAt, startedAt], iterations: 1 },
  ],
}

const mux: Sample = {
  title: 'edits with each verdict, and a prompt of its own',
  format: 'mux',
  name: 'chat.jsonl',
  text: muxChat,
  told: {
    ...{ session: 'workspace-1', models: ['claude-sonnet-4-5'], turns: 1, iterations: 1, shellLines: 1 },
    ...{
      times: [startedAt, '2026-05-28T20:26:41.000Z'] as const,
      tokens: { input: 10, output: 20, cacheRead: 60, cacheWrite: 30 },
    },
    edits: ['src/a.ts applied - 1', 'src/b.ts failed - 1', 'src/c.ts unanswered - 1'],
    written: 'export const parserOfDates = 1\nneverFoundThere()\nstillBeingWritten()',
  },
}

const opencodeTold: Told = {
  ...{ session: 'ses-1', models: ['gpt-5'], iterations: 1, shellLines: 1 },
  tokens: { input: 10, output: 20, cacheRead: 3, cacheWrite: 4 },
  edits: ['/w/a.ts applied - 1', '/w/b.ts rejected - 1', '/w/c.ts failed - 1', '/w/d.ts unanswered - 1'],
  written: 'export const parserOfDates = 1\nrefusedByPerson()\nneverFoundThere()\nstillBeingWritten()',
  times: [startedAt, '2026-05-28T20:26:50.000Z'],
}
const opencode: readonly Sample[] = [
  {
    title: 'edits with each verdict',
    format: 'opencode',
    name: 'opencode.db',
    database: opencodeRows,
    told: { ...opencodeTold, versions: ['1.2.10'], parent: null, turns: 2 },
  },
  {
    title: 'what was taken back is undone',
    format: 'opencode',
    name: 'opencode.db',
    database: `${opencodeRows} UPDATE session SET revert = '{"messageID":"msg-2"}'`,
    told: {
      ...opencodeTold,
      ...{ versions: ['1.2.10'], parent: null, turns: 1 },
      edits: ['/w/a.ts undone - 1', '/w/b.ts undone - 1', '/w/c.ts undone - 1', '/w/d.ts undone - 1'],
    },
  },
]
const opencodeFiles: Sample = {
  title: 'a session of a subagent',
  format: 'opencode-files',
  name: 'ses-1',
  files: [
    ['session/prj/ses-1.json', { id: 'ses-1', version: '1.0.4', parentID: 'ses-0' }],
    ...opencodeMessages.map(([id, it]) => [`message/ses-1/${id}.json`, { id, sessionID: 'ses-1', ...it }] as const),
    ...opencodeParts.map(([id, of, it]) => [`part/${of}/${id}.json`, { id, messageID: of, ...it }] as const),
  ],
  told: { ...opencodeTold, versions: ['1.0.4'], parent: 'ses-0' },
}

const of = (samples: readonly Sample[], format: string): readonly Sample[] =>
  samples.filter((it) => it.format === format)
const made = ['applied', 'failed'] as const
const all = ['applied', 'rejected', 'failed', 'unanswered'] as const

/** By the id of the format; every one of `formats/index.ts` is here. */
export const formatSamples: { readonly [format: string]: FormatSamples } = {
  aider: { samples: [aider], verdicts: [...made, 'rejected', 'undone'], later: ['Aider v0.86.1', 'Aider v9.0.0'] },
  amp: { samples: ampSamples, verdicts: all },
  antigravity: { samples: antigravitySamples, verdicts: all },
  'claude-code': { samples: claudeCodeSamples, verdicts: all, later: ['2.1.40', '9.9.9'] },
  codex: { samples: codexSamples, verdicts: [...all, 'undone'], later: ['0.99.0', '9.9.9'] },
  'continue-dev': { samples: continueSamples, verdicts: all },
  'copilot-chat-log': {
    samples: of(copilotChatSamples, 'copilot-chat-log'),
    verdicts: [...made, 'rejected', 'undone'],
    later: ['"version":3', '"version":9'],
  },
  'copilot-chat': {
    samples: of(copilotChatSamples, 'copilot-chat'),
    verdicts: [...made, 'rejected'],
    later: ['"version":3', '"version":9'],
  },
  'copilot-cli': {
    samples: of(copilotEventSamples, 'copilot-cli'),
    verdicts: [...made, 'rejected', 'undone'],
    later: ['"version":1', '"version":9'],
  },
  'copilot-otel': { samples: copilotOtelSamples, verdicts: [...made, 'unanswered'] },
  'copilot-vscode': {
    samples: of(copilotEventSamples, 'copilot-vscode'),
    verdicts: all,
    later: ['"version":1', '"version":9'],
  },
  crush: { samples: [crush], verdicts: [...made, 'rejected'] },
  'cursor-database': { samples: cursorDatabaseSamples, verdicts: [...all, 'undone'], later: ['"_v":10', '"_v":99'] },
  cursor: { samples: cursorSamples, verdicts: ['unanswered'] },
  droid: { samples: droidSamples, verdicts: all, later: ['"version":2', '"version":9'] },
  'gemini-document': { samples: of(geminiSamples, 'gemini-document'), verdicts: all },
  gemini: { samples: of(geminiSamples, 'gemini'), verdicts: [...all, 'undone'] },
  'kiro-conversations': { samples: kiroConversationsSamples, verdicts: all },
  'kiro-database': { samples: kiroDatabaseSamples, verdicts: all },
  'kiro-messages': { samples: kiroMessagesSamples, verdicts: [...all, 'undone'] },
  'kiro-rows': { samples: kiroRowsSamples, verdicts: all, later: ['"version":"v1"', '"version":"v9"'] },
  kiro: { samples: kiroSamples, verdicts: all },
  mux: { samples: [mux], verdicts: [...made, 'unanswered'] },
  'opencode-files': { samples: [opencodeFiles], verdicts: all, later: ['1.0.4', '9.9.9'] },
  opencode: { samples: opencode, verdicts: [...all, 'undone'], later: ['1.2.10', '9.9.9'] },
  pi: { samples: piSamples, verdicts: [...made, 'undone'], later: ['"version":3', '"version":9'] },
  'qwen-code': { samples: qwenSamples, verdicts: [...made, 'rejected', 'undone'], later: ['0.9.0', '9.9.9'] },
  specstory: { samples: [specstory], verdicts: ['applied', 'rejected'], later: ['Markdown v2.1.0', 'Markdown v9.0.0'] },
  windsurf: { samples: windsurfSamples, verdicts: all },
  zed: { samples: zedSamples, verdicts: all },
}
