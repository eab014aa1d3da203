/** The table of rules: none is skipped in silence, and nothing but passed checks makes a pass. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import { partOf, questionParts } from '../../src/model/question-parts.ts'
import type { PartName, QuestionPart } from '../../src/model/question-parts.ts'
import type { LooseQuestion } from '../../src/model/question.ts'
import type { Check, DifferingPart, FailedCheck } from '../../src/model/verdict.ts'
import { failedChecks } from '../../src/model/verdict.ts'
import { evaluate, notReached, outcomeOf } from '../../src/policy/evaluate.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { ruleRows } from '../../src/policy/rules/index.ts'
import { verify } from '../../src/verify/verify.ts'
import { useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'

const release = useRelease()

async function statementOf(job: Job = {}): Promise<VerifiedStatement> {
  const bundle = release().write(await release().attested(job))
  const { artifact, trust } = release()
  return (await verify({ artifact, bundle, trust, question: release().question(job) })).statements[0]
}

const named = (checks: readonly Check[], rule: string): Check[] =>
  checks.filter((it) => it.rule === rule || it.rule.startsWith(`${rule} `))

describe('the rules', () => {
  it('each give at least one check, whatever was signed', async () => {
    for (const provider of ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic']) {
      const job: Job = { provider }
      const checks = evaluate(await statementOf(job), parseQuestion(release().question(job)))
      for (const { rule } of ruleRows) expect(named(checks, rule), rule).not.toEqual([])
      expect(outcomeOf(checks)).toBe('pass')
      for (const check of checks) if (check.outcome === 'skipped') expect(check.note, check.rule).not.toBe('')
    }
  })

  it('refuse a runner that no provider hosts, whatever it is called', async () => {
    const question = parseQuestion(release().question())
    const statement = await statementOf()
    const { signatory } = statement.signed
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
      const signed = { ...statement.signed, signatory: { kind: 'certificate', identity } as const }
      expect(named(evaluate({ ...statement, signed }, question), 'runner')[0]?.outcome, runner).toBe(outcome)
    }
  })

  it('ask a key for nothing that only a certificate says', async () => {
    const statement = await statementOf()
    const signed = { ...statement.signed, signatory: { kind: 'key', fingerprint: '' } as const }
    const question = parseQuestion({ key: 'PEM', anySource: true, ref: 'refs/heads/main', commit: 'a'.repeat(40) })
    const checks = evaluate({ ...statement, signed }, question)
    expect(failedChecks(checks).map((it) => [it.rule, it.code])).toEqual([
      ['ref', 'ref-mismatch'],
      ['commit', 'commit-mismatch'],
    ])
    const asked = parseQuestion({ key: 'PEM', anySource: true, trigger: ['push'], strict: true })
    expect(failedChecks(evaluate({ ...statement, signed }, asked)).map((it) => [it.rule, it.code])).toEqual([
      ['trigger', 'not-answerable'],
      ['provenance-equals-certificate', 'not-answerable'],
    ])
    const skipped = checks.filter((it) => it.outcome === 'skipped').map((it) => it.rule)
    expect(skipped).toEqual(expect.arrayContaining(['issuer', 'signer', 'source', 'trigger', 'runner']))
  })
})

describe('a "no" to the question', () => {
  const job: Job = { event: 'push', ref: 'refs/tags/v1(2)', runner: 'self-hosted' }
  const genuine = {
    signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1(2)',
    source: 'https://github.com/acme/widget',
  }
  let statement: VerifiedStatement
  beforeAll(async () => {
    statement = await statementOf(job)
  })

  /** What is asked for and not there, and where the two differ; a row for each part that has a rule. */
  const refused: [PartName, LooseQuestion, DifferingPart][] = [
    ['signer', { signer: 'https://github.com/mallory/widget/.github/workflows/release.yml@refs/tags/v1(2)' }, 'owner'],
    ['signer', { signer: 'https://github.com/acme/gadget/.github/workflows/*@**' }, 'name'],
    ['signer', { signer: 'https://github.com/acme/*/.github/workflows/build.yml@refs/tags/*' }, 'path'],
    ['signer', { signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main' }, 'ref'],
    ['signer', { signer: 'https://github.com/Acme/widget/.github/workflows/release.yml@refs/tags/v1(2)' }, 'case'],
    ['signer', { signer: 'dev@acme.example' }, 'value'],
    ['issuer', { issuer: 'https://issuer.example' }, 'value'],
    ['workflow', { repo: 'acme/widget', signer: genuine.signer, workflow: 'nightly.yml' }, 'path'],
    ['source', { source: 'https://github.com/mallory/widget' }, 'owner'],
    ['source', { source: 'https://github.com/acme/gadget' }, 'name'],
    ['source', { source: 'https://gitlab.com/acme/widget' }, 'value'],
    ['ref', { ref: 'refs/heads/main' }, 'ref'],
    ['ref', { ref: 'refs/tags/V1(2)' }, 'case'],
    ['commit', { commit: 'b'.repeat(40) }, 'value'],
    ['sourceId', { sourceId: '1' }, 'value'],
    ['ownerId', { ownerId: '1' }, 'value'],
    ['signerDigest', { signerDigest: 'b'.repeat(40) }, 'value'],
    ['sourceTag', { sourceTag: 'v9' }, 'value'],
    ['builderId', { builderId: 'https://builder.example' }, 'value'],
    ['predicateType', { predicateType: ['https://example.com/x'] }, 'value'],
    ['trigger', { trigger: ['release'] }, 'value'],
    ['requireInput', { requireInput: ['channel=beta'] }, 'value'],
    ['selfHostedRunner', {}, 'value'],
  ]

  function failuresOf(
    asked: LooseQuestion,
    waived: LooseQuestion = { selfHostedRunner: 'allow' },
  ): readonly FailedCheck[] {
    const { issuer } = release().sigstore
    return failedChecks(
      evaluate(
        statement,
        parseQuestion({
          ...genuine,
          ...waived,
          issuer,
          ...asked,
          ...('repo' in asked ? { source: undefined } : {}),
        } as LooseQuestion),
      ),
    )
  }

  it('is given by no part of the genuine question', () => {
    expect(failuresOf({})).toEqual([])
  })

  it('has a row here for every part of the question with a rule', () => {
    const withRule = questionParts.filter((it: QuestionPart) => it.rule !== undefined).map((it) => it.name)
    expect([...new Set(refused.map(([part]) => part))].sort()).toEqual([...withRule].sort())
  })

  it.each(refused)('to %s %j says that they differ in the %s, and gives nothing to copy', (option, asked, part) => {
    const { name: rule, code } = partOf(option).rule!
    const [failed, ...others] = failuresOf(asked, option === 'selfHostedRunner' ? {} : undefined)
    expect(others).toEqual([])
    const { expected, found, ...rest } = failed!
    expect(rest).toEqual({ rule, outcome: 'fail', code, differs: { option, part } })
    expect(expected).toBeTruthy()
    expect(found).toBeTruthy()
  })

  it('where there is nothing to compare with says so, and that the whole value differs', async () => {
    const generic: Job = { provider: 'generic' }
    const { signer, issuer } = release().question(generic)
    const question = parseQuestion({ signer, issuer, source: 'https://github.com/acme/widget', ref: 'refs/heads/main' })
    const failed = failedChecks(evaluate(await statementOf(generic), question))
    expect(failed.map(({ rule, found, differs }) => [rule, found, differs?.part])).toEqual([
      ['source', 'nothing', 'value'],
      ['ref', 'nothing', 'value'],
    ])
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
