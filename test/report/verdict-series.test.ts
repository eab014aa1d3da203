/** Verdicts for many artifacts: what matters stands in the short form too, and what is held back has a bound. */
import { describe, expect, it } from 'vitest'
import { verdictType } from '../../src/model/verdict.ts'
import type { ReaderOutcome } from '../../src/model/session.ts'
import type { AttestationSummary, Verdict } from '../../src/model/verdict.ts'
import { plainStyle } from '../../src/report/style.ts'
import { newVerdictSeries } from '../../src/report/verdict-series.ts'
import type { Detail } from '../../src/report/verdict-series.ts'
import { sessions } from '../world/release.ts'

const common = {
  type: verdictType,
  question: { signer: 'x', source: 'any (waived)' },
  trust: 't',
  findings: [],
  unreadable: [],
} as const
const digest = { sha256: 'a'.repeat(64) }

function passing(name: string, more: Partial<AttestationSummary> = {}): Verdict & { outcome: 'pass' } {
  const summary: AttestationSummary = {
    signer: { kind: 'certificate', identity: 'x', fingerprint: 'b'.repeat(64) },
    times: [],
    logEntries: [],
    subjectName: name,
    sessions: [...sessions],
    ...more,
  }
  const attestation = { bundle: 'b', trust: 't', outcome: 'pass', summary, checks: [] } as const
  return {
    ...common,
    outcome: 'pass',
    artifact: { name, digest },
    attestations: [{ ...attestation, checks: [] }],
  } as never
}

const undecided = (name: string, message: string): Verdict =>
  ({
    ...common,
    outcome: 'undecided',
    artifact: { name, digest: {} },
    attestations: [],
    failure: { code: 'internal', message },
  }) as never

function shown(detail: Detail, verdicts: readonly Verdict[]): string {
  const series = newVerdictSeries(detail, plainStyle)
  return verdicts.map((it) => series.add(it)).join('') + series.end()
}

describe('the line of a pass', () => {
  it('says what else there is to know', () => {
    const line = (it: Verdict): string => /^PASS.*$/m.exec(shown('brief', [it]))?.[0] ?? ''
    expect(line(passing('a'))).toBe(`PASS  a  sha256:${'a'.repeat(12)}…  1 AI session, and 1 tool without one`)
    const clean = { dirty: false, untracked: { count: 0 } }
    expect(line(passing('a', { tree: clean }))).not.toContain('work tree')
    for (const tree of [
      { ...clean, dirty: true },
      { ...clean, untracked: { count: 1 } },
    ]) {
      expect(line(passing('a', { tree }))).toContain('; work tree not clean')
    }
    expect(line(passing('a', { subjectName: 'b' }))).toContain('; attested as b')
    expect(line(passing('a', { sessions: undefined }))).toContain('nothing is said of AI')
    const findings = [{ code: 'commits-contradict', message: 'm', bundles: [] as string[] }] as const
    expect(line({ ...passing('a'), findings: [...findings] })).toContain('; commits-contradict')
  })

  it('says what nobody looked at, which is not that there is none', () => {
    const said = (it: Partial<AttestationSummary>): string =>
      /^PASS  a  sha256:a+…  (.*)$/m.exec(shown('brief', [passing('a', it)]))?.[1] ?? ''
    const attribution = (outcomes: readonly ReaderOutcome[], range: { reason?: string; cut?: boolean } = {}) => ({
      range: { since: null, until: 'c'.repeat(40), ...range },
      commits: { total: 0, claimed: 0, unknown: 0 },
      readers: outcomes.map((outcome, at) => ({ reader: `reader-${at}`, outcome, claims: 0, detail: 'why' })),
      findings: {},
    })
    const none = { sessions: [] }
    const nobody = attribution(['not-collected', 'not-collected'], { reason: 'not-collected' })
    expect(said({ ...none, attribution: nobody })).toBe('AI sessions were not looked for')
    expect(said({ ...none, attribution: attribution([]) })).toBe('AI sessions were not looked for')
    // Who signed records was looked at; where there are records was not.
    const besides = { reader: 'record-attestation', outcome: 'nothing' as const, claims: 0 }
    const signersOnly = { ...attribution([]), readers: [...attribution(['not-collected']).readers, besides] }
    expect(said({ ...none, attribution: signersOnly })).toContain('AI sessions were not looked for')
    expect(said({ ...none, attribution: attribution(['found', 'nothing']) })).toBe('no AI session is named')
    expect(said({ ...none, attribution: attribution(['nothing', 'not-fetched', 'could-not-look']) })).toBe(
      'no AI session is named; not looked at: reader-1 (not fetched), reader-2 (could not look)',
    )
    expect(said({ attribution: attribution(['found'], { cut: true }) })).toBe(
      '1 AI session, and 1 tool without one; not looked at: history (cut)',
    )
    // What another maker signed has no word of AI.
    expect(said(none)).toBe('nothing is said of AI')
    const changes = { since: null, until: 'c'.repeat(40), count: 1 }
    const readers = [{ reader: 'trailer', outcome: 'not-fetched' }]
    expect(said({ ...none, changes: { ...changes, readers } })).toBe(
      'no AI session is named; not looked at: trailer (not fetched)',
    )
    expect(said({ ...none, attribution: attribution(Array.from({ length: 32 }, () => 'not-fetched')) })).toMatch(
      / and 2 more$/,
    )
  })

  it('stands under the question, with what was waived in it', () => {
    expect(shown('brief', [passing('a')])).toMatch(
      /^ {2}asked for +signer x\n +source any \(waived\)\n {2}trust +t\n\nPASS/,
    )
  })

  it('calls what was asked as the reader does', () => {
    const verdict: Verdict = { ...passing('a'), question: { signer: 'x', requireInput: 'channel=`sourceId`' } }
    const reader = { ...plainStyle, options: (text: string) => text.replace('`requireInput`', '--require-input') }
    expect(newVerdictSeries('brief', reader).add(verdict)).toContain(' --require-input channel=`sourceId`\n')
    expect(shown('brief', [verdict])).toContain(' requireInput channel=`sourceId`\n')
  })

  it('is one line whatever the name is, and nothing that steers', () => {
    const text = shown('brief', [passing('a\u001b[2J\nPASS  b')])
    expect(text.match(/^PASS/gm)).toHaveLength(1)
    expect(text).not.toContain('\u001b')
  })

  it('names another root than the first one', () => {
    expect(shown('brief', [passing('a'), { ...passing('b'), trust: 'other' }])).toMatch(/^PASS {2}b .*; trust other$/m)
  })
})

