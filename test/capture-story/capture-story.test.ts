/**
 * A session from its first question to the provenance of a release, with nothing to do for anybody: hooks of a developer's clone, a scripted
 * agent, git's own amend, fixup and rebase, a forge that squashes, a clone in CI. Then the same without each link.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ed25519Key } from '../world/commit-signature.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { secret, sessionId } from './agent.ts'
import { artifact, bundle, runJob } from './ci-job.ts'
import type { Job, JobWorld } from './ci-job.ts'
import { tellStory } from './developer.ts'
import type { MissingHere, Told } from './developer.ts'
import { useForge } from './forge.ts'
import { alter, digestAt, forge as forgeRecord, unsign } from './records.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-story-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const forge = useForge(join(folder, 'forge'))
const question = ['-R', 'acme/widget', '--workflow', 'release.yml', '--issuer', 'https://oidc.countersign.localhost']
const records = 'refs/countersign/sessions/*:refs/countersign/sessions/*'

/** One of two commits: the other came meanwhile, by hand. */
const named = ['commits 1 of 2', 'records found', 'requests found']
const claimed = ['commits 1 of 2', 'records nothing', 'requests found', 'claude-code claimed unpinned']

const withFinding = (code: string, level: string): readonly string[] => [
  ...['commits 1 of 2', `finding ${code} 1`, 'records found', 'requests found'],
  `claude-code ${level} pinned`,
]

let whole: Told
beforeAll(async () => {
  whole = await tellStory(forge, 'whole')
}, 120_000)

describe('the whole story', () => {
  let job: Job
  beforeAll(async () => {
    job = await runJob({ folder, url: forge.url('whole'), signers: whole.signer })
  }, 120_000)
  const trailers = [`AI-Session-ID: claude-code:${sessionId}`, 'AI-Tool-Version: claude-code/2.1.240 (claude-opus-4-6)']

  it('names the session in what it wrote, and in nothing else, through amend, fixup and rebase', () => {
    expect(whole.commits).toEqual([['Parse widgets', ...trailers], ['Limit widgets', ...trailers], ['Typed by hand']])
    expect(whole.bare.git(['log', '-1', '--format=%B', 'main']).trim()).toBe('Parse widgets (#12)')
  })

  it('has the session signed, by the digest of the record that the push brought', () => {
    expect(job.told).toEqual([...named, 'claude-code signed pinned'])
    const [session] = job.inspection.sessions
    expect(session).toMatchObject({
      ...{ id: sessionId, digest: { sha256: digestAt(whole.bare) }, recordSigner: 'person', linkage: 'squash' },
      ...{ models: ['claude-opus-4-6'], iterations: 3 },
    })
  })

  it('verifies', async () => {
    expect(await job.run('verify', artifact, ...question, ...job.local)).toMatchObject({ exitCode: 0 })
  })

  it('prints what was asked, once the clone has the record, and says before that it has none', async () => {
    const before = await job.run('reasoning-log', bundle)
    expect([before.exitCode, before.stdout.includes('MISSING')]).toEqual([0, true])
    await job.git('fetch', '--quiet', 'origin', records)
    const { exitCode, stdout } = await job.run('reasoning-log', artifact, ...question, ...job.local)
    expect(exitCode).toBe(0)
    const words = [
      'Parse the widgets; the token is [redacted]',
      'I chose JSON.parse.',
      'src/limit.js: applied',
      'Say why',
    ]
    for (const it of [...words, 'which was verified', digestAt(whole.bare)]) expect(stdout).toContain(it)
    for (const it of [secret, secret.slice(-12), 'MISSING', 'REFUSED']) expect(stdout).not.toContain(it)
  })

  it('has the secret in no object, output or bundle', () => {
    const clone = whole.clone.git(['cat-file', '--batch-all-objects', '--batch'])
    const there = whole.bare.git(['cat-file', '--batch-all-objects', '--batch'])
    expect([clone, there].map((it) => it.includes('the token is [redacted]'))).toEqual([true, true])
    const signed = JSON.parse(readFileSync(join(job.folder, bundle), 'utf8')) as { dsseEnvelope: { payload: string } }
    const payload = Buffer.from(signed.dsseEnvelope.payload, 'base64').toString('utf8')
    for (const text of [clone, there, payload, whole.pushed, job.attested.stdout, job.attested.stderr]) {
      expect(text.includes(secret)).toBe(false)
    }
    expect(payload).not.toMatch(/ann@example|Parse the widgets/)
  })
})

describe('without a link', () => {
  it.each<readonly [string, Omit<JobWorld, 'folder' | 'url'>, readonly string[]]>([
    [
      'the key is not allowed',
      { signers: `eve@example.org ${ed25519Key().text}\n` },
      [...named, 'claude-code recorded pinned'],
    ],
    ['nobody says whose keys are allowed', {}, [...named, 'claude-code recorded pinned']],
    ['nothing is fetched', { fetch: false }, ['commits 0 of 2', 'records nothing', 'requests not-fetched']],
  ])('%s', { timeout: 60_000 }, async (_, more, said) => {
    const { told } = await runJob({ folder, url: forge.url('whole'), ...more })
    expect(told).toEqual(said)
  })

  it.each<readonly [string, MissingHere, readonly string[]]>([
    ['the hooks were removed', 'hooks', ['commits 0 of 2', 'records nothing', 'requests found']],
    ['records are not pushed', 'push', claimed],
  ])('%s', { timeout: 120_000 }, async (_, missing, said) => {
    const { signer } = await tellStory(forge, missing, missing)
    const { told } = await runJob({ folder, url: forge.url(missing), signers: signer })
    expect(told).toEqual(said)
  })

  it.each<readonly [string, (bare: Scratch) => void, readonly string[]]>([
    ['the record was altered', alter, ['commits 1 of 2', 'finding session-record-other-digest 1', ...claimed.slice(1)]],
    ['the record lost its signature', unsign, [...named, 'claude-code recorded pinned']],
    [
      'another one with its signature stands in its place',
      (bare) => forgeRecord(bare, 'instead', 'copied'),
      withFinding('signature-wrong', 'recorded'),
    ],
    [
      'a longer one stands beside it',
      (bare) => forgeRecord(bare, 'beside', 'unsigned'),
      withFinding('session-record-outranked', 'signed'),
    ],
    [
      'the request is gone',
      (bare) => bare.git(['update-ref', '-d', 'refs/pull/12/head']),
      ['commits 0 of 2', 'records nothing', 'requests nothing'],
    ],
  ])('%s', { timeout: 60_000 }, async (name, change, said) => {
    const copy = name.replaceAll(' ', '-')
    change(forge.fork('whole', copy))
    const { told } = await runJob({ folder, url: forge.url(copy), signers: whole.signer })
    expect(told).toEqual(said)
  })

  it('an altered record is refused by the log, too', async () => {
    alter(forge.fork('whole', 'for-the-log'))
    const job = await runJob({ folder, url: forge.url('whole'), signers: whole.signer })
    await job.git('fetch', '--quiet', forge.url('for-the-log'), records)
    const { exitCode, stdout } = await job.run('reasoning-log', bundle)
    expect([exitCode, stdout.includes('REFUSED'), stdout.includes('eval')]).toEqual([1, true, false])
  })
})
