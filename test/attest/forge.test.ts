/** A release of which only the forge knows the requests: looked at, and signed; and a token that is nowhere but there. */
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import { gitServer } from '../world/git-server.ts'
import { loopback } from '../world/loopback-server.ts'
import { scratchClone, scratchFolder, scratchRepository } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'

const token = 'invented-token-0123456789'
const checkout = useCheckouts()

interface Released {
  readonly clone: Scratch
  /** Options that name the forge, and the token. */
  readonly asking: readonly string[]
  /** Who was asked with which credentials: `git`, or a path of the API. */
  readonly asked: readonly (readonly [string, string | undefined])[]
}

/** A clone whose last change was squashed under another title, and its remote with a forge in front; the head is at no ref. */
async function released(answer: (change: string, head: string) => Parameters<typeof answering>[1]): Promise<Released> {
  const origin = scratchRepository()
  origin.commit('one', { 'a.txt': 'a\n' })
  origin.git(['checkout', '--quiet', '--detach'])
  const head = origin.commit('two\n\nAI-Session-ID: codex:behind-a-squash', { 'b.txt': 'b\n' })
  origin.git(['checkout', '--quiet', 'main'])
  origin.git(['merge', '--quiet', '--squash', head])
  const change = origin.commit('Letters')
  const clone = scratchClone(origin)
  const asked: (readonly [string, string | undefined])[] = []
  const server = await loopback((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const isApi = path.startsWith('/api/')
    asked.push([isApi ? path : 'git', request.headers.authorization])
    if (isApi) answering(request, answer(change, head))(request, response)
    else gitServer(origin)(Object.assign(request, { url: request.url?.replace('/acme', '') }), response)
  })
  clone.git(['remote', 'set-url', 'origin', `${server}/acme/widget`])
  const file = join(scratchFolder(), 'token')
  writeFileSync(file, `${token}\n`)
  return { clone, asking: ['--forge-token-file', file, '--forge-api', `${server}/api/v3`], asked }
}

function answering(
  { headers }: IncomingMessage,
  { status = 200, body }: { readonly status?: number; readonly body: unknown },
): RequestListener {
  return (_, response) => {
    // Who means harm says to anyone who listens what they were told.
    response.writeHead(status, `no ${status}`, { 'x-echo': headers.authorization }).end(JSON.stringify(body))
  }
}

const env = { PATH: process.env['PATH'], HOME: '/nowhere' }

function sessions({ clone }: Released, ...argv: readonly string[]): Promise<Ran> {
  return countersign({ cwd: clone.folder, env }, 'sessions', '--format', 'json', ...argv)
}

interface Told {
  readonly sessions: readonly { readonly id: string }[]
  readonly changes: readonly { readonly request?: string }[]
  readonly readers: readonly { readonly reader: string; readonly outcome: string; readonly detail?: string }[]
}

const named = (change: string, head: string): object => ({
  ...{ number: 12, merged_at: '2026-01-02T03:04:05Z', merge_commit_sha: change, head: { sha: head } },
})

describe('a squash whose title names no request', () => {
  it('is told with the sessions of its commits, and the token went to the API alone', async () => {
    const at = await released((change, head) => ({ body: [named(change, head)] }))
    const { stdout, stderr, exitCode } = await sessions(at, '--fetch', ...at.asking)
    expect([exitCode, stderr.includes(token)]).toEqual([0, false])
    const told = JSON.parse(stdout) as Told
    expect(told.sessions.map(({ id }) => id)).toEqual(['behind-a-squash'])
    expect(told.changes[0]?.request).toBe('#12')
    expect(told.readers.find((it) => it.reader === 'pull-requests')).toMatchObject({ outcome: 'found' })
    const change = at.clone.git(['rev-parse', 'HEAD'])
    const toApi = at.asked.filter(([, authorization]) => authorization !== undefined)
    expect(toApi[0]).toEqual([`/api/v3/repos/acme/widget/commits/${change}/pulls`, `Bearer ${token}`])
    expect(toApi.every(([place]) => place.startsWith('/api/v3/repos/acme/widget/'))).toBe(true)
    expect(at.asked.filter(([place, authorization]) => place === 'git' && authorization !== undefined)).toEqual([])
    expect(at.asked.some(([place]) => place === 'git')).toBe(true)
  })

  it('is not asked about where nobody says so', async () => {
    const at = await released(() => ({ body: [] }))
    const { stdout } = await sessions(at, '--fetch')
    expect((JSON.parse(stdout) as Told).sessions).toEqual([])
    expect(at.asked.every(([place]) => place === 'git')).toBe(true)
  })
})

