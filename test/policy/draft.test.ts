/** The strictest policy that a release passes: what differs from the release is refused by it, and nothing of a forger's stands in it. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { PolicyFile } from '../../src/model/policy.ts'
import { tryOnDocument } from '../../src/policy/apply-policy.ts'
import { parsePolicy, policyOf } from '../../src/policy/read-policy.ts'
import { option } from '../../src/errors.ts'
import { policyFromRelease } from '../../src/verify/draft-policy.ts'
import { lintPolicy } from '../../src/verify/lint-policy.ts'
import { evidence, nothingKnown, session } from '../world/ai-evidence.ts'
import { codeOfAsync } from '../world/failure.ts'
import { commitOf, editedProvenance } from '../world/policy-changes.ts'
import { judgeBy, refusalsIn } from '../world/policy-release.ts'
import { edited, useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'

const release = useRelease()
const job: Job = { repository: 'acme/widget', workflow: 'release.yml', ref: 'refs/tags/v1.1.0' }

async function draft(bundle: object, question = {}, previous?: object): Promise<string> {
  const file = release().write(JSON.stringify(bundle), 'draft.jsonl')
  return policyFromRelease({
    ...{ artifact: release().artifact, bundle: file, trust: release().trust, question },
    ...(previous === undefined ? {} : { previous: release().write(JSON.stringify(previous), 'before.jsonl') }),
  })
}

const contentOf = (text: string): PolicyFile => parsePolicy({ file: 'draft', bytes: Buffer.from(text) }).content

describe('a policy that was drafted from a release', () => {
  test.each<[string, Job, string]>([
    ['the next version', { ref: 'refs/tags/v1.2.0' }, 'pass'],
    ['a branch', { ref: 'refs/heads/main' }, 'fail'],
    ['a tag of another form', { ref: 'refs/tags/nightly' }, 'fail'],
    ['another workflow', { workflow: 'other.yml' }, 'fail'],
    ['another repository', { repository: 'mallory/widget' }, 'fail'],
    ['the same name with another number', { claims: { repository_id: '99' } }, 'fail'],
    ['a run on a runner of its own', { claims: { runner_environment: 'self-hosted' } }, 'fail'],
  ])('of %s says %s', async (_, other, outcome) => {
    const text = await draft(await release().genuine(job))
    const bundle = await release().attested({ ...job, ...other })
    expect((await judgeBy(release(), [bundle], text)).outcome).toBe(outcome)
  })

  test('refuses another model, tool and build type', async () => {
    const text = await draft(await release().genuine(job))
    const changed = async (from: string, to: string): Promise<string[]> => {
      const statement = JSON.stringify(release().statement(job)).replaceAll(from, to)
      return refusalsIn(await judgeBy(release(), [await release().sign(statement, job)], text))
    }
    expect(await changed('claude-opus-4-6', 'other-1')).toContain('ai/models fail model-refused')
    expect(await changed('cursor', 'windsurf')).toContain('ai/tools fail tool-refused')
  })

  test('says that the signer was taken from the bundle, and not where somebody was asked for', async () => {
    const bundle = await release().genuine(job)
    expect(await draft(bundle)).toContain('TAKEN FROM THE BUNDLE')
    expect(await draft(bundle, release().question(job))).not.toContain('TAKEN')
  })

  test('takes nobody from a bundle whose signature does not hold', async () => {
    const forged = edited(await release().genuine(job), (it) => {
      const payload = Buffer.from(it.dsseEnvelope.payload, 'base64').toString('utf8').replace('claimed', 'vouched')
      it.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
    })
    expect(await codeOfAsync(() => draft(forged))).toBe('signature-invalid')
  })

  test('has the exact signer of a branch, with numbers', async () => {
    const main = { ...job, ref: 'refs/heads/main' }
    const [signer] = contentOf(await draft(await release().genuine(main))).identity?.signers ?? []
    expect(signer).toMatchObject({ refs: ['refs/heads/main'], sourceId: expect.any(String) as string })
    expect(signer?.signer).toMatch(/release\.yml@refs\/heads\/main$/)
  })
})

describe('the range of a draft', () => {
  const until = commitOf('a')
  const rangeJob = (more: Job = {}): Job => ({ ...job, ...more })
  const ranged = (range: object, it: Job = rangeJob()): Promise<EditableBundle> =>
    release().sign(editedProvenance(release(), { job: it, range }), it)
  const first = (): Promise<EditableBundle> => ranged({}, rangeJob({ sha: until, runId: '1' }))
  const rangeIn = (text: string): unknown => contentOf(text).provenance?.range
  const linted = async (text: string): Promise<string[]> =>
    (await lintPolicy({ file: 'draft.yaml', text })).findings.map(({ code }) => code)

  test.each(['version-before', 'last-version'])(
    'of a first release lets the next one pass, which begins at the %s, with the bundle of the one before',
    async (reason) => {
      const text = await draft(await first())
      expect(rangeIn(text)).toEqual({ reasons: ['adopted', 'version-before', 'last-version'] })
      const next = await ranged({ since: until, reason })
      const given = { previous: release().write(JSON.stringify(await first()), 'before.jsonl') }
      expect((await judgeBy(release(), [next], text, given)).outcome).toBe('pass')
      const alone = await judgeBy(release(), [next], text)
      expect(refusalsIn(alone)).toEqual(['provenance/range fail evidence-missing'])
      expect(alone.policy?.checks.find(({ outcome }) => outcome === 'fail')).toMatchObject({
        note: expect.stringContaining(option('previous')) as string,
      })
    },
  )

  test('is held against the release before where that was given, and else says that it was not', async () => {
    const later = await ranged({ since: until, reason: 'version-before' })
    const given = await draft(later, {}, await first())
    expect([rangeIn(given), given.includes('withoutPrevious')]).toEqual([
      { reasons: ['version-before', 'last-version'] },
      false,
    ])
    const alone = await draft(later)
    expect(rangeIn(alone)).toEqual({ reasons: ['version-before', 'last-version'], withoutPrevious: 'allow' })
    expect(alone).toMatch(/WEAK: `withoutPrevious`/)
    expect(await codeOfAsync(async () => draft(later, {}, await ranged({})))).toBe('policy-not-drafted')
  })

  test.each(['tags-unknown', 'tags-not-fetched'])('of a job without tags (%s) is said to be weak', async (reason) => {
    const text = await draft(await ranged({ reason }))
    expect(rangeIn(text)).toEqual({ reasons: [reason] })
    expect(text).toMatch(/WEAK: the job had no tags/)
    expect(await linted(text)).toContain('start-unknown')
  })
})

describe('a starter policy', () => {
  const read = (name: string): string => readFileSync(new URL(`../../policies/${name}.yaml`, import.meta.url), 'utf8')

  test.each<[string, readonly string[]]>([
    ['open-source', []],
    ['soc2', ['ai/levels', 'ai/human-review', 'ai/readers', 'ai/disclosure']],
    [
      'regulated',
      [
        ...['provenance/range', 'ai/models', 'ai/levels', 'ai/share', 'ai/human-review', 'ai/iterations'],
        ...['ai/subagents', 'ai/disclosure'],
      ],
    ],
  ])('%s asks of a signed release what it says', async (name, rules) => {
    const { issuer } = release().sigstore
    const text = read(name).replace('- repo: acme/widget', `- repo: acme/widget\n      issuer: ${issuer}`)
    const verdict = await judgeBy(release(), [await release().genuine(job)], text)
    // No statement of changes was given, and its sessions are claims.
    const failing = (verdict.policy?.checks ?? []).flatMap((it) => (it.outcome === 'fail' ? [it.rule] : []))
    expect([verdict.outcome, [...new Set(failing)]]).toEqual([rules.length === 0 ? 'pass' : 'fail', rules])
    const other = await release().attested({ ...job, workflow: 'other.yml' })
    expect((await judgeBy(release(), [other], text)).outcome).toBe('fail')
  })

  const documentRows = (name: string, ai: typeof nothingKnown): string[] => {
    const policy = policyOf([parsePolicy({ file: name, bytes: Buffer.from(read(name)) })])
    const rows = tryOnDocument(policy, { ai, input: {} as never })
    expect(rows.length).toBeGreaterThan(0)
    return rows.flatMap((it) => (it.outcome === 'fail' ? [`${it.rule} ${it.code}`] : []))
  }
  const readers = ['trailer', 'request', 'reviews'].map((reader) => ({ reader, outcome: 'found' }))

  test('soc2 lets pass what was reviewed and recorded, and refuses the rest', () => {
    expect(documentRows('soc2', evidence({ readers }))).toEqual([])
    const claimed = evidence({ readers, sessions: [session({ level: 'claimed' })] })
    expect(documentRows('soc2', claimed)).toEqual(['ai/levels level-too-low'])
    expect(documentRows('soc2', nothingKnown)).toContain('ai/human-review evidence-missing')
  })

  test('regulated refuses a model that it does not know, and whoever did not look', () => {
    const other = evidence({ sessions: [session({ models: ['other-1'] })] })
    expect(documentRows('regulated', other)).toContain('ai/models model-refused')
    expect(documentRows('regulated', nothingKnown)).toContain('ai/readers evidence-missing')
  })

  test('open-source refuses where nobody looked for trailers', () => {
    expect(documentRows('open-source', nothingKnown)).toContain('ai/readers evidence-missing')
  })
})
