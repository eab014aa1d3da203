import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/model/session.ts'
import { readSession, readSummary, sessionDescriptor, summaryDescriptor } from '../../src/predicates/session.ts'
import { sessions } from '../world/release.ts'

describe('a session in provenance', () => {
  it.each(sessions.map((it) => [it.tool, it] as const))('of %s is read as it was written', (_, session) => {
    expect(readSession(sessionDescriptor(session))).toEqual(session)
  })

  it('keeps an id of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const session: Session = { ...sessions[0]!, id }
        const descriptor = sessionDescriptor(session)
        expect(descriptor.uri).toMatch(/^urn:ai-session:claude-code:[\x21-\x7e]+$/)
        expect(readSession(descriptor)).toEqual(session)
      }),
    )
  })

  it('is none without its URI or with an annotation of another shape', () => {
    const { uri, annotations, ...descriptor } = sessionDescriptor(sessions[0]!)
    for (const other of [
      { ...descriptor, annotations: annotations! },
      { ...descriptor, uri: 'urn:other:x', annotations: annotations! },
      { ...descriptor, uri: uri! },
      { ...descriptor, uri: uri!, annotations: { countersign: null } },
      { ...descriptor, uri: uri!, annotations: { countersign: { level: 'certain' } } },
    ]) {
      expect(readSession(other)).toBeUndefined()
    }
  })

  it('tolerates members that come later, and a broken escape', () => {
    const { annotations, ...descriptor } = sessionDescriptor(sessions[0]!)
    const later = { ...(annotations!['countersign'] as object), added: 1 }
    expect(readSession({ ...descriptor, annotations: { countersign: later } })).toMatchObject({ tool: 'claude-code' })
    expect(readSession({ ...descriptor, uri: 'urn:ai-session:x:%zz', annotations: annotations! })?.id).toBe('%zz')
  })
})

describe('the summary of a range', () => {
  const summary = {
    range: { since: null, until: 'a'.repeat(40) },
    commits: { total: 3, claimed: 1, unknown: 2 },
    readers: [],
    findings: {},
  }
  it('is read as it was written', () => {
    expect(readSummary(summaryDescriptor(summary))).toEqual(summary)
  })
  it('is none under another name or in another shape', () => {
    expect(readSummary({ ...summaryDescriptor(summary), name: 'other' })).toBeUndefined()
    expect(readSummary({ ...summaryDescriptor(summary), annotations: { countersign: {} } })).toBeUndefined()
  })
})
