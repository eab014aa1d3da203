/**
 * A record that its developer signs without a key, under a name that Sigstore certifies: recorded on one machine, found by the clone of
 * CI, and counted there for whom CI was told of alone. Then what whoever may push to the forge puts in its place.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mintLocalJobToken, signWithLocal, startLocalSigstore } from '../../src/embedded/project.ts'
import { sessionRecordType } from '../../src/model/record-attestation.ts'
import { worldOf } from '../../src/platform/world.ts'
import { chooseServices } from '../../src/sigstore/sign/services.ts'
import { signStatement } from '../../src/sigstore/sign/sign-statement.ts'
import { newClone } from '../capture/clone.ts'
import type { Clone } from '../capture/clone.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { startAgent } from './agent.ts'
import { artifact, bundle, runJob } from './ci-job.ts'
import { useForge } from './forge.ts'
import { digestAt, rebundle } from './records.ts'
import { part } from '../world/runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-keyless-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const forge = useForge(join(folder, 'forge'))
const state = join(folder, 'state')
const issuer = 'https://oidc.countersign.localhost'
const address = 'ann@example.org'
const ann = [`${issuer}=${address}`]
const question = ['-R', 'acme/widget', '--workflow', 'release.yml', '--issuer', issuer]
const refs = 'refs/countersign/sessions/'
const hour = 60 * 60_000

let clone: Clone
let bare: Scratch
let recorded: Ran
let digest: string

const tokenOf = (email: string): Promise<string> => mintLocalJobToken(state, 'generic', { email })

/** What it printed. Not waited for in a way that keeps the forge, which is in this process, from answering. */
async function push(...specs: readonly string[]): Promise<string> {
  const options = { cwd: clone.root, env: clone.env, timeout: 60_000 }
  return (await promisify(execFile)('git', ['push', '-q', 'origin', ...specs], options)).stderr
}

async function record(...argv: readonly string[]): Promise<Ran> {
  const env = { ...clone.env, COLUMNS: '200', SIGSTORE_ID_TOKEN: await tokenOf(address) }
  const local = ['--sigstore', 'local', '--local-state', state]
  return countersign({ cwd: clone.root, env }, 'sessions', 'record', '--pending', ...local, ...argv)
}

beforeAll(async () => {
  // As old as the oldest signature here.
  await (await startLocalSigstore({ state, now: () => new Date(new Date().getTime() - 2 * hour) })).close()
  bare = forge.found('keyless')
  clone = newClone()
  clone.git(['tag', 'v1.0.0'])
  clone.git(['remote', 'add', 'origin', forge.url('keyless')])
  await push('main', 'v1.0.0')
  await clone.install({ agents: ['claude-code'], sign: 'sigstore', publishIdentity: true, pushRecords: true })
  const agent = startAgent(clone)
  agent.writes(
    'Parse the widgets',
    'I chose JSON.parse.',
    'parse.js',
    'export const parse = (text) => JSON.parse(text)\n',
  )
  clone.git(['add', 'parse.js'])
  clone.git(['commit', '-q', '-m', 'Parse widgets'], agent.env)
}, 120_000)

describe('without leave', () => {
  it('nothing is asked of Sigstore, and the address stands nowhere', async () => {
    clone.git(['config', '--unset', 'countersign.publishIdentity'])
    const before = filesIn(state)
    const token = await tokenOf(address)
    const { exitCode, stdout, stderr } = await record()
    clone.git(['config', 'countersign.publishIdentity', 'true'])
    expect([exitCode, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 2])
    expect(stderr).toContain('--publish-identity')
    expect(stderr).not.toContain(address)
    expect(filesIn(state)).toEqual(before)
    expect(clone.tryGit(['for-each-ref', refs]).stdout).toBe('')
    expect(token.split('.')).toHaveLength(3)
  })

  it('nor where there is no token: the push goes on, and says what is missing', async () => {
    const pushed = await push('main')
    for (const it of ['identity-missing', 'SIGSTORE_ID_TOKEN', 'the push goes on']) expect(pushed).toContain(it)
    expect(clone.tryGit(['for-each-ref', refs]).stdout).toBe('')
  })
})

