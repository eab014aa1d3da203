import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transcriptFormats } from '../../../src/collect/transcripts/formats/index.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import { PatchedDocument } from '../../../src/collect/transcripts/patched-document.ts'
import { newSessionSink } from '../../../src/collect/transcripts/session-sink.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'
import { antigravitySamples } from './samples/antigravity.ts'
import { copilotChatSamples, copilotEventSamples } from './samples/copilot.ts'
import { geminiSamples } from './samples/gemini.ts'
import type { Sample, Told } from './samples/sample.ts'
import { ampSamples, continueSamples, cursorSamples, droidSamples, windsurfSamples } from './samples/small.ts'
import { piSamples, qwenSamples } from './samples/trees.ts'

const samples: readonly Sample[] = [
  ...[...geminiSamples, ...antigravitySamples, ...copilotEventSamples, ...copilotChatSamples, ...cursorSamples],
  ...[...windsurfSamples, ...continueSamples, ...droidSamples, ...ampSamples, ...qwenSamples, ...piSamples],
]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'transcripts-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function read(name: string, text: string): Promise<ReadTranscript | undefined> {
  const path = join(folder, 'transcript')
  writeFileSync(path, text)
  const found = await readTranscriptFile(path, name)
  if (found === undefined || 'problem' in found) return undefined
  expect(found.transcripts.length).toBeLessThan(2)
  return found.transcripts[0]
}

function told({ session, problems }: ReadTranscript): Told {
  const { toolVersions, models, startedAt, endedAt, turns, iterations, tokens, shellLines } = session
  const edits = session.edits.map((it) => `${it.path} ${it.verdict} ${it.acceptedBy ?? '-'} ${it.lines.length}`)
  return {
    ...(session.session === undefined ? {} : { session: session.session }),
    ...(session.agent === undefined ? {} : { agent: session.agent }),
    ...(session.parent === undefined ? {} : { parent: session.parent }),
    ...(toolVersions.length === 0 ? {} : { versions: toolVersions }),
    ...(models.length === 0 ? {} : { models }),
    ...(startedAt === undefined || endedAt === undefined ? {} : { times: [startedAt, endedAt] as const }),
    ...(turns === 0 ? {} : { turns }),
    ...(iterations === 0 ? {} : { iterations }),
    ...(tokens === undefined || Object.keys(tokens).length === 0 ? {} : { tokens }),
    ...(edits.length === 0 ? {} : { edits }),
    ...(shellLines.length === 0 ? {} : { shellLines: shellLines.length }),
    ...(problems.length === 0 ? {} : { problems: problems.map(({ code }) => code) }),
  }
}

const isRows = ({ name }: Sample): boolean => name.endsWith('.jsonl')
const linesOf = (text: string): readonly JsonObject[] =>
  text
    .trim()
    .split('\n')
    .map((it) => JSON.parse(it) as JsonObject)

describe.each(samples)('$format: $title', (sample) => {
  test('tells what is in it', async () => {
    const found = await read(sample.name, sample.text)
    expect(found?.format).toBe(sample.format)
    expect(found && told(found)).toEqual(sample.told)
  })

  test('is of no other format', () => {
    const first = isRows(sample) ? linesOf(sample.text).slice(0, 16) : []
    const own = transcriptFormats.filter(({ body }) =>
      body.kind === 'rows'
        ? body.isOwn(first, sample.name)
        : body.kind === 'document' && !isRows(sample) && body.isOwn(JSON.parse(sample.text) as Json, sample.name),
    )
    expect(own.map(({ id }) => id)).toEqual([sample.format])
  })

  test('tells the same with what later versions may add', async () => {
    const later = { later: { deep: ['x', { y: 1 }] } }
    const text = isRows(sample)
      ? linesOf(sample.text)
          .map((it) => `${JSON.stringify({ ...it, ...later })}\n`)
          .join('') + '{"type":"from-later","kind":77,"data":{"x":[1]},"message":{"x":1}}\n'
      : JSON.stringify({ ...(JSON.parse(sample.text) as JsonObject), ...later })
    const found = await read(sample.name, text)
    expect(found?.format).toBe(sample.format)
    expect(found && told(found)).toEqual(sample.told)
  })

  test.skipIf(!isRows(sample))('tells the same when a row behind it is half there', async () => {
    const found = await read(sample.name, `${sample.text}{"type":"user","timest`)
    const problems = [...(sample.told.problems ?? []), 'transcript-cut'].sort()
    expect(found && { ...told(found), problems: told(found).problems?.toSorted() }).toEqual({
      ...sample.told,
      problems,
    })
  })
})

const hostile: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    -1,
    1e308,
    0.5,
    '',
    '__proto__',
    'constructor',
    '\u0000',
    '../..',
    [],
    {},
    [[[]]],
    [null],
  ),
  fc.constantFrom<Json>(
    'x'.repeat(70_000),
    '<USER_REQUEST>',
    '*** Begin Patch\n*** Add File: ',
    'file:///%ff',
    '{"a":',
    '"',
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
)

