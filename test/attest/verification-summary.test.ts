/** What a summary of a verdict says, of what it is made, and what becomes of the exit code. */
import { createHash, createPublicKey } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyForSummary } from '../../src/attest/verification-summary.ts'
import type { SummaryRequest, VerifiedForSummary } from '../../src/attest/verification-summary.ts'
import { keyFileSigner } from '../../src/vouch/key-file.ts'
import { judgeSummary } from '../../src/verify/verify-summary.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { codeOfAsync } from '../world/failure.ts'
import { artifactBytes, refusals, useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { commitOf, toldRelease } from '../world/policy-changes.ts'
import { policyText, releaseJob } from '../world/policy-release.ts'
import { rebuildStatement } from '../world/rebuild.ts'
import { resourceUri, verifierId, verifierKey } from '../world/summary.ts'
import type { EditableSummary } from '../world/summary.ts'
import { part } from '../world/runs.ts'

const release = useRelease()
const checkout = useCheckouts()
const artifact = { bytes: Buffer.from(artifactBytes), name: 'app.tgz' }
const key = verifierKey()
const unevaluated = 'SLSA_BUILD_LEVEL_UNEVALUATED'

/** The key as one in a file: it signs by itself. */
async function signerIn(at: Checkout): Promise<NonNullable<SummaryRequest['signer']>> {
  const path = join(at.folder, 'verifier.pem')
  writeFileSync(path, key.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  chmodSync(path, 0o600)
  return keyFileSigner(path)
}

async function verified(
  bundles: readonly object[],
  asked: Partial<SummaryRequest> = {},
): Promise<VerifiedForSummary & { readonly at: Checkout }> {
  const at = checkout()
  const opened = await verifyForSummary({
    ...{ artifact, resourceUri, verifierId, trust: release().trust, question: release().question() },
    bundle: bundles.map((it) => Buffer.from(JSON.stringify(it))),
    ...{ signer: await signerIn(at), world: { cwd: at.folder, env: {} } },
    ...asked,
  })
  return { ...opened, at }
}

async function predicateOf(
  { sign }: VerifiedForSummary,
  result?: Parameters<VerifiedForSummary['sign']>[0],
): Promise<EditableSummary['predicate']> {
  const signed = await sign(result)
  return (JSON.parse(signed!.statement) as EditableSummary).predicate
}

const other = { question: { ...{ repo: 'acme/other' }, issuer: 'https://oidc.countersign.localhost' } } as const
const lineDigest = (bundle: EditableBundle): string => createHash('sha256').update(JSON.stringify(bundle)).digest('hex')

function digestsIn(predicate: EditableSummary['predicate']): string[] {
  return (predicate['inputAttestations'] as { digest: { sha256: string } }[]).map((it) => it.digest.sha256)
}

describe('a summary of a verdict', () => {
  it('that is pass says PASSED, no level of SLSA, and is what its reader asks for', async () => {
    const bundle = await release().genuine()
    const { verdict, sign } = await verified([bundle])
    expect(refusals(verdict)).toEqual([])
    const signed = await sign()
    const { subject, predicate } = JSON.parse(signed!.statement) as EditableSummary
    expect(subject).toEqual([{ name: 'app.tgz', digest: verdict.artifact.digest }])
    expect(predicate).toMatchObject({
      ...{ verifier: { id: verifierId }, resourceUri, verificationResult: 'PASSED', slsaVersion: '1.2' },
      verifiedLevels: [unevaluated, 'COUNTERSIGN_AI_CLAIMED'],
      inputAttestations: [{ name: 'bundle', digest: { sha256: lineDigest(bundle) } }],
    })
    const asked = { verifierId, resourceUri, levels: [unevaluated, 'COUNTERSIGN_AI_CLAIMED'] }
    const summary = Buffer.from(signed!.bundle)
    const read = { artifact, summary, signer: { key: key.pem }, question: asked }
    expect(refusals(await judgeSummary(read))).toEqual([])
    // The bare signature of the signer stands there as others write it.
    expect(signed!.bundle).toMatch(/"sig":"ME[QUYx]/)
  })

  it('that is fail says FAILED and nothing else, and passes no question', async () => {
    const { verdict, sign } = await verified([await release().genuine()], other)
    expect(verdict.outcome).toBe('fail')
    const signed = await sign()
    const { predicate } = JSON.parse(signed!.statement) as EditableSummary
    expect(predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] })
    const question = { verifierId, resourceUri, levels: [unevaluated] }
    const read = { artifact, summary: Buffer.from(signed!.bundle), signer: { key: key.pem }, question }
    expect(refusals(await judgeSummary(read))).toEqual([
      'verification-result verification-failed',
      'verified-levels levels-malformed',
    ])
  })

  it('claims no level of a policy where the verdict is fail', async () => {
    const policy = { uri: 'https://acme.example/policy', digest: { sha256: 'b'.repeat(64) } }
    const failed = await verified([await release().genuine()], other)
    const predicate = await predicateOf(failed, { policy, levels: ['SLSA_BUILD_LEVEL_3'] })
    expect(predicate).toMatchObject({ policy, verifiedLevels: ['FAILED'] })
  })

  it('that is undecided is none', async () => {
    const { verdict, sign } = await verified([{ mediaType: 'x' }])
    expect(verdict.outcome).toBe('undecided')
    expect(await sign()).toBeUndefined()
  })

  it('names every attestation that it rests on', async () => {
    const bundles = [await release().genuine(), await release().attested()]
    const passed = await predicateOf(await verified(bundles))
    expect(digestsIn(passed).toSorted()).toEqual(bundles.map(lineDigest).toSorted())
  })

  it('names none that anybody laid beside', async () => {
    const bundle = await release().genuine()
    const foreign = await release().sign(release().statement(), { repository: 'acme/other' })
    const passed = await predicateOf(await verified([foreign, bundle]))
    expect(passed['inputAttestations']).toMatchObject([{ digest: { sha256: lineDigest(bundle) } }])
  })

  it('names none at all where some were not examined', async () => {
    const bundle = await release().genuine()
    const passed = await predicateOf(await verified(Array.from({ length: 200 }, () => bundle)))
    expect(passed).not.toHaveProperty('inputAttestations')
  })

  it('is by a policy with its profile', async () => {
    const bundle = await release().genuine(releaseJob)
    const range = { provenance: { range: { reasons: ['asked'] } }, severities: { 'provenance/range': 'warn' } }
    const ai = { ai: { iterations: { atMost: 1 } }, severities: { 'ai/iterations': 'warn' } }
    const file = join(release().folder, 'summary-policy.yaml')
    writeFileSync(file, policyText(release(), {}, { profiles: { ranged: range, ai } }))
    const under = async (profile?: string) => {
      const asked = { policy: { file, ...(profile === undefined ? {} : { profile }) } } as Partial<SummaryRequest>
      const predicate = await predicateOf(await verified([bundle], asked))
      const { uri } = predicate['policy'] as { uri: string }
      return [uri.split('/').at(-1), ...digestsIn(predicate)]
    }
    const digest = lineDigest(bundle)
    expect([await under(), await under('ai'), await under('ranged')]).toEqual([
      ['v1', digest],
      ['v1#ai', digest],
      ['v1#ranged', digest],
    ])
  })

  it.each(part(['PASSED', 'FAILED'], 2))(
    'that is %s names what its policy asks for beside the provenance',
    async (result) => {
      const scanType = 'https://acme.example/scan/v1'
      const [scanner, rebuilder] = [
        { repository: 'acme/scans', workflow: 'scan.yml' },
        { repository: 'one/rebuilds', workflow: 'rebuild.yml' },
      ]
      const scanBy = (job: Job): Promise<EditableBundle> =>
        release().sign({ ...release().statement(job), predicateType: scanType, predicate: {} }, job)
      const since = commitOf('a')
      const [provenance, changes] = await toldRelease(release(), { range: { since, reason: 'version-before' } })
      const scan = await scanBy(scanner)
      const rebuilt = await release().sign(rebuildStatement(release(), rebuilder), rebuilder)
      const [before] = await toldRelease(release(), { job: { ...releaseJob, sha: since, runId: '3' }, range: {} })
      const foreign = await scanBy({ repository: 'mallory/scans', workflow: 'scan.yml' })
      const { issuer } = release().sigstore
      const policy = join(release().folder, `beside-${result}.yaml`)
      const sections = {
        companions: [
          { name: 'scan', predicateType: scanType, signers: [{ repo: 'acme/scans', workflow: 'scan.yml', issuer }] },
        ],
        rebuilders: { atLeast: 1, signers: [{ repo: 'one/rebuilds', workflow: 'rebuild.yml', issuer }] },
        range: { reasons: ['version-before'] },
        ...(result === 'FAILED' ? { buildLevel: { atLeast: 1 } } : {}),
      }
      writeFileSync(policy, policyText(release(), { provenance: sections }))
      const asked = { policy: { file: policy }, question: {}, previous: Buffer.from(JSON.stringify(before)) }
      // What nobody asked for counts in no "yes"; of a "no" it is told that somebody signed it.
      const given = [foreign, scan, rebuilt, changes, provenance]
      const predicate = await predicateOf(await verified(given, asked))
      expect(predicate.verificationResult).toBe(result)
      const used = [scan, rebuilt, changes, provenance, before, ...(result === 'FAILED' ? [foreign] : [])]
      expect(digestsIn(predicate).toSorted()).toEqual(used.map(lineDigest).toSorted())
    },
  )

  it('is by a policy that is the question, unless there is one', async () => {
    const bundles = [await release().genuine()]
    const one = await verified(bundles)
    const { policy } = await predicateOf(one)
    const sorted = Object.fromEntries(Object.entries(one.verdict.question).sort(([a], [b]) => (a < b ? -1 : 1)))
    expect(policy).toEqual({
      uri: 'https://w3id.org/countersign/question/v1',
      digest: { sha256: createHash('sha256').update(JSON.stringify(sorted)).digest('hex') },
    })
    const strict = await verified(bundles, { question: { ...release().question(), ref: 'refs/heads/main' } })
    expect((await predicateOf(strict))['policy']).not.toEqual(policy)
    const given = { uri: 'https://acme.example/policy', digest: { sha256: 'b'.repeat(64) } }
    const levels = ['SLSA_BUILD_LEVEL_3', 'SLSA_SOURCE_LEVEL_2']
    expect(await predicateOf(one, { policy: given, levels })).toMatchObject({
      policy: given,
      verifiedLevels: [...levels, 'COUNTERSIGN_AI_CLAIMED'],
    })
  })

  it.each(
    part(
      [
        [['SLSA_BUILD_LEVEL_4']],
        [['FAILED']],
        [['SLSA_BUILD_LEVEL_1', 'SLSA_BUILD_LEVEL_2']],
        [['COUNTERSIGN_AI_VOUCHED']],
      ],
      2,
    ),
  )('takes no levels %j from a policy', async (levels) => {
    const passed = await verified([await release().genuine()])
    const policy = { uri: 'https://acme.example/policy', digest: { sha256: 'b'.repeat(64) } }
    expect(await codeOfAsync(() => passed.sign({ policy, levels }))).toBe('usage')
  })

  it('is refused before anything is verified where it could not be made', async () => {
    const asked = (it: object): Promise<unknown> => codeOfAsync(async () => verified([await release().genuine()], it))
    expect(await asked({ resourceUri: 'app.tgz' })).toBe('usage')
    expect(await asked({ verifierId: 'me' })).toBe('usage')
    expect(await asked({ verifierId: undefined })).toBe('question-incomplete')
    expect(await asked({ out: { path: 'missing/out.json' } })).toBe('path-missing')
  })

  it('of a signer whose signature is none of its key is not written', async () => {
    const broken = { publicKey: createPublicKey(key.pem), kid: 'k', sign: () => Promise.resolve(Buffer.alloc(64, 1)) }
    const passed = await verified([await release().genuine()], { signer: broken, out: { path: 'out.json' } })
    expect(await codeOfAsync(() => passed.sign())).toBe('summary-not-signed')
    expect(existsSync(join(passed.at.folder, 'out.json'))).toBe(false)
  })
})

describe('countersign verify --vsa', () => {
  const issuer = 'https://oidc.countersign.localhost'
  const question = ['--repo', 'acme/widget', '--issuer', issuer]

  async function attested(): Promise<Checkout> {
    const at = checkout()
    const env = at.env(await at.token())
    const ran = await countersign({ cwd: at.folder, env }, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    expect(ran).toMatchObject({ exitCode: 0 })
    return at
  }

  async function run(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
    const env = at.env(await at.token())
    const [words, asked] = [
      argv.filter((it) => it !== 'other'),
      argv.includes('other') ? ['--repo', 'acme/other'] : question,
    ]
    const trust = ['--sigstore', 'local', '--vsa', 'out.json', '--resource-uri', resourceUri]
    return countersign({ cwd: at.folder, env }, 'verify', 'dist/app.tgz', ...asked, ...trust, ...words)
  }

  it('signs as the job, and vsa-verify asks for just that', async () => {
    const at = await attested()
    const ran = await run(at, '--vsa-sigstore', 'local')
    expect(ran).toMatchObject({ exitCode: 0 })
    const ask = (...argv: string[]): Promise<Ran> =>
      countersign(
        { cwd: at.folder, env: at.env() },
        ...['vsa-verify', 'dist/app.tgz', '--vsa', 'out.json', '--sigstore', 'local', ...question],
        ...['--resource-uri', resourceUri, ...argv],
      )
    expect(await ask('--level', unevaluated)).toMatchObject({ exitCode: 0 })
    expect(await ask('--level', 'SLSA_BUILD_LEVEL_1')).toMatchObject({ exitCode: 1 })
    expect(await ask('--level', unevaluated, '--verifier-id', verifierId)).toMatchObject({ exitCode: 1 })
    expect(await ask()).toMatchObject({ exitCode: 2 })
    expect(await ask('--level', unevaluated, '--vsa', 'missing.json')).toMatchObject({ exitCode: 2 })
    const { predicate } = payloadOf(join(at.folder, 'out.json'))
    expect(predicate.verifier.id).toMatch(
      /^https:\/\/github\.com\/acme\/widget\/\.github\/workflows\/release\.yml@refs\//,
    )
  })

  it('keeps the exit code of a "no", and writes that it is one', async () => {
    const at = await attested()
    expect(await run(at, 'other', '--vsa-sigstore', 'local')).toMatchObject({ exitCode: 1 })
    expect(payloadOf(join(at.folder, 'out.json')).predicate.verificationResult).toBe('FAILED')
  })

  it('names the Sigstore that signs where nobody does, and not the one that is trusted', async () => {
    const at = await attested()
    const argv = [...question, '--sigstore', 'local', '--vsa', 'out.json', '--resource-uri', resourceUri]
    const ran = await countersign({ cwd: at.folder, env: at.env() }, 'verify', 'dist/app.tgz', ...argv)
    expect(ran.exitCode).toBe(3)
    expect(ran.stderr).toContain('--vsa-sigstore local')
    expect(ran.stderr).not.toContain(' --sigstore')
  })

  it('ends with 3 where a "yes" could not be signed, with 1 where a "no" could not, and leaves nothing', async () => {
    const at = await attested()
    const nobody = ['--vsa-sigstore', 'local', '--identity-token-file', 'dist/app.tgz']
    const yes = await run(at, ...nobody)
    expect(yes.exitCode).toBe(3)
    expect(yes.stdout).toMatch(/^PASS/)
    expect(yes.stderr).toMatch(/\(summary-not-signed\)/)
    const no = await run(at, 'other', ...nobody)
    expect(no.exitCode).toBe(1)
    expect(no.stderr).toMatch(/warning: .*\(summary-not-signed\)/)
    expect(existsSync(join(at.folder, 'out.json'))).toBe(false)
  })

  it('overwrites nothing unless it is told to, and then verifies nothing', async () => {
    const at = await attested()
    writeFileSync(join(at.folder, 'out.json'), 'mine')
    const ran = await run(at, '--vsa-sigstore', 'local')
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(readFileSync(join(at.folder, 'out.json'), 'utf8')).toBe('mine')
    expect(await run(at, '--vsa-sigstore', 'local', '--overwrite')).toMatchObject({ exitCode: 0 })
  })

  it.each(
    part(
      [
        ['--key-file', 'k.pem', '--vsa-sigstore', 'local', '--verifier-id', verifierId],
        ['--overwrite', '--append'],
        ['dist/app.zip'],
        ['--signer-command', 'sign', '--verifier-id', verifierId],
      ],
      2,
    ),
  )('refuses %s %s', async (...argv) => {
    const at = await attested()
    at.write('dist/app.zip', 'another')
    expect(await run(at, ...argv)).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('refuses its flags without it', async () => {
    const at = checkout()
    const ran = await countersign({ cwd: at.folder }, 'verify', 'x', ...question, '--resource-uri', resourceUri)
    expect(ran).toMatchObject({ exitCode: 2 })
    expect(ran.stderr).toMatch(/--resource-uri belongs to --vsa/)
  })
})

function payloadOf(path: string): EditableSummary {
  const { dsseEnvelope } = JSON.parse(readFileSync(path, 'utf8')) as EditableBundle
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as EditableSummary
}