describe('with it', () => {
  beforeAll(async () => {
    recorded = await record('--push', 'origin')
    clone.git(['tag', 'v1.1.0'])
    await push('v1.1.0')
    digest = digestAt(bare)
  }, 120_000)

  it('is signed as the person, and the bundle lies in the commit', () => {
    expect(recorded.exitCode).toBe(0)
    expect(recorded.stdout).toContain(`signed with sigstore as ${address}`)
    const names = bare.git(['ls-tree', '--name-only', `${refs}${digest}`]).split('\n')
    expect(names).toEqual(['record.json', 'record.jsonl', 'record.sigstore.json'])
    const statement = statementIn(bare.git(['cat-file', 'blob', `${refs}${digest}:record.sigstore.json`]))
    const card = `${bare.git(['cat-file', 'blob', `${refs}${digest}:record.json`])}\n`
    expect(statement).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'record.jsonl', digest: { sha256: digest } }],
      predicateType: sessionRecordType,
      predicate: {
        ...{ tool: 'claude-code', session: expect.any(String) as string, format: 'claude-code' },
        card: { sha256: createHash('sha256').update(card).digest('hex') },
      },
    })
    // The certificate alone says whose it is.
    expect(bare.git(['cat-file', 'commit', `${refs}${digest}`])).not.toContain('ann')
  })

  it('is signed in what CI attests, which holds the address nowhere, and verifies', async () => {
    const job = await runJob({ folder, url: forge.url('keyless'), identities: ann })
    expect(job.told).toEqual(counted('signed'))
    expect(job.inspection.sessions[0]).toMatchObject({ digest: { sha256: digest }, recordSigner: 'person' })
    expect(await job.run('verify', artifact, ...question, ...job.local)).toMatchObject({ exitCode: 0 })
    const made = readFileSync(join(job.folder, bundle), 'utf8')
    for (const text of [JSON.stringify(statementIn(made)), job.attested.stdout, job.attested.stderr]) {
      expect(text).not.toContain(address)
    }
  })

  it('is not signed once more, nor logged', async () => {
    const before = filesIn(state)
    expect((await record()).stdout).toContain('recorded before')
    expect(filesIn(state)).toEqual(before)
  })

  it.each<readonly [string, readonly string[], readonly string[]]>(
    part(
      [
        ['nobody says who counts', [], counted('recorded')],
        ['somebody else counts', [`${issuer}=bob@example.org`], counted('recorded', 'record-attestation-unnamed')],
        [
          'the name counts where another vouches for it',
          [`https://accounts.google.com=${address}`],
          counted('recorded', 'record-attestation-unnamed'),
        ],
      ],
      3,
    ),
  )('is recorded where %s', { timeout: 60_000 }, async (_, identities, said) => {
    const { told } = await runJob({ folder, url: forge.url('keyless'), identities })
    expect(told).toEqual(said)
  })
})

describe('with another bundle in its place', () => {
  const about = (sha256: string, predicateType: string = sessionRecordType): Buffer => {
    const subject = [{ name: 'record.jsonl', digest: { sha256 } }]
    return Buffer.from(
      JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} }),
    )
  }
  const job = (): Promise<string> => mintLocalJobToken(state, 'github', { workflow: 'release.yml' })
  const sign = async (statement: Buffer, token: Promise<string> = tokenOf(address)): Promise<string> =>
    signWithLocal(state, statement, await token)
  const workflow = `${issuer}=https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main`
  const unverified = counted('recorded', 'record-attestation-unverified')

  it.each<readonly [string, () => Promise<string>, readonly string[], readonly string[]]>(
    part(
      [
        ['of another record', () => sign(about('a'.repeat(64))), ann, counted('recorded')],
        [
          'of somebody who was not named',
          () => sign(about(digest), tokenOf('mallory@example.org')),
          ann,
          counted('recorded', 'record-attestation-unnamed'),
        ],
        [
          'of the very workflow that attests, where a person was named',
          () => sign(about(digest), job()),
          ann,
          counted('recorded', 'record-attestation-unnamed'),
        ],
        ['of a workflow that was named', () => sign(about(digest), job()), [workflow], counted('signed')],
        [
          'that says something else of it',
          () => sign(about(digest, 'https://slsa.dev/verification_summary/v1')),
          ann,
          counted('recorded', 'record-attestation-other-type'),
        ],
        [
          'whose statement was changed to be about it',
          async () => {
            const signed = JSON.parse(await sign(about('a'.repeat(64)))) as { dsseEnvelope: { payload: string } }
            signed.dsseEnvelope.payload = about(digest).toString('base64')
            return JSON.stringify(signed)
          },
          ann,
          unverified,
        ],
        ['signed when its certificate was over', () => signedLate(about(digest)), ann, unverified],
        ['that is none', () => Promise.resolve('{"a":1}'), ann, counted('recorded', 'record-attestation-malformed')],
      ],
      3,
    ),
  )('%s', { timeout: 60_000 }, async (name, made, identities, said) => {
    const copy = name.replaceAll(/\W/g, '-')
    rebundle(forge.fork('keyless', copy), digest, await made())
    const { told, attested, folder: place } = await runJob({ folder, url: forge.url(copy), identities })
    expect(told).toEqual(said)
    const text = JSON.stringify(statementIn(readFileSync(join(place, bundle), 'utf8')))
    for (const it of [text, attested.stdout, attested.stderr]) expect(it).not.toMatch(/mallory|ann@/)
  })
})

function counted(level: string, finding?: string): readonly string[] {
  return [
    'commits 1 of 1',
    ...(finding === undefined ? [] : [`finding ${finding} 1`]),
    ...['records found', 'requests nothing', `claude-code ${level} pinned`],
  ]
}

function statementIn(bundle: string): unknown {
  const { dsseEnvelope } = JSON.parse(bundle) as { readonly dsseEnvelope: { readonly payload: string } }
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8'))
}

/** An hour after its certificate was given, by services that are honest: whoever keeps the key can do that. */
async function signedLate(statement: Buffer): Promise<string> {
  let at = new Date().getTime() - hour
  const now = (): Date => new Date(at)
  const local = await startLocalSigstore({ state, now })
  try {
    const token = await local.mintToken({ sub: address, email: address, email_verified: true })
    const world = worldOf({
      now,
      async fetch(url, init) {
        const answer = await fetch(url, init)
        if (String(url instanceof Request ? url.url : url).includes('signingCert')) at += hour
        return answer
      },
    })
    return await signStatement(statement, token, chooseServices(local.signingConfig, now()), {}, world)
  } finally {
    await local.close()
  }
}

function filesIn(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((it) => statSync(join(place, it)).isFile())
    .map((it) => `${it} ${String(statSync(join(place, it)).size)}`)
    .sort()
}
