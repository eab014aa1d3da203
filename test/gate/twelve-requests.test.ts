/**
 * Twelve requests: each verdict with its codes, and the words as a person gets them, who must see what to do next. `twelve-requests.txt` is for
 * reading.
 */
import { expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { codesOf } from './fixture.ts'
import { said, scenarios } from './twelve-requests.ts'
import { isEach } from '../world/runs.ts'

const verdicts: { readonly [name: string]: readonly [number, readonly string[], readonly string[]] } = {
  'no AI': [0, [], []],
  disclosed: [0, [], []],
  'undisclosed churn': [1, ['ai/disclosure disclosure-missing'], []],
  'forbidden model': [1, ['ai/models model-refused'], []],
  'unreviewed change to auth': [1, ['ai/human-review review-missing'], []],
  'reviewed by an agent only': [1, ['ai/human-review review-missing'], []],
  'reviewed before the last AI change': [1, ['ai/human-review review-missing'], []],
  'proved override': [0, [], []],
  'unproved override': [1, ['ai/disclosure override-unproved'], []],
  'forged trailer': [1, ['ai/levels level-too-low'], []],
  'policy changed in the same request': [1, ['ai/disclosure disclosure-missing'], ['policy-changed']],
  'fork without token': [1, ['ai/human-review evidence-missing'], ['reviews-not-looked-at']],
}

it('are judged, and told in words', async () => {
  expect(scenarios.map(({ name }) => name)).toEqual(Object.keys(verdicts))
  const texts: string[] = []
  for (const [at, scenario] of scenarios.entries()) {
    const { exitCode, text, json } = await said(scenario)
    const report = JSON.parse(json) as GateReport
    const notes = report.notes.map(({ code }) => code)
    expect([exitCode, codesOf(report), notes], scenario.name).toEqual(verdicts[scenario.name])
    expect([report.request, report.outcome], scenario.name).toEqual(['#12', exitCode === 0 ? 'pass' : 'fail'])
    texts.push(`=== ${at + 1}. ${scenario.name}: exit ${exitCode}\n\n${text}`)
  }
  await expect(texts.join('\n')).toMatchFileSnapshot('twelve-requests.txt')
}, 60_000)

it.runIf(isEach)(
  'a fork without a token whose change needs no review passes, and what nobody looked at is said',
  async () => {
    const disclosed = scenarios.find(({ name }) => name === 'disclosed')
    const { exitCode, json } = await said({ ...disclosed!, fork: true, flags: ['--check-run'] })
    const report = JSON.parse(json) as GateReport
    expect([exitCode, report.marks?.map(({ code }) => code)]).toEqual([0, ['token-missing']])
    expect(report.unseen).toContainEqual(expect.objectContaining({ reader: 'reviews', outcome: 'not-collected' }))
  },
)
