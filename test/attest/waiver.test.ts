/** Approvals and waivers as a person signs them, from the command line to the verdict and the summary of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash, createPublicKey, sign } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyForSummary } from '../../src/attest/verification-summary.ts'
import { waiverV1 } from '../../src/predicates/waiver.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useWorkplaces } from '../world/checkout.ts'
import type { Workplace } from '../world/checkout.ts'
import { policyText, releaseJob } from '../world/policy-release.ts'
import { useRelease } from '../world/release.ts'
import type { Job } from '../world/release.ts'
import { resourceUri, verifierId, verifierKey } from '../world/summary.ts'
import type { EditableSummary } from '../world/summary.ts'
import { approver, daysFromNow, reason, signedWaiver, waivers } from '../world/waiver.ts'

const release = useRelease()
const workplace = useWorkplaces()
const issuer = 'https://oidc.countersign.localhost'
const rule = 'rules/reviewed'
const policy = {
  ...{ apiVersion: 'countersign/policy/v1', name: 'test' },
  identity: { signers: [{ repo: 'acme/widget', workflow: 'release.yml', issuer }] },
  rules: [{ id: 'reviewed', expr: 'false', message: 'somebody reviewed it' }],
  waivers: { signers: [{ repo: 'acme/approvals', workflow: 'waive.yml', issuer }], rules: [rule] },
}

async function run(at: Workplace, job: Job | undefined, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: at.folder, env: at.env(job === undefined ? undefined : await at.token(job)) }, ...argv)
}

const waiving = (...more: readonly string[]): string[] => [
  ...['policy', 'waive', 'dist/app.tgz', '--policy', 'countersign.yaml', '--rule', rule, '--reason', reason],
  ...['--expires', daysFromNow(30), '--sigstore', 'local', ...more],
]
const asking = ['verify', 'dist/app.tgz', '--sigstore', 'local', '--policy', 'countersign.yaml'] as const

async function released(): Promise<Workplace> {
  const at = workplace()
  writeFileSync(join(at.folder, 'countersign.yaml'), JSON.stringify(policy))
  const attested = await run(at, {}, 'attest', 'dist/app.tgz', '--sigstore', 'local')
  expect(attested.exitCode, attested.stderr).toBe(0)
  return at
}

describe('countersign policy waive', () => {
  it('writes a waiver beside the artifact, where verify finds it and shows it', async () => {
    const at = await released()
    expect((await run(at, undefined, ...asking)).exitCode).toBe(1)
    const waived = await run(at, approver, ...waiving())
    expect(waived).toMatchObject({ exitCode: 0, stdout: 'dist/app.tgz.waiver-rules-reviewed.sigstore.json\n' })
    const verified = await run(at, undefined, ...asking)
    expect(verified.exitCode, verified.stdout).toBe(0)
    expect(verified.stdout).toContain(reason)
    const { predicate } = statementIn(at, 'dist/app.tgz.waiver-rules-reviewed.sigstore.json')
    expect(Object.keys(predicate)).toEqual(['rule', 'policy', 'reason', 'expires', 'tool'])
  })

  it.each<[string, string, readonly string[]]>([
    ['a reason that is the id of a ticket', '--reason', ['--reason', 'SEC-1234']],
    ['more than 90 days', '--expires', ['--expires', daysFromNow(100)]],
    ['a day that is over', '--expires', ['--expires', daysFromNow(-1)]],
    ['a day without a time', '--expires', ['--expires', '2026-12-24']],
    ['a rule that the policy lets nobody waive', '--rule', ['--rule', 'ai/human-review']],
    ['who must sign', '--rule', ['--rule', 'identity/signers']],
    ['half a commit', '--commit', ['--commit', 'abc1234']],
    ['a path with what cannot be seen', '--path', ['--path', 'src/a\u200b.ts']],
    ['a session with a mark of direction', '--session', ['--session', 'urn:ai-session:x:\u202e']],
    ['a reason with an escape', '--reason', ['--reason', `${reason}\u001b[2K`]],
  ])('signs nothing for %s', async (_, flag, more) => {
    const at = workplace()
    writeFileSync(join(at.folder, 'countersign.yaml'), JSON.stringify(policy))
    const ran = await run(at, approver, ...waiving(...more))
    expect([ran.exitCode, ran.stdout, at.list('dist')]).toEqual([2, '', ['app.tgz']])
    expect(ran.stderr).toContain('(usage)')
    expect(ran.stderr, flag).not.toContain('SEC-1234')
  })
})

describe('countersign policy sign', () => {
  it('writes an approval beside the policy, for which verify asks by the name of the signer', async () => {
    const at = await released()
    const open = { ...policy, rules: undefined, waivers: undefined }
    writeFileSync(join(at.folder, 'countersign.yaml'), JSON.stringify(open))
    const owner: Job = { repository: 'acme/policies', workflow: 'approve.yml', ref: 'refs/heads/main' }
    const signer = 'https://github.com/acme/policies/.github/workflows/approve.yml@refs/heads/main'
    const asked = [...asking, '--policy-issuer', issuer, '--policy-signer']
    const unsigned = await run(at, undefined, ...asked, signer)
    expect([unsigned.exitCode, unsigned.stdout]).toEqual([1, ''])
    expect(unsigned.stderr).toContain('(policy-unsigned)')
    const signed = await run(at, owner, 'policy', 'sign', 'countersign.yaml', '--sigstore', 'local')
    expect(signed).toMatchObject({ exitCode: 0, stdout: 'countersign.yaml.sigstore.json\n' })
    const verified = await run(at, undefined, ...asked, signer, '--format', 'json')
    expect(verified.exitCode, verified.stderr).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ policy: { signer } })
    const other = await run(at, undefined, ...asked, signer.replace('approve', 'release'))
    expect(other.stderr).toContain('(policy-signer-mismatch)')
    writeFileSync(join(at.folder, 'countersign.yaml'), `${JSON.stringify(open)} `)
    expect((await run(at, undefined, ...asked, signer)).stderr).toContain('(policy-approval-mismatch)')
  })

  it('signs nothing that is no policy', async () => {
    const at = workplace()
    writeFileSync(join(at.folder, 'countersign.yaml'), '{}')
    const ran = await run(at, {}, 'policy', 'sign', 'countersign.yaml', '--sigstore', 'local')
    expect(ran.exitCode).toBe(2)
    expect(existsSync(join(at.folder, 'countersign.yaml.sigstore.json'))).toBe(false)
  })

  it.each([
    ['--policy-signer', ['--policy', 'countersign.yaml', '--policy-signer', 'x@acme.example']],
    ['--policy-issuer', ['--policy', 'countersign.yaml', '--policy-issuer', issuer]],
    ['--policy-bundle', ['--policy', 'countersign.yaml', '--policy-bundle', 'x.json']],
    ['a signer without a policy', ['--policy-signer', 'x@acme.example', '--policy-issuer', issuer]],
  ])('asks for no half of it: %s', async (_, flags) => {
    const ran = await run(
      await released(),
      undefined,
      'verify',
      'dist/app.tgz',
      '--sigstore',
      'local',
      '-R',
      'acme/widget',
      ...flags,
    )
    expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain('(usage)')
  })
})

describe('a summary of a verdict with a waiver', () => {
  const key = verifierKey()
  const signer = {
    ...{ publicKey: createPublicKey(key.pem), kid: 'verifier' },
    sign: (input: Uint8Array): Promise<Uint8Array> =>
      Promise.resolve(sign('sha256', input, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })),
  }

  it('says so, claims no level that the policy gives, and names the waiver among what it rests on', async () => {
    const text = policyText(release(), { rules: policy.rules, waivers: waivers(release(), [rule]) })
    const file = release().write(text, 'summary.yaml')
    const bundles = [await release().genuine(releaseJob), await signedWaiver(release(), text, rule)]
    // Of a rule that needs none.
    const idle = await signedWaiver(release(), text, 'provenance/age')
    const { verdict, sign: signSummary } = await verifyForSummary({
      ...{ artifact: release().artifact, resourceUri, verifierId, trust: release().trust, policy: { file }, signer },
      bundle: [...bundles, idle].map((it) => Buffer.from(JSON.stringify(it))),
      world: { cwd: release().folder, env: {} },
    })
    expect(verdict.outcome).toBe('pass')
    const given = {
      policy: { uri: 'https://x.example', digest: { sha256: 'a'.repeat(64) } },
      levels: ['SLSA_BUILD_LEVEL_3'],
    }
    const { predicate } = JSON.parse((await signSummary(given))!.statement) as EditableSummary
    expect(predicate.verifiedLevels).toEqual([
      'SLSA_BUILD_LEVEL_UNEVALUATED',
      'COUNTERSIGN_AI_CLAIMED',
      'COUNTERSIGN_WAIVED',
    ])
    const digests = bundles.map((it) => createHash('sha256').update(JSON.stringify(it)).digest('hex'))
    expect(predicate['inputAttestations']).toMatchObject(digests.map((sha256) => ({ digest: { sha256 } })))
  })
})

function statementIn(at: Workplace, path: string): { readonly predicate: object } {
  const bundle = JSON.parse(readFileSync(join(at.folder, path), 'utf8')) as { dsseEnvelope: { payload: string } }
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8')) as {
    predicateType: string
    predicate: object
  }
  expect(statement.predicateType).toBe(waiverV1)
  return statement
}
