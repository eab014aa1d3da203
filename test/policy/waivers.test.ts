/** A signed waiver lets one rule of one policy fail for one artifact, for a while; and nothing else does. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/model/verdict.ts'
import { openPolicy } from '../../src/verify/open-policy.ts'
import { codeOfAsync } from '../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import type { AskedPolicy } from '../world/policy-release.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { edited, useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'
import { approver, daysFromNow, reason, signedWaiver, waivers } from '../world/waiver.ts'
import type { EditableWaiver } from '../world/waiver.ts'
import { part } from '../world/runs.ts'

const release = useRelease()
const rule = 'rules/reviewed'
const rules = [{ id: 'reviewed', expr: 'false', message: 'somebody reviewed it' }]

function policyWith(more: object = {}, sections: object = {}): string {
  return policyText(release(), { rules, waivers: waivers(release(), [rule]), ...sections }, more)
}

interface Waiving {
  readonly policy?: string
  readonly edit?: (it: EditableWaiver) => unknown
  readonly job?: Job
  readonly asked?: AskedPolicy
}

/** The verdict under a policy whose rule fails, with a waiver of it. */
async function waived({ policy = policyWith(), asked, ...how }: Waiving = {}): Promise<Verdict> {
  const waiver = await signedWaiver(release(), policy, rule, how)
  return judgeBy(release(), [await release().genuine(releaseJob), waiver], policy, asked)
}

const setAside = ({ policy }: Verdict): string[] => (policy?.waiversSetAside ?? []).map((it) => it.code)

describe('a waiver', () => {
  test('lets the rule fail that it names, and stands in the verdict with its reason, its signer and its end', async () => {
    const policy = policyWith()
    const alone = await judgeBy(release(), [await release().genuine(releaseJob)], policy)
    expect([alone.outcome, refusalsIn(alone)]).toEqual(['fail', [`${rule} fail rule-refused`]])

    const verdict = await waived({ policy })
    expect([verdict.outcome, refusalsIn(verdict), setAside(verdict)]).toEqual([
      'pass',
      [`${rule} waived rule-refused`],
      [],
    ])
    const signer = 'https://github.com/acme/approvals/.github/workflows/waive.yml@refs/heads/main'
    expect(verdict.policy?.checks.at(-1)).toMatchObject({
      expected: 'somebody reviewed it',
      waiver: { reason, signer },
    })
    expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
  })

  test('is not looked for by a rule that passes', async () => {
    const policy = policyWith({}, { rules: [{ ...rules[0], expr: 'true' }] })
    const verdict = await waived({ policy })
    expect([verdict.outcome, refusalsIn(verdict), setAside(verdict)]).toEqual(['pass', [], []])
  })

  test('of one rule leaves another one as it is', async () => {
    const policy = policyWith({}, { rules: [...rules, { ...rules[0], id: 'tested' }] })
    const verdict = await waived({ policy })
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual([
      'fail',
      ['rules/tested fail rule-refused', `${rule} waived rule-refused`],
    ])
  })

  test('is one statement however many signed it, and counts if one of them may', async () => {
    const policy = policyWith()
    const mine = await signedWaiver(release(), policy, rule, { job: { workflow: 'mine.yml' } })
    const statement = JSON.parse(Buffer.from(mine.dsseEnvelope.payload, 'base64').toString('utf8')) as object
    const good = await release().sign(statement, approver)
    const verdict = await judgeBy(release(), [mine, await release().genuine(releaseJob), good], policy)
    expect([verdict.outcome, setAside(verdict)]).toEqual(['pass', []])
    const alone = await judgeBy(release(), [mine, await release().genuine(releaseJob)], policy)
    expect([alone.outcome, setAside(alone)]).toEqual(['fail', ['waiver-signer-mismatch']])
  })
})

