/** What is told of small invented samples, a row for each format; what has a database or a folder is made here. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TranscriptFormat } from '../../../src/collect/transcripts/formats/row.ts'
import { aider } from '../../../src/collect/transcripts/formats/aider.ts'
import { crush } from '../../../src/collect/transcripts/formats/crush.ts'
import { kiro } from '../../../src/collect/transcripts/formats/kiro.ts'
import { mux } from '../../../src/collect/transcripts/formats/mux.ts'
import { opencode } from '../../../src/collect/transcripts/formats/opencode.ts'
import { opencodeFiles } from '../../../src/collect/transcripts/formats/opencode-files.ts'
import { specstory } from '../../../src/collect/transcripts/formats/specstory.ts'
import { readTranscriptFolder } from '../../../src/collect/transcripts/read-files.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import { newRecordBook } from '../../../src/collect/transcripts/record-book.ts'
import type { Json } from '../../../src/model/json.ts'
import { lineKeys } from '../../../src/model/line-key.ts'
import type { ReadTranscript, TranscriptEdit } from '../../../src/model/transcript.ts'
import { limits } from '../../../src/model/limits.ts'
import { aiderHistory, aiderTold } from './samples/aider.ts'
import { crushRows } from './samples/crush.ts'
import { kiroConversation } from './samples/kiro.ts'
import { muxChat } from './samples/mux.ts'
import { madeDatabase, madeFolder } from './samples/made-database.ts'
import { opencodeMessages, opencodeParts, opencodeRows } from './samples/opencode.ts'
import { specstoryLog } from './samples/specstory.ts'

const samples: readonly (readonly [TranscriptFormat, string, () => string, readonly object[]])[] = [
  [
    opencode,
    'opencode.db',
    () => madeDatabase(opencodeRows),
    [
      {
        session: 'ses-1',
        toolVersions: ['1.2.10'],
        models: ['gpt-5'],
        startedAt: '2026-05-28T20:26:40.000Z',
        endedAt: '2026-05-28T20:26:50.000Z',
        parent: null,
        turns: 2,
        iterations: 1,
        tokens: { input: 10, output: 20, cacheRead: 3, cacheWrite: 4 },
        edits: [
          edit('/w/a.ts', 'applied', 'export const parserOfDates = 1'),
          edit('/w/b.ts', 'rejected', 'refusedByPerson()'),
          edit('/w/c.ts', 'failed', 'neverFoundThere()'),
          edit('/w/d.ts', 'unanswered', 'stillBeingWritten()'),
        ],
        shellLines: keys('npm run check-all-dates'),
      },
    ],
  ],
  [
    aider,
    '.aider.chat.history.md',
    () => written(aiderHistory),
    [
      {
        ...aiderTold[0],
        edits: [
          edit('src/other.py', 'rejected', 'refused_by_person = True'),
          edit('src/dates.py', 'applied', 'import os\ndef parse_of_dates(text):\n> not a line of the tool'),
        ],
        shellLines: keys('pytest --all-dates'),
      },
      {
        ...aiderTold[1],
        edits: [
          edit('src/times.py', 'undone', 'def parse_of_times(text):'),
          edit('docs/never.md', 'failed', 'never found there'),
        ],
      },
    ],
  ],
  [
    specstory,
    '2026-05-01.md',
    () => written(specstoryLog),
    [
      {
        tool: 'codex',
        session: '22222222-aaaa-bbbb-cccc-000000000001',
        models: ['gpt-5-codex'],
        startedAt: '2026-05-01T10:00:00.000Z',
        endedAt: '2026-05-01T10:00:09.000Z',
        turns: 1,
        iterations: 2,
        edits: [
          edit('src/dates.ts', 'applied', 'export const parserOfDates = 1'),
          edit('src/times.ts', 'rejected', 'export const parserOfTimes = 1'),
        ],
        shellLines: keys('npm run check-all-dates'),
      },
    ],
  ],
  [
    crush,
    'crush.db',
    () => madeDatabase(crushRows),
    [
      {
        session: 'crush-1',
        models: ['claude-sonnet-4-5'],
        startedAt: '2026-05-28T20:26:40.000Z',
        endedAt: '2026-05-28T20:26:42.000Z',
        parent: null,
        turns: 1,
        iterations: 1,
        edits: [
          edit('/w/a.go', 'applied', 'func parserOfDates() {}'),
          edit('/w/b.go', 'rejected', 'refusedByPerson()'),
          edit('/w/c.go', 'failed', 'neverFoundThere()'),
        ],
        shellLines: keys('go test ./all/of/dates'),
      },
      { session: 'crush-2', parent: 'crush-1', models: ['gpt-5'], turns: 0, iterations: 1 },
    ],
  ],
  [
    mux,
    'chat.jsonl',
    () => written(muxChat),
    [
      {
        session: 'workspace-1',
        models: ['claude-sonnet-4-5'],
        turns: 1,
        iterations: 1,
        tokens: { input: 10, output: 20, cacheRead: 60, cacheWrite: 30 },
        edits: [
          edit('src/a.ts', 'applied', 'export const parserOfDates = 1'),
          edit('src/b.ts', 'failed', 'neverFoundThere()'),
          edit('src/c.ts', 'unanswered', 'stillBeingWritten()'),
        ],
        shellLines: keys('npm run check-all-dates'),
      },
    ],
  ],
  [
    kiro,
    'kiro.json',
    () => written(kiroConversation),
    [
      {
        session: 'kiro-session-1',
        startedAt: '2026-05-17T10:00:00.000Z',
        turns: 1,
        iterations: 2,
        edits: [edit('/w/a.ts', 'unanswered', 'const parserOfDates = 1')],
        shellLines: keys('npm run check-all-dates'),
      },
    ],
  ],
]

/** What those formats say that hold no id, or no more of it. */
const expectedProblems: { readonly [format: string]: readonly string[] } = {
  aider: ['transcript-session-missing', 'transcript-session-missing'],
}