it('what could not be asked is signed, and shown, and repeats nothing of what came', async () => {
  const other = await released(() => ({ status: 403, body: { message: `no ${token}` } }))
  const at = checkout()
  at.git('remote', 'set-url', 'origin', other.clone.git(['config', 'remote.origin.url']))
  const world = { cwd: at.folder, env: at.env(await at.token()) }
  const argv = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--fetch', ...other.asking]
  const printed = await countersign(world, ...argv, '--dry-run')
  expect(printed.exitCode).toBe(0)
  const detail = /the forge said nothing of 3 of 3 changes: it answers with status 403/
  expect(printed.stdout).toMatch(detail)
  const { readers } = (JSON.parse(printed.stdout) as Statement).predicate.runDetails.byproducts[0].annotations
    .countersign
  expect(readers.find((it) => it.reader === 'pull-requests')).toMatchObject({ outcome: 'could-not-look' })
  expect((await countersign(world, ...argv)).exitCode).toBe(0)
  const asked = ['--repo', 'acme/widget', '--workflow', 'release.yml', '--sigstore', 'local']
  const verified = await countersign(world, 'verify', 'dist/app.tgz', ...asked, '--issuer', issuer, '--format', 'json')
  expect(verified.stdout).toMatch(detail)
  for (const { stdout, stderr } of [printed, verified]) expect(stdout + stderr).not.toContain(token)
})

const issuer = 'https://oidc.countersign.localhost'

interface Statement {
  readonly predicate: {
    readonly runDetails: {
      readonly byproducts: readonly [{ readonly annotations: { readonly countersign: Pick<Told, 'readers'> } }]
    }
  }
}

describe('a token of a forge', () => {
  it.each([
    ['with nobody to be asked', `${token}\n`, ['--offline']],
    ['of two lines', `${token}\nx: y\n`, ['--fetch']],
    ['that is empty', '', ['--fetch']],
    ['with a blank', `a ${token}`, ['--fetch']],
    ['that is not ASCII', `${token}é`, ['--fetch']],
    ['without end', token.repeat(1_000), ['--fetch']],
  ])('%s is refused before anybody is asked, and not repeated', async (_, text, argv) => {
    const at = await released(() => ({ body: [] }))
    writeFileSync(at.asking[1] ?? '', text)
    const { exitCode, stdout, stderr } = await sessions(at, ...argv, ...at.asking)
    expect([exitCode === 2 || exitCode === 3, stdout]).toEqual([true, ''])
    expect(stderr).not.toContain(token)
    expect(at.asked).toEqual([])
  })

  it('goes to no host that only the clone names, and to none in the clear', async () => {
    const at = await released(() => ({ body: [] }))
    const [, file = ''] = at.asking
    for (const argv of [
      ['--fetch', '--forge-token-file', file],
      ['--fetch', '--forge-token-file', file, '--forge-api', 'http://git.example/api/v3'],
      ['--fetch', '--forge-api', 'https://git.example/api/v3'],
    ]) {
      expect((await sessions(at, ...argv)).exitCode).toBe(2)
    }
    expect(at.asked).toEqual([])
  })

  it('is of no use where nothing is fetched and no changes are told', async () => {
    const at = checkout()
    writeFileSync(join(at.folder, '../token'), token)
    const argv = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--forge-token-file', '../token', '--dry-run']
    const { exitCode, stderr } = await countersign({ cwd: at.folder, env: at.env(await at.token()) }, ...argv)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--fetch')])
  })

  it('needs a checkout', async () => {
    const cwd = scratchFolder()
    const { exitCode } = await countersign({ cwd, env }, 'sessions', '--forge-token-file', 'x', '--fetch')
    expect(exitCode).toBe(2)
  })
})
