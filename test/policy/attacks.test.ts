/** Attacks on a policy as a whole: what would let pass what it refuses, each as somebody would try it. */
import { describe, expect, test } from 'vitest'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import { toldRelease } from '../world/policy-changes.ts'
import { useRelease } from '../world/release.ts'

const release = useRelease()
const provenanceType = 'https://slsa.dev/provenance/v1'
const changesType = 'https://w3id.org/countersign/change-provenance/v1'

describe('somebody who leaves the provenance out', () => {
  const ai = { tools: { allow: ['cursor'] } }

  test('and gives the statement of changes alone, where the policy takes both types', async () => {
    const [, changes] = await toldRelease(release())
    const text = policyText(release(), { provenance: { predicateTypes: [provenanceType, changesType] }, ai })
    const verdict = await judgeBy(release(), [changes], text)
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual(['fail', ['identity/signers fail evidence-missing']])
  })

  test('or asks for that type beside a policy that names no signer', async () => {
    const [, changes] = await toldRelease(release())
    const signer = { repo: 'acme/widget', workflow: 'release.yml', issuer: release().sigstore.issuer }
    const beside = { ...signer, predicateType: [changesType] }
    const verdict = await judgeBy(release(), [changes], policyText(release(), { identity: undefined, ai }), { beside })
    expect(verdict.outcome).toBe('fail')
  })
})

describe('rows that fail', () => {
  test('are not hidden behind a crowd that only warns', async () => {
    const own = (id: string, severity?: string) => ({ id, expr: 'false', message: 'is so', severity })
    const crowd = Array.from({ length: 201 }, (_, at) => own(`w${at}`, 'warn'))
    const text = policyText(release(), { rules: [...crowd, own('real'), own('last', 'info')] })
    const verdict = await judgeBy(release(), [await release().genuine(releaseJob)], text)
    expect(verdict.outcome).toBe('fail')
    expect(verdict.policy?.checks.find((it) => it.rule === 'rules/real')).toMatchObject({ outcome: 'fail' })
  })
})

describe('a strict question', () => {
  test('is strict beside a policy, too', async () => {
    const [one, changes] = await toldRelease(release())
    const [two] = await toldRelease(release(), { range: { reason: 'asked' } })
    const bundles = [one, two, changes]
    const beside = { strict: true } as const
    expect((await judgeBy(release(), bundles, policyText(release(), {}), { beside })).outcome).toBe('fail')
    expect((await judgeBy(release(), [one, changes], policyText(release(), {}), { beside })).outcome).toBe('pass')
  })
})