function written(content: string): string {
  const path = join(madeFolder(), 'made')
  writeFileSync(path, content)
  return path
}

function keys(text: string): number[] {
  return [...lineKeys(text)]
}

function edit(path: string, verdict: TranscriptEdit['verdict'], text: string): object {
  return { path, verdict, lines: keys(text) }
}

test.each(samples)('$id: what a sample tells', async (format, name, make, sessions) => {
  const read = await readTranscriptFile(make(), name)
  const transcripts = read !== undefined && 'transcripts' in read ? read.transcripts : []
  expect(transcripts.map((it) => it.format)).toEqual(sessions.map(() => format.id))
  expect(transcripts.map((it) => it.session)).toMatchObject(sessions)
  expect(transcripts.flatMap((it) => it.problems.map(({ code }) => code))).toEqual(expectedProblems[format.id] ?? [])
})

test('opencode: what was taken back is undone', async () => {
  const sql = `${opencodeRows} UPDATE session SET revert = '{"messageID":"msg-2"}'`
  const read = await readTranscriptFile(madeDatabase(sql), 'opencode.db')
  expect(read).toMatchObject({ transcripts: [{ session: { turns: 1 } }] })
  const [first] = read !== undefined && 'transcripts' in read ? read.transcripts : []
  expect(first?.session.edits.map((it) => it.verdict)).toEqual(['undone', 'undone', 'undone', 'undone'])
})

