/** What bounds a run over transcripts, and which of several of one session is its record. */
import { expect, test } from 'vitest'
import type { RecordTable } from '../../../src/collect/sessions/record-table.ts'
import type { Look } from '../../../src/collect/sessions/readers/row.ts'
import { newTranscriptTable, toldBy } from '../../../src/collect/sessions/transcript-table.ts'
import { transcriptReader } from '../../../src/collect/sessions/transcript-reader.ts'
import type { PlacedFile } from '../../../src/collect/transcripts/find-transcripts.ts'
import { limits } from '../../../src/model/limits.ts'
import type { ReadTranscript, ToldSession } from '../../../src/model/transcript.ts'

const session = '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44'

function told(digest: string, more: Partial<ToldSession>): ReadTranscript {
  const nothing = {
    toolVersions: [],
    models: [],
    asked: [],
    edits: [],
    shellLines: new Float64Array(0),
    commits: [],
    answers: new Map(),
  }
  return {
    ...{ format: 'x', digest, bytes: 100, redactions: 0, paths: 0, folder: undefined, problems: [] },
    session: {
      ...{ tool: 'claude-code', session, agent: undefined, ...nothing, startedAt: undefined, endedAt: undefined },
      ...{
        parent: undefined,
        role: 'unknown',
        turns: 1,
        iterations: 1,
        tokens: undefined,
        prompts: undefined,
        ...more,
      },
    },
  }
}

/** What comes of transcripts, a file each. */
async function look(
  transcripts: readonly ReadTranscript[],
  most = {},
  { isFull = false, from = 'folder' }: { readonly isFull?: boolean; readonly from?: PlacedFile['from'] } = {},
): Promise<{ found: string[]; pinned: unknown[]; kept: unknown[] }> {
  const kept: unknown[] = []
  const found: string[] = []
  const pinned: unknown[] = []
  const files = transcripts.map((_, at): PlacedFile => ({ path: `/${at}`, name: `${at}.jsonl`, from }))
  const given = {
    async *files() {
      yield* await Promise.resolve(files)
    },
    async *readEach() {
      for (const [at, it] of transcripts.entries()) {
        yield await Promise.resolve({ file: files[at] as PlacedFile, read: { transcripts: [it] } })
      }
    },
  }
  const records = { contents: () => [{ session, tool: 'claude-code', place: { kind: 'trailer' } }] }
  const seen = {
    finding: (code: string, _: unknown, detail: string) => found.push(`${code}: ${detail}`),
    record: ({ place }: { readonly place: object }) => pinned.push(place),
    transcript: (_: string, of: string, { told }: { readonly told: ToldSession }) => {
      kept.push([of, told.edits.length])
      return isFull ? 'cut' : 'whole'
    },
  }
  const reader = transcriptReader(given, records as unknown as RecordTable, { ...limits, ...most })
  const reading = await reader.open(seen as unknown as Look<never>)
  if (!('finish' in reading)) throw new Error('it reads nothing')
  await reading.finish()
  return { found, pinned, kept }
}

test('what is beyond the bytes of all, or the files, is not read, and the first of it is named', async () => {
  const three = ['a', 'b', 'c'].map((it) => told(it, {}))
  expect((await look(three)).found).toEqual([])
  const bytes = await look(three, { transcriptBytesInAll: 150 })
  expect(bytes.found).toEqual([expect.stringMatching(/^transcript-limit: 2 .*2\.jsonl/)])
  expect((await look(three, { transcripts: 1 })).found).toEqual([
    expect.stringMatching(/^transcript-limit: 1 .*1\.jsonl/),
  ])
})

test('what is beyond the questions, answers and edits of all is not read', async () => {
  const three = ['a', 'b', 'c'].map((it) => told(it, { asked: ['x', 'y'] }))
  expect((await look(three, { transcriptPartsInAll: 6 })).found).toEqual([])
  expect((await look(three, { transcriptPartsInAll: 3 })).found).toEqual([
    expect.stringMatching(/^transcript-limit: 2 .*2\.jsonl/),
  ])
})

test('lines that are too many in all are told, and those of a session that nobody names are not kept', async () => {
  const edit = { path: 'a', verdict: 'applied', call: undefined, acceptedBy: undefined } as const
  const edits = [{ ...edit, lines: Float64Array.of(1) }]
  const own = told('a', { edits })
  const both = [own, told('b', { edits, session: '7f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44' })]
  expect(await look(both, {}, { from: 'file' })).toMatchObject({ found: [], kept: [[session, 1]] })
  expect((await look([own], {}, { isFull: true })).found).toEqual([
    expect.stringMatching(/^transcript-edits-cut: 0\.jsonl/),
  ])
})

test('an edit of which one transcript of two keeps no lines counts once', () => {
  const table = newTranscriptTable(1)
  const edit = { path: 'a', verdict: 'applied', call: 'c', acceptedBy: undefined } as const
  const twice = { edits: [Float64Array.of(1), Float64Array.of()].map((lines) => ({ ...edit, lines })) }
  const more = { edits: [...twice.edits, { ...edit, lines: Float64Array.of(2) }] }
  const added = [told('a', twice), told('b', more)].map(({ session: it, ...rest }) =>
    table.add('claude-code', session, { ...rest, told: it }),
  )
  expect(added).toEqual(['whole', 'cut'])
  expect(toldBy(table.of('claude-code', session), undefined)?.transcript?.edits).toEqual({ applied: 3 })
})

test('of several the one with the most answers is the record, whatever times are said, in any order', async () => {
  const full = told('full', { iterations: 3, turns: 2, endedAt: '2026-03-01T10:00:00.000Z' })
  const late = told('late', { iterations: 2, turns: 9, endedAt: '2099-01-01T00:00:00.000Z' })
  for (const both of [
    [full, late],
    [late, full],
  ]) {
    expect((await look(both, {}, { from: 'file' })).pinned).toEqual([{ kind: 'record', digest: 'full' }])
  }
})