describe('a waiver counts for nothing', () => {
  const stays = [`${rule} fail rule-refused`]

  test.each<[string, string, Waiving]>(
    part(
      [
        [
          'by somebody else',
          'waiver-signer-mismatch',
          { job: { repository: 'acme/approvals', workflow: 'other.yml' } },
        ],
        [
          'by the same workflow of another owner',
          'waiver-signer-mismatch',
          { job: { ...approver, repository: 'mallory/approvals' } },
        ],
        [
          'of another policy',
          'waiver-policy-mismatch',
          { edit: (it) => (it.predicate.policy.digest.sha256 = 'a'.repeat(64)) },
        ],
        ['of another rule', 'waiver-rule-refused', { edit: (it) => (it.predicate.rule = 'rules/tested') }],
        ['of who must sign', 'waiver-rule-refused', { edit: (it) => (it.predicate.rule = 'identity/signers') }],
        ['for longer than may be', 'waiver-too-long', { edit: (it) => (it.predicate.expires = daysFromNow(91)) }],
        ['that has expired', 'waiver-expired', { asked: { now: daysFromNow(31) } }],
        [
          'that was expired when it was signed',
          'waiver-expired',
          { edit: (it) => (it.predicate.expires = '2026-01-01T00:00:00Z') },
        ],
        ['that was signed later than is asked about', 'waiver-not-yet-signed', { asked: { now: daysFromNow(-1) } }],
        [
          'of another change',
          'waiver-place-mismatch',
          { edit: (it) => (it.predicate.place = { commit: 'a'.repeat(40) }) },
        ],
        ['of another file', 'waiver-place-mismatch', { edit: (it) => (it.predicate.place = { path: 'src/auth.ts' }) }],
        [
          'of another session',
          'waiver-place-mismatch',
          { edit: (it) => (it.predicate.place = { session: 'urn:ai-session:x:1' }) },
        ],
      ],
      2,
    ),
  )('%s: %s', async (_, code, how) => {
    const verdict = await waived(how)
    expect([verdict.outcome, refusalsIn(verdict), setAside(verdict)]).toEqual(['fail', stays, [code]])
    expect(schemaErrors('verdict', JSON.parse(JSON.stringify(verdict)))).toEqual([])
  })

  test('by the job that signed the provenance, although the policy names it', async () => {
    const policy = policyWith({}, { waivers: waivers(release(), [rule], releaseJob) })
    expect(setAside(await waived({ policy, job: releaseJob }))).toEqual(['waiver-not-independent'])
    // Nor by another ref of it, nor by a workflow that it called.
    expect(setAside(await waived({ policy, job: { ...releaseJob, ref: 'refs/heads/waivers' } }))).toEqual([
      'waiver-not-independent',
    ])
  })

  test('without the key that the policy names', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = publicKey.export({ type: 'spki', format: 'pem' })
    const policy = policyWith({}, { waivers: { signers: [{ key }], rules: [rule] } })
    expect(setAside(await waived({ policy }))).toEqual(['waiver-signer-mismatch'])
  })

  test('by a signer whom the policy revoked', async () => {
    const value = 'https://github.com/acme/approvals/.github/workflows/waive.yml@refs/heads/**'
    const policy = policyWith({}, { revoked: [{ kind: 'signer', value, reason: 'the repository was taken over' }] })
    const verdict = await waived({ policy })
    expect([verdict.outcome, setAside(verdict)]).toEqual(['fail', ['revoked']])
  })

  test('of another artifact', async () => {
    const edit = (it: EditableWaiver): unknown => (it.subject[0]!.digest = { sha256: 'b'.repeat(64) })
    const verdict = await waived({ edit })
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual(['fail', stays])
  })

  test('where the policy lets nobody waive', async () => {
    const policy = policyWith({}, { waivers: undefined })
    expect(setAside(await waived({ policy }))).toEqual(['waiver-rule-refused'])
  })

  test.each<[string, (it: EditableWaiver) => unknown]>(
    part(
      [
        ['without a reason', (it) => (it.predicate.reason = '')],
        ['with the id of a ticket', (it) => (it.predicate.reason = 'SEC-1234 #5678 !!!!!!!!!!!!')],
        ['with a reason that hides something', (it) => (it.predicate.reason = `${reason}\u202E`)],
        ['that never ends', (it) => Reflect.deleteProperty(it.predicate, 'expires')],
        ['of every rule', (it) => (it.predicate.rule = '**')],
        ['of a family of rules', (it) => (it.predicate.rule = 'rules/*')],
        ['of any policy', (it) => Reflect.deleteProperty(it.predicate, 'policy')],
        ['with a place that nobody knows', (it) => (it.predicate.place = { branch: 'main' } as never)],
      ],
      2,
    ),
  )('%s', async (_, edit) => {
    const verdict = await waived({ edit })
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual(['fail', stays])
  })

  test('whose bundle was edited', async () => {
    const policy = policyWith()
    const waiver = await signedWaiver(release(), policy, rule, {
      edit: (it) => (it.predicate.expires = daysFromNow(-1)),
    })
    const forged = edited(waiver, (it) => {
      const payload = Buffer.from(it.dsseEnvelope.payload, 'base64').toString('utf8')
      it.dsseEnvelope.payload = Buffer.from(
        payload.replace(/"expires":"[^"]+"/, `"expires":"${daysFromNow(5)}"`),
      ).toString('base64')
    })
    const verdict = await judgeBy(release(), [await release().genuine(releaseJob), forged], policy)
    expect([verdict.outcome, refusalsIn(verdict), setAside(verdict)]).toEqual(['fail', stays, []])
  })
})

