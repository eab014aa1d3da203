/** What a person gets to read of a change, in every form: what might turn a failure, proved reasons on a pass, and no text that steers or names too much. */
import { describe, expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { gateView } from '../../src/report/gate.ts'
import { gateFormats } from '../../src/report/gate-formats.ts'
import { plainStyle } from '../../src/report/style.ts'
import { failing, reportOf } from '../marks/fixture.ts'
import { changeUnderReview, gateIn, lines } from './fixture.ts'
import { said, scenarios } from './twelve-requests.ts'

const inAll = (report: GateReport, formats: readonly (typeof gateFormats)[number][] = gateFormats): readonly string[] =>
  formats.map((format) => gateView(report, format, plainStyle, '0'))

describe('a verdict', () => {
  it('that fails because nobody looked says so, and is no pass; one that is refused as well does not', async () => {
    const fork = scenarios.find(({ name }) => name === 'fork without token')!
    const { exitCode, json } = await said(fork)
    const undecided = JSON.parse(json) as GateReport
    expect([exitCode, undecided.outcome, undecided.failedFor]).toEqual([1, 'fail', 'not-seen'])
    const both = await said({
      ...fork,
      make: (change) => [...fork.make(change), change.commit('Much', { 'b.txt': lines(40) })],
    })
    expect((JSON.parse(both.json) as GateReport).failedFor).toBe('refused')
  }, 30_000)

  it('that passes by a proved reason shows it in every form that has rows which pass', async () => {
    const { json } = await said(scenarios.find(({ name }) => name === 'proved override')!)
    const report = JSON.parse(json) as GateReport
    const [row] = report.policy.checks.flatMap((it) => (it.outcome === 'pass' ? (it.overrides ?? []) : []))
    expect(row).toMatchObject({ commit: report.head, proof: 'signed', subject: 'Import' })
    for (const text of inAll(report, ['text', 'json', 'markdown', 'sarif', 'junit'])) {
      expect(text).toContain(row?.commit)
      expect(text).toContain('taken over from the repository of the old parser')
    }
  }, 30_000)

  it('says of each reader that did not look which rules look at it', async () => {
    const change = changeUnderReview()
    change.commit('Small', { 'b.txt': 'b\n' })
    const { unseen } = await gateIn(change, { base: 'main' })
    const rules = new Map(unseen.map((it) => [it.reader, it.rules]))
    expect([rules.get('checks'), rules.get('git-ai-note')?.includes('ai/disclosure')]).toEqual([[], true])
  })

  it('of many changes that fail alike is one row, with one rule that fails', () => {
    const checks = ['1', '2', '3', '4', '5'].map((it) => ({ ...failing(), at: { commit: it.repeat(40) } }))
    const [text = '', , markdown = '', , junit = ''] = inAll(reportOf({}, checks))
    expect(text.match(/^ {2}failed/gm)).toHaveLength(1)
    expect(text).toContain('1 failed')
    for (const it of [text, markdown, junit]) expect(it).toContain('2 more places')
  })
})

describe('text of a change', () => {
  const subject = 'Fix\u202e `fetch` "x" ::error::y \u001b[31m ##[group]z eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'

  it('is one short line, without what steers a terminal or a job, and without the address of anybody', async () => {
    const change = changeUnderReview()
    const reason = `${'very long words of a reason '.repeat(40)}end`
    change.commit(`${subject}\n\nAI-Provenance-Override: ${reason}\n`, { 'b.txt': lines(40) })
    const report = await gateIn(change, { base: 'main' })
    const [row] = report.policy.checks.filter((it) => it.outcome === 'fail')
    expect(row?.at?.subject?.length).toBeLessThanOrEqual(51)
    expect(row?.at?.subject).not.toMatch(/[\p{Cc}\p{Cf}"`]|##\[/u)
    expect(row?.found?.length).toBeLessThan(500)
    const address = change.git(['log', '-1', '--format=%ae'])
    expect(address).toContain('@')
    for (const text of inAll(report)) {
      expect(text).not.toContain(address)
      expect(text).not.toContain('c2ln')
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(text).not.toMatch(/^\s*::|##\[/m)
    }
  })
})