describe('sessions', () => {
  it('are shown once for all artifacts of one statement, and those of a few statements', () => {
    const of = (name: string, tool: string): Verdict => passing(name, { sessions: [{ ...sessions[0]!, tool }] })
    const text = shown('brief', [
      ...'abc'.split('').map((it) => of(it, 'one')),
      of('d', 'two'),
      of('e', 'three'),
      of('f', 'four'),
    ])
    expect(text.match(/level +tool/g)).toHaveLength(3)
    expect(text).toContain('AI sessions of a and 2 more')
    expect(text).toContain('AI sessions of 1 more statements are not shown here')
  })
})

describe('what does not pass', () => {
  it('stands behind what passes, and is counted', () => {
    const text = shown('brief', [undecided('u', 'why'), passing('a'), undecided('v', 'other')])
    expect(text.match(/^(?:PASS|UNDECIDED) {2}\w/gm)).toEqual(['PASS  a', 'UNDECIDED  u', 'UNDECIDED  v'])
    expect(text).toMatch(/\n1 pass, 0 FAIL, 2 undecided\n$/)
  })

  it('is not held back without end: beyond that, a line each at once', () => {
    const series = newVerdictSeries('brief', plainStyle)
    let written = 0
    for (let index = 0; index < 6_000; index += 1) {
      const text = series.add(undecided(`n${index}`, `${index} ${'x'.repeat(1_900)}`))
      if (text !== '') expect(text.split('\n')).toHaveLength(2)
      written += text === '' ? 0 : 1
    }
    expect(written).toBeGreaterThan(1_000)
    const end = series.end()
    expect(end.match(/^UNDECIDED/gm)).toHaveLength(6_000 - written)
    expect(end).toMatch(/\n0 pass, 0 FAIL, 6000 undecided\n$/)
  })

  it('is all that is told quietly, and nothing where all pass', () => {
    expect(shown('quiet', [passing('a'), passing('b')])).toBe('')
    expect(shown('quiet', [passing('a'), undecided('u', 'why')])).toMatch(/^UNDECIDED {2}u\n/)
  })
})
