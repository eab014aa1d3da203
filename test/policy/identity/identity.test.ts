/** Each part of who may sign: one that passes, one that fails, and the check of the attestation that says so. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { failedChecks } from '../../../src/model/verdict.ts'
import { numericId } from '../../../src/providers/sample.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { useRelease } from '../../world/release.ts'
import type { Job } from '../../world/release.ts'

const release = useRelease()
const github = 'https://github.com'
const name = `${github}/acme/widget/.github/workflows/release.yml@refs/heads/main`
const source = `${github}/acme/widget`
const called: Job = { repository: 'acme/widget', workflow: 'acme/builds/.github/workflows/build.yml@refs/tags/v1' }

interface Row {
  readonly part: string
  readonly passes: object
  readonly fails: object
  readonly code: string
  readonly job?: Job
  /** Instead of signer and source. */
  readonly alone?: true
}

const rows: readonly Row[] = [
  { part: 'issuers', passes: {}, fails: { issuer: 'https://other.example' }, code: 'issuer-mismatch' },
  {
    part: 'signers',
    passes: { signer: name },
    fails: { signer: name.replace('release', 'other') },
    code: 'signer-mismatch',
  },
  {
    part: 'signers by a glob',
    passes: { signer: name.replace('main', '*') },
    fails: { signer: name.replace('main', 'm') },
    code: 'signer-mismatch',
  },
  { part: 'sources by name', passes: { source }, fails: { source: `${source}-2` }, code: 'source-mismatch' },
  {
    part: 'sources by numeric id',
    passes: { sourceId: numericId('acme/widget') },
    fails: { sourceId: '7' },
    code: 'source-id-mismatch',
  },
  {
    part: 'owners by numeric id',
    passes: { ownerId: numericId('acme') },
    fails: { ownerId: '7' },
    code: 'owner-id-mismatch',
  },
  {
    part: 'refs',
    passes: { refs: ['refs/heads/x', 'refs/heads/main'] },
    fails: { refs: ['refs/heads/x'] },
    code: 'ref-mismatch',
  },
  {
    part: 'tags',
    passes: { tags: ['v1.*'] },
    fails: { tags: ['v2.*'] },
    code: 'ref-mismatch',
    job: { ...releaseJob, ref: 'refs/tags/v1.2' },
  },
  {
    part: 'triggers',
    passes: { triggers: ['release', 'push'] },
    fails: { triggers: ['release'] },
    code: 'trigger-refused',
  },
  {
    part: 'builders',
    passes: { builders: ['https://x.example/b', name] },
    fails: { builders: ['https://x.example/b'] },
    code: 'builder-mismatch',
  },
  {
    part: 'commits of the signing workflow',
    passes: { signerDigest: '0123456789abcdef0123456789abcdef01234567' },
    fails: { signerDigest: 'f'.repeat(40) },
    code: 'signer-digest-mismatch',
  },
  {
    part: 'kinds of runner',
    passes: { selfHostedRunner: 'allow' },
    fails: {},
    code: 'runner-refused',
    job: { ...releaseJob, runner: 'self-hosted' },
  },
  {
    part: 'callers',
    passes: { workflow: 'release.yml' },
    fails: { workflow: 'other.yml' },
    code: 'caller-mismatch',
    job: called,
    alone: true,
  },
]

async function judged({ job = releaseJob, alone }: Row, parts: object) {
  const { issuer } = release().sigstore
  const called = { repo: 'acme/widget', signerWorkflow: 'acme/builds/.github/workflows/build.yml@refs/tags/v1', issuer }
  const plain = { signer: name.replace('refs/heads/main', '**'), source, issuer }
  const signers = [{ ...(alone === true ? called : plain), ...parts }]
  return judgeBy(release(), [await release().genuine(job)], policyText(release(), { identity: { signers } }))
}

describe('identity/signers', () => {
  test.each(rows)('asks for $part', async (row) => {
    expect(refusalsIn(await judged(row, row.passes))).toEqual([])
    const verdict = await judged(row, row.fails)
    expect(refusalsIn(verdict)).toEqual(['identity/signers fail evidence-missing'])
    expect(failedChecks(verdict.attestations[0]?.checks ?? []).map((it) => it.code)).toContain(row.code)
  })

  test('takes no trigger that runs the change of a stranger, where none is named', async () => {
    const { issuer } = release().sigstore
    const text = policyText(release(), {
      identity: { signers: [{ signer: name.replace('refs/heads/main', '**'), source, issuer }] },
    })
    const verdict = await judgeBy(
      release(),
      [await release().genuine({ ...releaseJob, event: 'pull_request_target' })],
      text,
    )
    expect(failedChecks(verdict.attestations[0]?.checks ?? []).map((it) => it.code)).toEqual(['trigger-refused'])
  })

  test('does not mix two signers: what one says must all hold', async () => {
    const { issuer } = release().sigstore
    const signers = [
      { signer: name, source, issuer, refs: ['refs/heads/x'] },
      { signer: name.replace('release', 'other'), source, issuer, refs: ['refs/heads/main'] },
    ]
    const verdict = await judgeBy(
      release(),
      [await release().genuine(releaseJob)],
      policyText(release(), { identity: { signers } }),
    )
    expect(refusalsIn(verdict)).toEqual(['identity/signers fail evidence-missing'])
  })

  test('asks no more questions than are worth an answer, of one policy and of those that it extends', async () => {
    const many = (count: number): object => ({
      signers: [
        {
          signer: name,
          source,
          issuer: release().sigstore.issuer,
          refs: Array.from({ length: count }, (_, at) => `refs/heads/b${at}`),
        },
      ],
    })
    const asked = async (policy: string): Promise<unknown> =>
      codeOfAsync(async () => judgeBy(release(), [await release().genuine(releaseJob)], policy))
    const [half] = (many(129) as { signers: object[] }).signers
    expect(await asked(policyText(release(), { identity: { signers: [half, half] } }))).toBe('policy-malformed')
    const base = policyText(release(), { identity: many(20) })
    release().write(base, 'many.yaml')
    const sha256 = createHash('sha256').update(base).digest('hex')
    const near = { identity: many(20), extends: { file: 'many.yaml', sha256 } }
    expect(await asked(policyText(release(), near))).toBe('policy-malformed')
    const waiving = { waivers: { signers: [half, half], rules: ['provenance/age'] }, provenance: { maxAgeDays: 1 } }
    expect(await asked(policyText(release(), waiving))).toBe('policy-malformed')
  })

  test('has nothing to look at without a bundle about the artifact', async () => {
    const other = release().statement(releaseJob)
    other.subject[0]!.digest = { sha256: 'f'.repeat(64) }
    const verdict = await judgeBy(release(), [await release().sign(other, releaseJob)], policyText(release(), {}))
    expect(refusalsIn(verdict)).toEqual(['identity/signers fail evidence-missing'])
  })
})
