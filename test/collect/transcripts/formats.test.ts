/**
 * The contract of all formats, over samples of each: what a sample tells, and what it tells when it is half there, has members that nobody
 * knows, is of a later version, or was written to hurt whoever reads it.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { transcriptFormats } from '../../../src/collect/transcripts/formats/index.ts'
import type { TranscriptFormat } from '../../../src/collect/transcripts/formats/row.ts'
import { newLocalPaths } from '../../../src/collect/redact/local-paths.ts'
import { newRecordBook } from '../../../src/collect/transcripts/record-book.ts'
import type { Json } from '../../../src/model/json.ts'
import { lineKeys } from '../../../src/model/line-key.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'
import { feed, watched } from './fed-format.ts'
import { changedParts, mixedLines } from './hostile-json.ts'
import { readSample } from './read-sample.ts'
import { formatSamples } from './samples/index.ts'
import type { Sample, Told } from './samples/sample.ts'
import { listOf, toldOf, withoutVersion } from './told.ts'
import { asLater, halve, isRows, read, withMore, write } from './written-sample.ts'
import type { Written } from './written-sample.ts'
import { runs } from '../../world/runs.ts'

const bySample = transcriptFormats.flatMap((format) =>
  (formatSamples[format.id]?.samples ?? []).map((sample) => ({ format, sample, id: format.id, title: sample.title })),
)

test('every format has samples, and no others have', () => {
  expect(Object.keys(formatSamples).toSorted()).toEqual(transcriptFormats.map(({ id }) => id).toSorted())
  for (const [id, { samples }] of Object.entries(formatSamples)) {
    expect([id, ...new Set(samples.map(({ format }) => format))]).toEqual([id, id])
  }
})

async function transcriptsIn(written: Written): Promise<readonly ReadTranscript[]> {
  const found = await read(written)
  return found !== undefined && 'transcripts' in found ? found.transcripts : []
}

async function tell(written: Written, format: TranscriptFormat): Promise<readonly Told[]> {
  const transcripts = await transcriptsIn(written)
  expect(transcripts.map((it) => it.format)).toEqual(transcripts.map(() => format.id))
  return transcripts.map((it) => toldOf(it, format))
}

const withoutLines = (sample: Sample): readonly Told[] => listOf(sample.told).map(({ written: _, ...it }) => it)
const plus = (told: readonly Told[], code: string): readonly Told[] =>
  told.map((it) => ({ ...it, problems: [...(it.problems ?? []), code].toSorted() }))
const sorted = (told: readonly Told[]): readonly Told[] =>
  told.map((it) => (it.problems === undefined ? it : { ...it, problems: it.problems.toSorted() }))

describe.each(bySample)('$id: $title', ({ format, sample }) => {
  test('tells what is in it', async () => {
    const written = write(sample)
    expect(await tell(written, format)).toEqual(withoutLines(sample))
    const lines = (await transcriptsIn(written)).map((it) => it.session.edits.flatMap((edit) => [...edit.lines]))
    for (const [at, it] of listOf(sample.told).entries()) {
      if (it.written !== undefined) expect(lines[at]).toEqual([...lineKeys(it.written)])
    }
  })

  test('is of no other format', async () => {
    const others = transcriptFormats.filter((it) => it !== format)
    expect(await read(write(sample), { formats: others })).toBeUndefined()
  })

  test('tells the same with what later versions may add', async () => {
    expect(await tell(withMore(sample), format)).toEqual(withoutLines(sample))
  })

  test('is said to be half there, and never believed to be whole', async () => {
    const found = await read(halve(sample))
    if ('database' in sample) expect(found).toMatchObject({ problem: { code: 'transcript-malformed' } })
    else if ('files' in sample) {
      expect(found).toMatchObject({ transcripts: [{ problems: [{ code: 'transcript-row-broken' }] }] })
    } else if (isRows(sample)) {
      expect(sorted(await tell(halve(sample), format))).toEqual(plus(withoutLines(sample), 'transcript-cut'))
    } else if (format.body.kind === 'document') expect(found).toBeUndefined()
    else expect(found === undefined || 'transcripts' in found).toBe(true)
  })

  test.runIf('text' in sample)('tells the same as an editor of Windows writes it', async () => {
    if (!('text' in sample)) return
    const text = `\uFEFF${sample.text.replaceAll('\n', '\r\n')}`
    expect(await tell(write({ ...sample, text }), format)).toEqual(withoutLines(sample))
  })

  test.runIf('text' in sample)('is a finding, and no transcript, in another encoding', async () => {
    if (!('text' in sample)) return
    const found = await readSample(sample.name, Buffer.from(`\uFEFF${sample.text}`, 'utf16le'))
    expect(found === undefined || 'problem' in found).toBe(true)
  })

  test.runIf('text' in sample && isRows(sample))('rows too deep to be read are broken rows', async () => {
    if (!('text' in sample)) return
    const deep = `{"type":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`
    const found = await tell(write({ ...sample, text: sample.text + deep }), format)
    expect(sorted(found)).toEqual(plus(withoutLines(sample), 'transcript-row-broken'))
  })
})

describe.each(transcriptFormats.map((format) => ({ format, id: format.id })))('$id', ({ format, id }) => {
  const { samples = [], verdicts = [], later } = formatSamples[id] ?? {}

  test('tells each verdict that it can', () => {
    const told = samples.flatMap((it) => listOf(it.told)).flatMap((it) => it.edits ?? [])
    const all = new Set(told.map((it) => it.split(' ').at(-3) ?? ''))
    expect([...all].toSorted()).toEqual([...verdicts].toSorted())
  })

  test.runIf(later !== undefined)('reads a later version as far as it fits', async () => {
    const [first] = samples
    if (first === undefined || later === undefined) return
    expect(JSON.stringify(first)).toContain(JSON.stringify(later[0]).slice(1, -1))
    const found = await tell(asLater(first, later), format)
    expect(found.map(withoutVersion)).toEqual(withoutLines(first).map(withoutVersion))
  })

  test('nothing that somebody wrote makes it throw, or changes what all objects have', async () => {
    const given: { rows: Json[]; lines: string[]; documents: Json[] } = { rows: [], lines: [], documents: [] }
    for (const it of samples) await read(write(it), { formats: [watched(format, given)] })
    expect(given.rows.length + given.lines.length + given.documents.length).toBeGreaterThan(0)
    fc.assert(
      fc.property(
        fc.constantFrom(samples[0]?.name ?? '', '__proto__'),
        ...([changedParts(given.rows), changedParts(given.documents), mixedLines(given.lines)] as const),
        (name, rows, documents, lines) => {
          const book = newRecordBook(format, name, newLocalPaths())
          feed(format, book.telling, { rows, documents, lines })
          book.add(Buffer.from('x'), 0)
          for (const it of book.end()) expect(JSON.stringify(it).length).toBeGreaterThan(0)
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
        },
      ),
      { numRuns: runs(150) },
    )
  })
})
