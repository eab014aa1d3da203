/** A signed deployment says of its job what the certificate says, of its time what the log allows, and is asked for by its type. */
import { describe, expect, it } from 'vitest'
import type { QuestionOptions } from '../../src/model/question.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { deploymentV1 } from '../../src/predicates/deployment.ts'
import type { DeploymentPredicate } from '../../src/predicates/deployment.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { render } from '../../src/report/index.ts'
import { deploymentOf, deploymentStatement } from '../world/deployment.ts'
import { codeOf } from '../world/failure.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { refusals, summaryOf, useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'

const release = useRelease()
const environment = 'production'
const inEnvironment: Job = { environment }

function questionOf(job: Job): QuestionOptions {
  return { ...release().question(job), predicateType: [deploymentV1] }
}

async function verdictOf(
  job: Job,
  edit: (it: DeploymentPredicate) => unknown = () => undefined,
  asked: object = {},
): Promise<Verdict> {
  const statement = deploymentStatement(release(), job, edit)
  const question = { ...questionOf(job), ...asked }
  return release().judge(await release().sign(statement, job), { question })
}

describe('a deployment', () => {
  it.each(['github', 'gitlab', 'buildkite', 'circleci', 'local'])(
    'of a job of %s passes where its type is asked for, and is shown',
    async (provider) => {
      const verdict = await verdictOf({ provider })
      expect(refusals(verdict)).toEqual([])
      expect(summaryOf(verdict)?.deployment).toMatchObject({ environment, state: 'deployed', environmentBy: 'job' })
      expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
      expect(render(verdict, 'text')).toMatch(/deployed to +production, as the job says/)
    },
  )

  it('is no provenance: without its type it lets nothing pass', async () => {
    expect(refusals(await verdictOf({}, undefined, { predicateType: undefined }))).toContain(
      'predicate-type predicate-type-mismatch',
    )
  })

  it('says no other environment than the certificate', async () => {
    const genuine = await verdictOf(inEnvironment)
    expect(refusals(genuine)).toEqual([])
    expect(summaryOf(genuine)?.deployment).toMatchObject({ environmentBy: 'certificate' })
    const forged = await verdictOf(inEnvironment, (it) => (it.environment = 'staging'))
    const [failed] = forged.attestations[0]!.checks.filter((it) => it.outcome === 'fail')
    expect(failed).toMatchObject({ code: 'predicate-certificate-mismatch', expected: environment, found: 'staging' })
  })

  it.each([
    ['signer', 'https://github.com/acme/widget/.github/workflows/other.yml@refs/heads/main'],
    ['repository', 'https://github.com/acme/other'],
    ['ref', 'refs/heads/other'],
    ['commit', 'f'.repeat(40)],
    ['config', 'https://github.com/acme/widget/.github/workflows/other.yml@refs/heads/main'],
    ['run', 'https://github.com/acme/widget/actions/runs/1/attempts/9'],
    ['trigger', 'release'],
    ['runnerEnvironment', 'self-hosted'],
    ['sourceRepositoryIdentifier', '1'],
    ['sourceRepositoryOwnerIdentifier', '1'],
  ] as const)('says no other %s of its job than the certificate, nor none', async (member, forged) => {
    const { [member]: said } = deploymentOf(release(), {}).job
    const other = await verdictOf({}, (it) => (it.job[member] = forged))
    expect(other.attestations[0]!.checks.filter((it) => it.outcome === 'fail')).toMatchObject([
      { code: 'predicate-certificate-mismatch', expected: said, found: forged },
    ])
    if (member === 'signer') return
    expect(refusals(await verdictOf({}, (it) => (it.job[member] = undefined)))).toHaveLength(1)
  })

  it('says nothing of its job that the certificate is silent about', async () => {
    const job: Job = { provider: 'local' }
    const silent = deploymentOf(release(), job).job
    expect(silent.runnerEnvironment).toBeUndefined()
    const forged = await verdictOf(job, (it) => (it.job.runnerEnvironment = 'github-hosted'))
    expect(refusals(forged)).toHaveLength(1)
  })

  it('is of a time near that of the log', async () => {
    const at = (seconds: number) => (it: DeploymentPredicate) =>
      (it.at = new Date(Date.parse(it.at) + seconds * 1000).toISOString())
    const code = 'deployment-time deployment-time-mismatch'
    expect(refusals(await verdictOf({}, at(3_600)))).toEqual([code])
    expect(refusals(await verdictOf({}, at(-25 * 3_600)))).toEqual([code])
    expect(refusals(await verdictOf({}, at(-23 * 3_600)))).toEqual([])
    expect(refusals(await verdictOf({}, (it) => (it.at = '2026-99-99T00:00:00Z')))).toEqual([code])
  })

  it('that says "removed" passes only where that is accepted', async () => {
    const removed = (it: DeploymentPredicate): unknown => (it.state = 'removed')
    expect(refusals(await verdictOf({}, removed))).toEqual(['deployment-state deployment-removed'])
    const accepted = await verdictOf({}, removed, { allowRemoved: true })
    expect(refusals(accepted)).toEqual([])
    expect(render(accepted, 'text')).toMatch(/removed from +production/)
  })

  it('is of the environment that is asked for', async () => {
    expect(refusals(await verdictOf({}, undefined, { environment }))).toEqual([])
    expect(refusals(await verdictOf({}, undefined, { environment: 'staging' }))).toEqual([
      'environment environment-mismatch',
    ])
    const provenance = await release().judge(await release().attested(), {
      question: { ...release().question(), environment },
    })
    expect(refusals(provenance)).toEqual(['environment environment-mismatch'])
  })

  it('is read as it stands, or is malformed', () => {
    const good = deploymentOf(release(), {})
    expect(schemaErrors('deployment', JSON.parse(JSON.stringify(good)))).toEqual([])
    expect(readPredicate(deploymentV1, { ...good, more: 1, target: null })).toMatchObject({
      environment,
      target: undefined,
    })
    for (const bad of [
      {},
      { ...good, environment: '' },
      { ...good, environment: 'x'.repeat(256) },
      { ...good, state: 'perhaps' },
      { ...good, at: 'yesterday' },
      { ...good, job: {} },
      { ...good, provenance: [{ predicateType: 'x', statement: { sha256: 'x' } }] },
    ]) {
      expect(codeOf(() => readPredicate(deploymentV1, bad))).toBe('predicate-malformed')
    }
  })
})