/** The value with its nth part, counted through all of it, in another one's place. */
function changed(value: Json, nth: number, to: Json): Json {
  let left = nth
  const walk = (it: Json): Json => {
    if (left === 0) {
      left -= 1
      return to
    }
    left -= 1
    if (Array.isArray(it)) return (it as readonly Json[]).map(walk)
    if (typeof it !== 'object' || it === null) return it
    return Object.fromEntries(Object.entries(it).map(([name, member]) => [name, walk(member)]))
  }
  return walk(value)
}

const partsIn = (value: Json): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((all, it) => all + partsIn(it), 0)
    : 1

const changes = fc.array(fc.tuple(fc.nat(), hostile), { maxLength: 6 })
const applied = (value: Json, all: readonly (readonly [number, Json])[]): Json =>
  all.reduce((it, [nth, to]) => changed(it, 1 + (nth % Math.max(1, partsIn(it) - 1)), to), value)

const isObject = (it: Json): it is JsonObject => typeof it === 'object' && it !== null && !Array.isArray(it)

describe.each([...new Set(samples.map(({ format }) => format))])('%s', (id) => {
  const ofFormat = samples.filter(({ format }) => format === id)
  const format = transcriptFormats.find((it) => it.id === id)

  test('passes over whatever stands in the place of something else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ofFormat),
        changes,
        fc.array(fc.jsonValue() as fc.Arbitrary<Json>, { maxLength: 3 }),
        (sample, all, others) => {
          const body = format?.body
          const sink = newSessionSink(Buffer.alloc(16))
          const telling = { name: sample.name, sink, next: (): void => undefined }
          if (body?.kind === 'rows') {
            const made = applied(linesOf(sample.text), all)
            const rows = [...(Array.isArray(made) ? (made as readonly Json[]) : []), ...others]
            body.isOwn(rows.slice(0, 16), sample.name)
            const reader = body.open(telling)
            for (const it of rows.filter(isObject)) reader.row(it)
            reader.end?.()
          } else if (body?.kind === 'document') {
            const made = applied(JSON.parse(sample.text) as Json, all)
            for (const it of [made, ...others]) {
              body.isOwn(it, sample.name)
              body.read(it, telling)
            }
          } else expect.unreachable()
          const { session } = sink.end('x', sample.name)
          expect(JSON.stringify(session).length).toBeGreaterThan(0)
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('what is written to be slow', () => {
  const readRows = (id: string, all: Iterable<JsonObject>): number => {
    const body = transcriptFormats.find((it) => it.id === id)?.body
    if (body?.kind !== 'rows') return -1
    const sink = newSessionSink(Buffer.alloc(16))
    const reader = body.open({ name: 'x.jsonl', sink, next: (): void => undefined })
    for (const it of all) reader.row(it)
    reader.end?.()
    return sink.end(id, 'x.jsonl').session.turns
  }

  test('marks that begin and never end are looked at once', () => {
    const content = '<USER_REQUEST>'.repeat(200_000)
    const row = { step_index: 0, source: 'USER_EXPLICIT', type: 'USER_INPUT', status: 'DONE', content }
    expect(readRows('antigravity', [row])).toBe(1)
    const text = '<user_query>'.repeat(200_000)
    expect(readRows('cursor', [{ role: 'user', message: { content: [{ type: 'text', text }] } }])).toBe(0)
  })

  test('what changes in a document is looked at, and not all that is in it', () => {
    function* all(): Generator<JsonObject, void, undefined> {
      const requests = Array.from({ length: 50_000 }, (_, at) => ({ requestId: `r${at}` }))
      yield { kind: 0, v: { creationDate: 1, requests } }
      for (let at = 0; at < 50_000; at += 1) yield { kind: 1, k: ['requests', 0], v: { requestId: 'r0' } }
      for (let at = 0; at < 50_000; at += 1) yield { kind: 3, k: ['requests', at] }
      yield { kind: 2, k: ['requests'], v: [{ requestId: 'last', message: { text: 'Go on' } }] }
    }
    expect(readRows('copilot-chat-log', all())).toBe(1)
  })

  test('of a document no more is held than it may have', () => {
    const patched = new PatchedDocument('requests', 60)
    patched.apply({ kind: 0, v: { requests: [{ requestId: 'a' }] } })
    expect([patched.isTooLarge, patched.document]).toEqual([false, { requests: [{ requestId: 'a' }] }])
    patched.apply({ kind: 2, k: ['requests'], v: ['x'.repeat(60)] })
    patched.apply({ kind: 0, v: {} })
    expect([patched.isTooLarge, patched.document, patched.removed]).toEqual([true, {}, []])
  })

  test('going back does not look at all that came before', () => {
    function* all(): Generator<JsonObject, void, undefined> {
      for (let at = 0; at < 100_000; at += 1) yield { id: `i${at}`, type: 'info' }
      for (let at = 0; at < 100_000; at += 1) yield { $rewindTo: 'nowhere' }
      yield { id: 'last', type: 'user', content: 'Go on' }
    }
    expect(readRows('gemini', all())).toBe(1)
  })
})
