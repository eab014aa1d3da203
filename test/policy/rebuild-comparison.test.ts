/** A signed rebuild says of its job what the certificate says, of its outcome what its digests say, and "differs" lets nothing pass. */
import { describe, expect, it } from 'vitest'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { independentRebuilders } from '../../src/policy/rebuilders.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { rebuildComparisonV1 } from '../../src/predicates/rebuild-comparison.ts'
import type { RebuildComparisonPredicate } from '../../src/predicates/rebuild-comparison.ts'
import { render } from '../../src/report/index.ts'
import { verify } from '../../src/verify/verify.ts'
import { codeOf } from '../world/failure.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { rebuildOf, rebuildStatement } from '../world/rebuild.ts'
import { refusals, summaryOf, useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'

const release = useRelease()
const otherBytes = 'f'.repeat(64)

type Edit = (it: RebuildComparisonPredicate) => unknown

async function verdictOf(job: Job, edit?: Edit, asked: object = {}): Promise<Verdict> {
  const question = { ...release().question(job), predicateType: [rebuildComparisonV1], ...asked }
  return release().judge(await release().sign(rebuildStatement(release(), job, edit), job), { question })
}

describe('a rebuild comparison', () => {
  it.each(['github', 'gitlab', 'buildkite', 'circleci', 'local'])(
    'of a job of %s passes where its type is asked for, and is shown',
    async (provider) => {
      const verdict = await verdictOf({ provider })
      expect(refusals(verdict)).toEqual([])
      expect(summaryOf(verdict)?.rebuild).toMatchObject({ outcome: 'same', notCompared: 0 })
      expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
      expect(render(verdict, 'text')).toMatch(/rebuilt +the same bytes/)
    },
  )

  it('is no provenance: without its type it lets nothing pass', async () => {
    expect(refusals(await verdictOf({}, undefined, { predicateType: undefined }))).toContain(
      'predicate-type predicate-type-mismatch',
    )
  })

  it('that says "differs" passes no question', async () => {
    const differs: Edit = (it) => {
      it.outcome = 'differs'
      it.rebuilt.digest.sha256 = otherBytes
    }
    expect(refusals(await verdictOf({}, differs))).toEqual(['rebuild-outcome rebuild-differs'])
    expect(refusals(await verdictOf({}, differs, { allowRemoved: true }))).toEqual(['rebuild-outcome rebuild-differs'])
  })

  it('says "same" of the very digest alone, and "differs" of another', async () => {
    const code = 'rebuild-digest rebuild-contradicts-digest'
    expect(refusals(await verdictOf({}, (it) => (it.rebuilt.digest.sha256 = otherBytes)))).toEqual([code])
    expect(refusals(await verdictOf({}, (it) => (it.outcome = 'differs')))).toContain(code)
  })

  it.each([
    ['signer', 'https://github.com/acme/widget/.github/workflows/other.yml@refs/heads/main'],
    ['repository', 'https://github.com/acme/other'],
    ['commit', 'f'.repeat(40)],
    ['run', 'https://github.com/acme/widget/actions/runs/1/attempts/9'],
    ['runnerEnvironment', 'self-hosted'],
    ['sourceRepositoryOwnerIdentifier', '1'],
  ] as const)('says no other %s of its job than the certificate', async (member, forged) => {
    const verdict = await verdictOf({}, (it) => (it.job[member] = forged))
    expect(verdict.attestations[0]!.checks.filter((it) => it.outcome === 'fail')).toMatchObject([
      { rule: `rebuild-equals-certificate job.${member}`, code: 'predicate-certificate-mismatch', found: forged },
    ])
  })

  it('says no other commit of its own repository, however that is written; of another repository it is shown as its word', async () => {
    const source =
      (uri: string): Edit =>
      (it) =>
        (it.source = { uri, commit: 'f'.repeat(40) })
    const code = 'rebuild-equals-certificate source predicate-certificate-mismatch'
    expect(refusals(await verdictOf({}, source('https://github.com/acme/widget')))).toEqual([code])
    expect(refusals(await verdictOf({}, source('https://github.com/Acme/widget.git')))).toEqual([code])
    const other = await verdictOf({}, source('https://github.com/acme/upstream'))
    expect(refusals(other)).toEqual([])
    expect(render(other, 'text')).toMatch(/rebuilt from .*upstream .*, as the job says/)
  })

  it('is of a time near that of the log', async () => {
    const at =
      (seconds: number): Edit =>
      (it) =>
        (it.at = new Date(Date.parse(it.at) + seconds * 1000).toISOString())
    const code = 'rebuild-time rebuild-time-mismatch'
    expect(refusals(await verdictOf({}, at(3_600)))).toEqual([code])
    expect(refusals(await verdictOf({}, at(-25 * 3_600)))).toEqual([code])
    expect(refusals(await verdictOf({}, at(-23 * 3_600)))).toEqual([])
    expect(refusals(await verdictOf({}, (it) => (it.at = '2026-99-99T00:00:00Z')))).toEqual([code])
  })

  it('is read as it stands, or is malformed', () => {
    const good = rebuildOf(release(), {})
    expect(schemaErrors('rebuild-comparison', JSON.parse(JSON.stringify(good)))).toEqual([])
    expect(readPredicate(rebuildComparisonV1, { ...good, more: 1, source: null })).toMatchObject({ source: undefined })
    for (const bad of [
      {},
      { ...good, outcome: 'perhaps' },
      { ...good, rebuilt: { name: 'x', digest: { sha256: 'x' } } },
      { ...good, at: 'yesterday' },
      { ...good, job: {} },
      { ...good, differences: { content: -1 } },
      { ...good, differing: { members: [{ kind: 'unheard-of' }], more: 0 } },
    ]) {
      expect(codeOf(() => readPredicate(rebuildComparisonV1, bad))).toBe('predicate-malformed')
    }
  })
})

describe('independent rebuilders', () => {
  const original: Job = {}
  const elsewhere = (name: string, more: Job = {}): Job => ({
    ...more,
    claims: {
      repository: `${name}/rebuilds`,
      repository_owner: name,
      repository_id: `${name.length}01`,
      repository_owner_id: `${name.length}02`,
      job_workflow_ref: `${name}/rebuilds/.github/workflows/rebuild.yml@refs/heads/main`,
      workflow_ref: `${name}/rebuilds/.github/workflows/rebuild.yml@refs/heads/main`,
      ...more.claims,
    },
  })

  async function statement(job: Job, payload: object): Promise<VerifiedStatement> {
    const bundle = release().write(await release().sign(payload, job))
    const question = {
      ...release().question(job),
      predicateType: [rebuildComparisonV1, 'https://slsa.dev/provenance/v1'],
    }
    const { statements } = await verify({ artifact: release().artifact, bundle, trust: release().trust, question })
    return statements[0]
  }
  const provenance = (): Promise<VerifiedStatement> => statement(original, release().statement(original))
  const rebuild = (job: Job): Promise<VerifiedStatement> => statement(job, rebuildStatement(release(), job))

  it('are told by who signed: two runs, and two refs, of one workflow are one', async () => {
    const ref = 'umbrella/rebuilds/.github/workflows/rebuild.yml@refs/heads/other'
    const { independent, setAside } = independentRebuilders([
      await provenance(),
      await rebuild(elsewhere('umbrella', { runId: '1' })),
      await rebuild(elsewhere('umbrella', { runId: '2' })),
      await rebuild(elsewhere('umbrella', { claims: { job_workflow_ref: ref, workflow_ref: ref } })),
      await rebuild(elsewhere('stark')),
    ])
    expect(independent.map((it) => [it.signer, it.statements.length])).toEqual([
      ['https://github.com/umbrella/rebuilds/.github/workflows/rebuild.yml', 3],
      ['https://github.com/stark/rebuilds/.github/workflows/rebuild.yml', 1],
    ])
    expect(setAside).toEqual([])
  })

  it('are one where another workflow of the same repository signs', async () => {
    const other = 'umbrella/rebuilds/.github/workflows/second.yml@refs/heads/main'
    const { independent } = independentRebuilders([
      await provenance(),
      await rebuild(elsewhere('umbrella')),
      await rebuild(elsewhere('umbrella', { claims: { job_workflow_ref: other, workflow_ref: other } })),
    ])
    expect(independent.map((it) => it.statements.length)).toEqual([2])
  })

  it('are not the job that built it, nor another of its repository', async () => {
    const other = 'acme/widget/.github/workflows/rebuild.yml@refs/heads/main'
    const { independent, setAside } = independentRebuilders([
      await provenance(),
      await rebuild(original),
      await rebuild({ claims: { job_workflow_ref: other, workflow_ref: other } }),
    ])
    expect(independent).toEqual([])
    expect(setAside.map((it) => it.reason)).toEqual(['original-builder', 'original-builder'])
  })

  it('are none where nobody knows who built first', async () => {
    const { independent, setAside } = independentRebuilders([await rebuild(elsewhere('umbrella'))])
    expect(independent).toEqual([])
    expect(setAside.map((it) => it.reason)).toEqual(['original-unknown'])
  })

  it('got the same bytes, whatever they say', async () => {
    const said = await rebuild(elsewhere('umbrella'))
    const { predicate } = said
    if (predicate.kind !== 'rebuild-comparison') throw new Error('it is a comparison')
    const lies = { ...said, predicate: { ...predicate, rebuilt: { name: 'x', sha256: otherBytes } } }
    const honest = { ...said, predicate: { ...predicate, outcome: 'differs' as const } }
    const { independent, setAside } = independentRebuilders([await provenance(), lies, honest])
    expect(independent).toEqual([])
    expect(setAside.map((it) => it.reason)).toEqual(['differs', 'differs'])
  })
})
