import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../src/model/digest.ts'
import { linkages } from '../../src/model/record.ts'
import { levels, readerOutcomes } from '../../src/model/session.ts'
import type { AttributionSummary, Session } from '../../src/model/session.ts'
import { readSession, readSummary, sessionDescriptor, summaryDescriptor } from '../../src/predicates/session.ts'

const claimed: Session = {
  id: 'session_01Test',
  level: 'claimed',
  tool: 'claude-code',
  models: ['claude-opus-4-6'],
  commits: ['0123456789abcdef0123456789abcdef01234567'],
  linkage: 'direct',
  readers: ['trailer'],
}

const nameless: Session = {
  level: 'claimed',
  tool: 'cursor',
  models: [],
  commits: ['0123456789abcdef0123456789abcdef01234567'],
  lines: { added: 2 },
  linkage: 'direct',
  readers: ['git-ai-note'],
}

/** With everything that a session can have. */
const vouched: Session = {
  ...claimed,
  level: 'vouched',
  toolVersion: '2.1.240',
  modelsSaid: ['Claude Opus 4.6 (1M context)'],
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T04:00:00.000Z',
  parent: null,
  role: 'implementation',
  requester: `hmac-sha256:${'a'.repeat(64)}`,
  iterations: 7,
  lines: { added: 120 },
  receipt: { sha256: sha256Hex('a receipt'), issuer: 'https://gateway.example', jwksThumbprint: 'x' },
  digest: { sha256: sha256Hex('a transcript') },
}

describe('a session in provenance', () => {
  it.each<readonly [string, Session]>([
    ['without a record', claimed],
    ['without an id', nameless],
    ['with all there is', vouched],
    ['with a parent', { ...vouched, parent: 'session_00Planner' }],
    ...levels.slice(1).map((level) => [`at level ${level}`, { ...vouched, level }] as const),
    ...linkages.map((linkage) => [`by ${linkage}`, { ...claimed, linkage }] as const),
  ])('%s is read as it was written', (_, session) => {
    expect(readSession(sessionDescriptor(session))).toEqual(session)
  })

  it('keeps an id of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const session: Session = { ...claimed, id }
        const descriptor = sessionDescriptor(session)
        expect(descriptor.uri).toMatch(/^urn:ai-session:claude-code:[\x21-\x7e]+$/)
        expect(readSession(descriptor)).toEqual(session)
      }),
    )
  })

  it('has the digest of its record beside the annotation, as the format says', () => {
    expect(sessionDescriptor({ ...vouched, id: 'a b' })).toMatchObject({
      name: 'ai-session/claude-code/a b',
      uri: 'urn:ai-session:claude-code:a%20b',
      digest: { sha256: sha256Hex('a transcript') },
      mediaType: 'application/vnd.countersign.ai-session+jsonl',
    })
    expect(sessionDescriptor(vouched).annotations?.['countersign']).not.toHaveProperty('digest')
    expect(sessionDescriptor(vouched).annotations?.['countersign']).not.toHaveProperty('id')
  })

  it('has neither digest nor media type while it is only claimed: there are no bytes', () => {
    for (const session of [claimed, { ...vouched, level: 'claimed' as const }]) {
      expect(sessionDescriptor(session)).not.toHaveProperty('digest')
      expect(sessionDescriptor(session)).not.toHaveProperty('mediaType')
    }
  })

  it('that nobody named is called by its tool, in a URI that is no session’s', () => {
    expect(sessionDescriptor(nameless)).toMatchObject({ name: 'ai-session/cursor', uri: 'urn:ai-tool:cursor' })
    const written = { ...sessionDescriptor(nameless), uri: 'urn:ai-session:cursor' }
    expect(readSession(written), 'as it was written before').toEqual(nameless)
    expect(readSession({ ...sessionDescriptor(nameless), uri: 'urn:ai-tool:cursor:x' })).toEqual(nameless)
  })

  it.each([
    ['of another algorithm', { sha512: 'a'.repeat(128) }],
    ['that is too short', { sha256: 'a'.repeat(63) }],
    ['in upper case', { sha256: 'A'.repeat(64) }],
    ['that is none', { sha256: '../../etc/passwd' }],
  ])('has none where the descriptor has one %s', (_, digest) => {
    const { digest: _pinned, ...session } = vouched
    expect(readSession({ ...sessionDescriptor(vouched), digest })).toEqual(session)
  })

  it('takes id and digest from the descriptor alone', () => {
    const descriptor = sessionDescriptor(nameless)
    const annotation = { ...(descriptor.annotations!['countersign'] as object), id: 'other', digest: { sha256: 'x' } }
    expect(readSession({ ...descriptor, annotations: { countersign: annotation } })).toEqual(nameless)
  })

  it('is none without its URI or with an annotation of another shape', () => {
    const { uri, annotations, ...descriptor } = sessionDescriptor(claimed)
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
    const { annotations, ...descriptor } = sessionDescriptor(claimed)
    const later = { ...(annotations!['countersign'] as object), added: 1, role: 'negotiation' }
    const session = readSession({ ...descriptor, annotations: { countersign: later } })
    expect(session).toMatchObject({ tool: 'claude-code', added: 1, role: 'negotiation' })
    expect(readSession({ ...descriptor, uri: 'urn:ai-session:x:%zz', annotations: annotations! })?.id).toBe('%zz')
  })
})

describe('the summary of a range', () => {
  const summary: AttributionSummary = {
    range: { since: null, until: 'a'.repeat(40) },
    commits: { total: 3, claimed: 1, unknown: 2 },
    readers: readerOutcomes.map((outcome) => ({ reader: `reader-${outcome}`, outcome, claims: 0, detail: 'why' })),
    findings: { 'note-malformed': 2 },
  }
  it('is read as it was written, with each outcome that a reader can have', () => {
    expect(readSummary(summaryDescriptor(summary))).toEqual(summary)
    expect(summary.readers).toHaveLength(5)
  })
  it('is none under another name or in another shape', () => {
    expect(readSummary({ ...summaryDescriptor(summary), name: 'other' })).toBeUndefined()
    for (const other of [{}, { ...summary, readers: [{ reader: 'x', outcome: 'asleep', claims: 0 }] }]) {
      expect(readSummary({ ...summaryDescriptor(summary), annotations: { countersign: other } })).toBeUndefined()
    }
  })
})
