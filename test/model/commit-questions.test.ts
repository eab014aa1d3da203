/** What is asked of one commit: what records tell, and each thing that they do not. */
import { describe, expect, test } from 'vitest'
import { commitAnswers } from '../../src/model/commit-questions.ts'
import { rangeReportType } from '../../src/model/range-report.ts'
import type { RangeReport, ReportedSession } from '../../src/model/range-report.ts'

const commit = 'c'.repeat(40)
const sha256 = 'd'.repeat(64)
const questions = [
  ...['what was generated', 'what was asked', 'which model', 'which file', 'who accepted', 'was it reviewed'],
  'can it be traced',
]

function session(more: Partial<ReportedSession> = {}): ReportedSession {
  return {
    ...{
      tool: 'claude-code',
      id: 's1',
      level: 'claimed',
      models: [],
      commits: [commit],
      linkage: 'direct',
      readers: [],
    },
    ...{ reason: 'no record of it was found', ...more },
  }
}

function report(sessions: ReportedSession[], more: Partial<RangeReport> = {}): RangeReport {
  return {
    ...{ type: rangeReportType, signed: false, range: { since: null, until: commit }, sessions, told: 'all' },
    ...{
      commits: { total: 1, claimed: sessions.length, unknown: 0 },
      changes: [],
      findings: [],
      readers: [],
      steps: [],
    },
    ...more,
  }
}

/** `question: answer`, and with `?` the gaps. */
function said(of: RangeReport): { known: string[]; gaps: string[] } {
  const all = commitAnswers(of)
  return {
    known: all.flatMap(({ question, answers }) => answers.map((it) => `${question}: ${it}`)),
    gaps: all.flatMap(({ question, gaps }) => gaps.map((it) => `${question}: ${it}`)),
  }
}

describe('of one commit', () => {
  test('seven things are asked, in their order', () => {
    expect(commitAnswers(report([])).map(({ question }) => question)).toEqual(questions)
  })

  test('nothing is known where nothing was recorded, and nothing of that is taken for an answer', () => {
    const { known, gaps } = said(report([]))
    expect(known).toEqual([])
    for (const question of questions) expect(gaps.some((it) => it.startsWith(`${question}: `))).toBe(true)
  })

  test('all is told that a transcript, lines and a request tell', () => {
    const transcript = {
      ...{ format: 'claude-code', files: 1, turns: 2, prompts: `hmac-sha256:${'a'.repeat(64)}` },
      ...{ edits: { applied: 3, rejected: 1 }, accepted: { person: 1, setting: 2 } },
    }
    const corroborated = { counted: 10, sameFile: 9, otherFile: 0, moved: 0, shell: 0, rejected: 0 }
    const lines = { ai: 10, human: 2, unknown: 0, generated: 4 }
    const { known, gaps } = said(
      report(
        [session({ level: 'recorded', models: ['claude-opus-4-6'], digest: { sha256 }, transcript, corroborated })],
        {
          lines,
          changes: [
            {
              ...{ commit, parents: [], request: '#12', sessions: [], lines },
              files: [{ path: 'a.ts', sessions: [], ai: 10, human: 2, unknown: 0, generated: 0 }],
            },
          ],
        },
      ),
    )
    expect(known).toEqual([
      'what was generated: 10 lines by AI, 2 by hand, 0 unknown, 4 in generated files',
      'what was generated: claude-code s1: edits 3 made, 1 rejected; corroborated: 90 % of 10',
      `what was asked: claude-code s1: a person asked 2 times, hmac-sha256:${'a'.repeat(64)}; the text stands in its record, sha256:${sha256}`,
      'which model: claude-code s1: claude-opus-4-6, as it says itself',
      'which file: a.ts: 10 by AI, 2 by hand',
      'who accepted: claude-code s1: edits let by 1 a person, 2 a setting; a person rejected 1',
      'was it reviewed: it came of request #12',
      `can it be traced: claude-code s1: recorded, direct, record sha256:${sha256}`,
    ])
    expect(gaps).toEqual([
      expect.stringMatching(/^was it reviewed: who reviewed it was not read/),
      'was it reviewed: what people said in a review is not read: ask the forge',
    ])
  })

  test.each<[string, Partial<ReportedSession>, string]>([
    ['no transcript', {}, 'what was generated: no transcript of claude-code s1 was read'],
    ['no model', {}, 'which model: claude-code s1 names no model'],
    ['no record', {}, 'can it be traced: claude-code s1 is claimed: no record of it was found'],
    [
      'nobody who let edits be made',
      { transcript: { format: 'x', files: 1, turns: 0, edits: { applied: 2 } } },
      'who accepted: 2 edits of claude-code s1 say nothing of who let them be made',
    ],
    [
      'no hash of what was asked',
      { transcript: { format: 'x', files: 1, turns: 0, edits: { applied: 2 } } },
      'what was asked: of what claude-code s1 was asked there is no hash',
    ],
    [
      'a transcript of its agent alone',
      {
        transcript: {
          ...{ format: 'x', files: 1, turns: 0, edits: { applied: 0 } },
          agents: [{ id: 'a1', models: [], digest: { sha256 } }],
        },
      },
      'what was asked: of claude-code s1 only what its agents were asked was read',
    ],
  ])('a session with %s leaves a gap', (_, more, gap) => {
    expect(said(report([session(more)])).gaps).toContain(gap)
  })
})
