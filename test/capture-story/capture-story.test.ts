/**
 * A session from its first question to the provenance of a release, with nothing to do for anybody: hooks of a developer's clone, a scripted
 * agent, git's own amend, fixup and rebase, a forge that squashes, a clone in CI. Then the same without each link.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countersign } from '../cli/terminal.ts'
import { ed25519Key } from '../world/commit-signature.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { secret, sessionId } from './agent.ts'
import { artifact, bundle, runJob } from './ci-job.ts'
import type { Job, JobWorld } from './ci-job.ts'
import { tellStory } from './developer.ts'
import type { MissingHere, Told } from './developer.ts'
import { useForge } from './forge.ts'
import { alter, digestAt, forge as forgeRecord, unsign } from './records.ts'
import { isEach, part } from '../world/runs.ts'

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
  it.each<readonly [string, Omit<JobWorld, 'folder' | 'url'>, readonly string[]]>(
    part(
      [
        [
          'the key is not allowed',
          { signers: `eve@example.org ${ed25519Key().text}\n` },
          [...named, 'claude-code recorded pinned'],
        ],
        ['nobody says whose keys are allowed', {}, [...named, 'claude-code recorded pinned']],
        ['nothing is fetched', { fetch: false }, ['commits 0 of 2', 'records nothing', 'requests not-fetched']],
      ],
      3,
    ),
  )('%s', { timeout: 60_000 }, async (_, more, said) => {
    const { told } = await runJob({ folder, url: forge.url('whole'), ...more })
    expect(told).toEqual(said)
  })

  it.each<readonly [string, MissingHere, readonly string[]]>(
    part(
      [
        ['the hooks were removed', 'hooks', ['commits 0 of 2', 'records nothing', 'requests found']],
        ['records are not pushed', 'push', claimed],
      ],
      2,
    ),
  )('%s', { timeout: 120_000 }, async (_, missing, said) => {
    const { signer } = await tellStory(forge, missing, missing)
    const { told } = await runJob({ folder, url: forge.url(missing), signers: signer })
    expect(told).toEqual(said)
  })

  it.each<readonly [string, (bare: Scratch) => void, readonly string[]]>(
    part(
      [
        [
          'the record was altered',
          alter,
          ['commits 1 of 2', 'finding session-record-other-digest 1', ...claimed.slice(1)],
        ],
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
      ],
      3,
    ),
  )('%s', { timeout: 60_000 }, async (name, change, said) => {
    const copy = name.replaceAll(' ', '-')
    change(forge.fork('whole', copy))
    const { told } = await runJob({ folder, url: forge.url(copy), signers: whole.signer })
    expect(told).toEqual(said)
  })

  it.runIf(isEach)('an altered record is refused by the log, too', async () => {
    alter(forge.fork('whole', 'for-the-log'))
    const job = await runJob({ folder, url: forge.url('whole'), signers: whole.signer })
    await job.git('fetch', '--quiet', forge.url('for-the-log'), records)
    const { exitCode, stdout } = await job.run('reasoning-log', bundle)
    expect([exitCode, stdout.includes('REFUSED'), stdout.includes('eval')]).toEqual([1, true, false])
  })
})

describe('a name is found in the record, after the release', () => {
  const reason = 'It held the name of a customer.'
  const name = 'json.PARSE'

  it('goes; the release verifies and says why, the log shows the rest, and the next release pins that', async () => {
    const bare = forge.fork('whole', 'redacted')
    const old = digestAt(bare)
    const url = forge.url('redacted')
    const job = await runJob({ folder, url, signers: whole.signer })
    const [words, people] = ['words', 'people'].map((it) => join(folder, it)) as [string, string]
    writeFileSync(words, `${name}\n`)
    writeFileSync(people, whole.signer, { mode: 0o600 })
    const { root, env } = whole.clone
    const asked = ['--record', old, '--reason', reason, '--words', words, '--allowed-signers', people]
    const ran = await countersign({ cwd: root, env }, 'redact', ...asked, '--push', url, '--remove-old')
    expect(ran).toMatchObject({ exitCode: 0 })
    const digest = ran.stdout.trim()
    expect([digestAt(bare), ran.stderr.includes('gone at the remote')]).toEqual([digest, true])

    await job.git('fetch', '--quiet', 'origin', records)
    const explained = ['--allowed-signers', people]
    const why = new RegExp(`sha256:${old} was replaced by sha256:${digest} on .*signed by ann@example.org.*${reason}`)
    const verified = await job.run('verify', artifact, ...question, ...job.local, ...explained)
    expect(verified).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(why) as string })
    expect(await job.run('verify', artifact, ...question, ...job.local)).toMatchObject({ exitCode: 0 })
    for (const command of ['inspect', 'graph']) {
      expect((await job.run(command, bundle, ...explained)).stderr).toMatch(why)
    }
    const log = await job.run('reasoning-log', bundle, ...explained)
    expect(log.exitCode).toBe(0)
    for (const it of ['REPLACED', `was replaced by sha256:${digest}`, reason, 'I chose [redacted].'])
      expect(log.stdout).toContain(it)
    for (const it of [/json\.parse/i, /MISSING/, /REFUSED/]) expect(log.stdout).not.toMatch(it)
    // Without a word on whose signature counts nothing is explained by it.
    const silent = await job.run('reasoning-log', bundle)
    for (const it of ['MISSING', 'NOT EXPLAINED']) expect(silent.stdout).toContain(it)
    expect(silent.stdout).not.toContain(reason)

    const next = await runJob({ folder, url, signers: whole.signer })
    expect(next.told).toEqual([...named, 'claude-code signed pinned'])
    expect(next.inspection.sessions.map((it) => it.digest)).toEqual([{ sha256: digest }])
  }, 120_000)
})
