/** Views: drawn from the value alone, one line for each thing that comes from outside. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../src/model/inspection.ts'
import { inspectionType } from '../../src/model/inspection.ts'
import type { Session } from '../../src/model/session.ts'
import { verdictType } from '../../src/model/verdict.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { render } from '../../src/report/index.ts'
import { sessions } from '../world/release.ts'

const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

function verdictWith(text: string, more: Partial<Verdict> = {}): Verdict {
  return {
    type: verdictType,
    outcome: 'fail',
    artifact: { name: text, digest: { sha256: 'a'.repeat(64) } },
    question: { signer: text, source: 'any (waived)' },
    trust: text,
    checks: [{ rule: 'signer', outcome: 'fail', code: 'signer-mismatch', expected: text, found: text, note: text }],
    attestation: {
      signer: { kind: 'certificate', identity: text, issuer: text, fingerprint: 'b'.repeat(64) },
      times: [{ source: 'transparency log', time: '2026-11-20T12:00:00.000Z' }],
      logEntries: [],
      predicateType: text,
      buildType: text,
      builderId: text,
      invocationId: text,
      source: { repository: text, ref: text, commit: text },
      externalParameters: { [text]: text },
      sessions: [session(text)],
    },
    failure: { code: 'internal', message: text, hint: text },
    rejected: [{ bundle: text, code: 'internal', message: text }],
    ...more,
  }
}

function session(text: string): Session {
  return { ...sessions[0]!, id: text, tool: text, models: [text] }
}

function inspectionWith(text: string, more: Partial<Inspection> = {}): Inspection {
  return {
    type: inspectionType,
    verified: false,
    bundle: text,
    format: text,
    signer: { kind: 'certificate', identity: text, extensions: { 'Build Trigger': text } },
    signatures: 1,
    times: [],
    logEntries: [{ logId: text, logIndex: text, kind: text, inclusion: [] }],
    payloadType: text,
    statement: {
      type: text,
      predicateType: text,
      subjects: [{ name: text, digest: { [text]: text } }],
      predicate: { [text]: [text] },
    },
    buildType: text,
    builderId: text,
    invocationId: text,
    sessions: [session(text)],
    problems: [text],
    ...more,
  }
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('\u001b[2J', '\r\nPASS  x', '\u009b31m', '\u202eevil', '\u2028PASS', '\u0000'),
)

describe('text for a person', () => {
  it('has as many lines for hostile values as for harmless ones, and nothing that steers a terminal', () => {
    for (const make of [verdictWith, inspectionWith]) {
      const lines = render(make('harmless'), 'text').split('\n').length
      fc.assert(
        fc.property(hostileText, (text) => {
          const shown = render(make(text), 'text')
          expect(shown).not.toMatch(steering)
          expect(shown.split('\n')).toHaveLength(lines)
        }),
      )
    }
  })

  it('names the outcome first, and only a pass is called PASS', () => {
    expect(render(verdictWith('PASS'), 'text')).toMatch(/^FAIL {2}PASS\n/)
    expect(render(verdictWith('x', { outcome: 'undecided' }), 'text')).toMatch(/^UNDECIDED {2}x\n/)
    expect(render(verdictWith('x', { outcome: 'pass', checks: [] }), 'text')).toMatch(/^PASS {2}x\n/)
    expect(render(inspectionWith('PASS'), 'text')).toMatch(/^not verified {2}PASS\n/)
  })

  it('says that no session found is not no AI', () => {
    const shown = render(inspectionWith('x', { sessions: [] }), 'text')
    expect(shown).toContain('that does not mean that no AI was used')
  })

  it('stays short where there is much', () => {
    const many = inspectionWith('x', {
      sessions: Array.from({ length: 500 }, (_, index) => session(`s${index}`)),
      statement: {
        type: 't',
        predicateType: 'p',
        subjects: Array.from({ length: 500 }, () => ({ digest: { sha256: 'a' } })),
        predicate: { long: 'x'.repeat(100_000) },
      },
    })
    const shown = render(many, 'text')
    expect(shown.length).toBeLessThan(20_000)
    expect(shown).toContain('and 450 more')
    expect(shown).toContain('and 480 more')
    const verdict = verdictWith('x', {
      rejected: Array.from({ length: 500 }, () => ({ bundle: 'b', code: 'internal', message: 'm' })),
    })
    expect(render(verdict, 'text')).toContain('not used: 490 more')
  })
})

describe('JSON', () => {
  it('is the value, on one line that steers nothing', () => {
    for (const make of [verdictWith, inspectionWith]) {
      fc.assert(
        fc.property(hostileText, (text) => {
          const shown = render(make(text), 'json')
          expect(shown.split('\n')).toHaveLength(2)
          expect(shown).not.toMatch(steering)
          expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(make(text))))
        }),
      )
    }
  })
})
