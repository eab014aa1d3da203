/** What is written so that whoever reads it takes for ever. */
import { describe, expect, test } from 'vitest'
import { transcriptFormats } from '../../../src/collect/transcripts/formats/index.ts'
import { PatchedDocument } from '../../../src/collect/transcripts/patched-document.ts'
import { newSessionSink } from '../../../src/collect/transcripts/session-sink.ts'
import type { JsonObject } from '../../../src/model/json.ts'

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