describe('opencode-files', () => {
  const files: readonly (readonly [string, object])[] = [
    ['session/prj/ses-1.json', { id: 'ses-1', version: '1.0.4', parentID: 'ses-0' }],
    ...opencodeMessages.map(([id, it]) => [`message/ses-1/${id}.json`, { id, sessionID: 'ses-1', ...it }] as const),
    ...opencodeParts.map(([id, of, it]) => [`part/${of}/${id}.json`, { id, messageID: of, ...it }] as const),
  ]
  const names = files.map(([name]) => name)

  function storage(): string {
    const folder = madeFolder()
    for (const [name, json] of files) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      writeFileSync(join(folder, name), JSON.stringify(json))
    }
    return folder
  }

  test('what a sample tells, in whatever order its files are named', async () => {
    const folder = storage()
    const [first, ...more] = await readTranscriptFolder(folder, names)
    expect(more).toEqual([])
    expect(first?.files).toHaveLength(names.length)
    expect(first?.read).toMatchObject({
      transcripts: [
        {
          format: 'opencode-files',
          session: { tool: 'opencode', session: 'ses-1', parent: 'ses-0', toolVersions: ['1.0.4'], turns: 0 },
          problems: [],
        },
      ],
    })
    const [again] = await readTranscriptFolder(folder, [...names].reverse())
    expect(digests(again?.read)).toEqual(digests(first?.read))
  })

  function digests(read: object | undefined): readonly string[] {
    return ((read ?? {}) as { transcripts?: readonly ReadTranscript[] }).transcripts?.map((it) => it.digest) ?? []
  }

  test('links out of the folder are not followed, and what is no JSON is told', async () => {
    const folder = storage()
    const elsewhere = storage()
    writeFileSync(join(folder, 'part/msg-1/prt-9.json'), '{"half')
    symlinkSync(join(elsewhere, 'part/msg-1/prt-1.json'), join(folder, 'part/msg-1/prt-8.json'))
    symlinkSync(join(elsewhere, 'message/ses-1'), join(folder, 'message/ses-2'))
    const read = await readTranscriptFolder(folder, [
      ...names,
      'part/msg-1/prt-9.json',
      'part/msg-1/prt-8.json',
      'message/ses-2/msg-1.json',
      '../message/ses-3/msg-1.json',
    ])
    expect(read.map((it) => it.name)).toEqual(['ses-1', 'ses-2'])
    expect(read[0]?.read).toMatchObject({
      transcripts: [{ problems: [{ code: 'transcript-row-broken' }, { code: 'transcript-incomplete' }] }],
    })
    expect(read[1]?.read).toEqual({ transcripts: [] })
  })

  test('a session is bounded', async () => {
    const bounds = { ...limits, transcriptBytes: 200 }
    const [first] = await readTranscriptFolder(storage(), names, { bounds })
    expect(first?.read).toMatchObject({ problem: { code: 'transcript-too-large' } })
  })
})

/** Members that formats look for, so that what is made goes deep into them. */
const members = ['id', 'session', 'type', 'role', 'data', 'parts', 'tool', 'state', 'input', 'path', 'json', 'table']
const values = ['user', 'assistant', 'tool', 'message', 'part', 'edit', 'write', 'completed', 'message/a/b.json']
const anyJson = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...values),
    fc.string(),
    fc.double(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...members), tie('json'), { maxKeys: 6 }),
  ),
})).json

const rowFormats = [crush, mux, opencode, opencodeFiles]

test.each(rowFormats)('$id: no rows make it throw', (format) => {
  const { body } = format
  if (body.kind === 'text' || body.kind === 'document') throw new Error('it has no rows')
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.constantFrom(...members), anyJson, { maxKeys: 8 }), { maxLength: 8 }),
      (rows) => {
        const book = newRecordBook(format, 'made')
        const reader = body.open(book.telling)
        for (const row of rows) reader.row(row as Parameters<typeof reader.row>[0])
        reader.end?.()
        book.end()
      },
    ),
    { numRuns: 100 },
  )
})

test('kiro: no document makes it throw', () => {
  const { body } = kiro
  if (body.kind !== 'document') throw new Error('it is no document')
  fc.assert(
    fc.property(anyJson, anyJson, (assistant, user) => {
      const json = { conversation_id: 'made', history: [{ user, assistant }] } as Json
      body.isOwn(json, 'made')
      body.read(json, newRecordBook(kiro, 'made').telling)
    }),
    { numRuns: 100 },
  )
})

const textLines = fc.array(
  fc.oneof(fc.constantFrom(...`${aiderHistory}\n${specstoryLog}`.split('\n')), fc.string({ maxLength: 40 })),
  { maxLength: 60 },
)

test.each([aider, specstory])('$id: no lines make it throw', (format) => {
  const { body } = format
  if (body.kind !== 'text') throw new Error('it has no lines')
  fc.assert(
    fc.property(textLines, (lines) => {
      const book = newRecordBook(format, 'made')
      const reader = body.open(book.telling)
      for (const line of lines) reader.line(line)
      reader.end?.()
      book.end()
    }),
    { numRuns: 100 },
  )
})
