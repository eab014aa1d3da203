/** The table of rules: none is skipped in silence, and nothing but passed checks makes a pass. */
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/model/evidence.ts'
import type { Check } from '../../src/model/verdict.ts'
import { evaluate, notReached, outcomeOf } from '../../src/policy/evaluate.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { ruleRows } from '../../src/policy/rules.ts'
import { verify } from '../../src/verify/verify.ts'
import { useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'

const release = useRelease()

async function evidenceOf(job: Job = {}): Promise<Evidence> {
  const bundle = release().write(await release().attested(job))
  return verify({ artifact: release().artifact, bundle, trust: release().trust, ...release().question(job) })
}

const named = (checks: readonly Check[], rule: string): Check[] =>
  checks.filter((it) => it.rule === rule || it.rule.startsWith(`${rule} `))

describe('the rules', () => {
  it('each give at least one check, whatever was signed', async () => {
    for (const provider of ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic'] as const) {
      const job: Job = { provider }
      const checks = evaluate(await evidenceOf(job), parseQuestion(release().question(job)))
      for (const { rule } of ruleRows) expect(named(checks, rule), rule).not.toEqual([])
      expect(outcomeOf(checks)).toBe('pass')
      for (const check of checks.filter((it) => it.outcome === 'skipped')) expect(check.note, check.rule).toBeTruthy()
    }
  })

  it('that fail say what was expected, what was found, and what would have passed', async () => {
    const evidence = await evidenceOf({ event: 'push', ref: 'refs/tags/v1(2)' })
    const question = parseQuestion({
      signer: 'https://github.com/acme/other',
      issuer: 'https://issuer.example',
      source: 'https://github.com/acme/other',
      ref: 'refs/heads/main',
      commit: 'b'.repeat(40),
      sourceTag: 'v9',
      builderId: 'https://builder.example',
      trigger: ['release'],
      predicateType: ['https://example.com/x'],
    })
    const failed = evaluate(evidence, question).filter((it) => it.outcome === 'fail')
    expect(failed.map((it) => it.rule)).toEqual([
      'predicate-type',
      'issuer',
      'signer',
      'source',
      'ref',
      'commit',
      'source-tag',
      'builder-id',
      'trigger',
    ])
    for (const { rule, code, expected, found, note } of failed) {
      expect(
        [code, expected, found, note].every((it) => it !== undefined && it !== ''),
        rule,
      ).toBe(true)
      expect(note).toMatch(/^would pass with --/)
    }
    // Fit to be pasted into a shell.
    expect(failed.find((it) => it.rule === 'ref')?.note).toBe("would pass with --ref 'refs/tags/v1(2)'")
  })

  it('refuse a runner that no provider hosts, whatever it is called', async () => {
    const question = parseQuestion(release().question())
    const evidence = await evidenceOf()
    const { signatory } = evidence.signed
    if (signatory.kind !== 'certificate') throw new Error('a certificate signed')
    for (const [runner, outcome] of [
      ['github-hosted', 'pass'],
      ['gitlab-hosted', 'pass'],
      ['buildkite-hosted', 'pass'],
      ['self-hosted', 'fail'],
      ['ssh-rerun', 'fail'],
      ['GitHub-hosted', 'fail'],
      ['', 'fail'],
    ] as const) {
      const identity = {
        ...signatory.identity,
        extensions: { ...signatory.identity.extensions, runnerEnvironment: runner },
      }
      const signed = { ...evidence.signed, signatory: { kind: 'certificate', identity } as const }
      expect(named(evaluate({ ...evidence, signed }, question), 'runner')[0]?.outcome, runner).toBe(outcome)
    }
  })
})

describe('an outcome', () => {
  const pass: Check = { rule: 'a', outcome: 'pass' }
  const fail: Check = { rule: 'b', outcome: 'fail', code: 'internal' }
  const skipped: Check = { rule: 'c', outcome: 'skipped', note: 'not reached' }
  it('is pass only where a check passed and none failed: absence is never success', () => {
    expect(outcomeOf([])).toBe('fail')
    expect(outcomeOf([skipped])).toBe('fail')
    expect(outcomeOf(notReached())).toBe('fail')
    expect(outcomeOf([pass, fail])).toBe('fail')
    expect(outcomeOf([fail])).toBe('fail')
    expect(outcomeOf([pass, skipped])).toBe('pass')
  })
})