describe('layers', () => {
  test('are waived each by their own: what is extended lets nobody waive by what extends it', async () => {
    const far = policyText(release(), { rules })
    writeFileSync(join(release().folder, 'far.yaml'), far)
    const sha256 = createHash('sha256').update(far).digest('hex')
    // The near one lists a rule of the same id.
    const near = policyWith({ extends: { file: 'far.yaml', sha256 } })
    const own = await waived({ policy: near })
    expect([own.outcome, refusalsIn(own)]).toEqual([
      'fail',
      [`${rule} fail rule-refused`, `${rule} waived rule-refused`],
    ])
    const ofFar = await signedWaiver(release(), far, rule)
    const both = await judgeBy(
      release(),
      [await release().genuine(releaseJob), ofFar, await signedWaiver(release(), near, rule)],
      near,
    )
    expect([both.outcome, setAside(both)]).toEqual(['fail', ['waiver-rule-refused']])
  })

  test('let a waiver of what is extended count where that lets it', async () => {
    const far = policyText(release(), { rules, waivers: waivers(release(), [rule]) })
    writeFileSync(join(release().folder, 'farther.yaml'), far)
    const sha256 = createHash('sha256').update(far).digest('hex')
    const near = policyText(release(), {}, { extends: { file: 'farther.yaml', sha256 } })
    const verdict = await judgeBy(
      release(),
      [await release().genuine(releaseJob), await signedWaiver(release(), far, rule)],
      near,
    )
    expect([verdict.outcome, setAside(verdict)]).toEqual(['pass', []])
  })
})

describe('what a policy may let be waived', () => {
  test.each(part(['identity/signers', 'identity/*', 'revoked/digest', 'policy/expiry'], 2))('is not %s', async (id) => {
    const text = policyText(release(), { rules, waivers: waivers(release(), [id]) })
    writeFileSync(join(release().folder, 'unwaivable.yaml'), text)
    expect(await codeOfAsync(() => openPolicy({ file: 'unwaivable.yaml' }, release().folder))).toBe('policy-malformed')
  })

  test('is no rule that nobody knows', async () => {
    const text = policyText(release(), { rules, waivers: waivers(release(), ['rules/revewed']) })
    writeFileSync(join(release().folder, 'unknown.yaml'), text)
    expect(await codeOfAsync(() => openPolicy({ file: 'unknown.yaml' }, release().folder))).toBe('policy-key-unknown')
  })
})
