/** `--notify`: the verdict is said first, and nothing that becomes of an alert changes it or its exit code. */
import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { useWorkplaces } from '../world/checkout.ts'
import type { Workplace } from '../world/checkout.ts'
import { changeUnderReview, disclosed } from '../gate/fixture.ts'
import { countersign } from './terminal.ts'
import type { Ran, Terminal } from './terminal.ts'

const workplace = useWorkplaces()

const source = 'https://github.com/acme/widget'
const signer = `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`
const question = ['--issuer', 'https://oidc.countersign.localhost', '--source', source]
const genuine = ['--signer', signer, ...question]
const foreign = ['--signer', signer.replace('release', 'other'), ...question]
const hook = 'https://hooks.slack.com/services/T000/B000/hidden'

interface Sent {
  readonly url: string
  readonly body: string
}

/** A network on which everything that is sent is kept, and answered with this status. */
function network(status = 200): { readonly sent: Sent[]; readonly fetch: typeof globalThis.fetch } {
  const sent: Sent[] = []
  return {
    sent,
    fetch: (url, init) => {
      sent.push({ url: url instanceof Request ? url.url : String(url), body: init?.body as string })
      return Promise.resolve(new Response(null, { status }))
    },
  }
}

async function attested(): Promise<Workplace> {
  const at = workplace()
  const token = await at.token()
  expect(
    await countersign({ cwd: at.folder, env: at.env(token) }, 'attest', 'dist/app.tgz', '--sigstore', 'local'),
  ).toMatchObject({ exitCode: 0 })
  return at
}

async function verify(at: Workplace, world: Partial<Terminal>, ...more: readonly string[]): Promise<Ran> {
  const env = { ...at.env(await at.token()), ...world.env }
  return countersign({ cwd: at.folder, ...world, env }, 'verify', 'dist/app.tgz', '--sigstore', 'local', ...more)
}

describe('verify --notify', () => {
  it('tells of a no, and of a pass nobody', async () => {
    const at = await attested()
    const { sent, fetch } = network()
    const notify = ['--notify', hook, '--notify', 'https://alerts.acme.example/hidden']
    expect(await verify(at, { fetch }, ...genuine, ...notify)).toMatchObject({ exitCode: 0 })
    expect(sent).toEqual([])
    expect(await verify(at, { fetch }, ...foreign, ...notify)).toMatchObject({ exitCode: 1, stderr: '' })
    expect(sent.map((it) => it.url)).toEqual([hook, 'https://alerts.acme.example/hidden'])
    const [chat, service] = sent.map((it) => JSON.parse(it.body) as Record<string, unknown>)
    expect(chat).toHaveProperty('text', expect.stringContaining('signer-mismatch'))
    expect(service).toMatchObject({
      command: 'verify',
      failures: [{ rule: 'signer', artifact: { name: 'app.tgz' } }],
    })
    // Hints name flags, as all others of this command do.
    expect(sent[0]!.body).not.toMatch(/'[a-z]+[A-Z][a-zA-Z]*'/)
  })

  it('says the verdict before it tells anybody', async () => {
    const at = await attested()
    const order: string[] = []
    const write = (name: string) => (text: string) => void order.push(text.trim() === '' ? 'space' : name)
    const exitCode = await main(
      ['verify', 'dist/app.tgz', '--sigstore', 'local', ...foreign, '--format', 'json', '--notify', hook],
      {
        ...{ cwd: at.folder, env: at.env(await at.token()), now: () => new Date() },
        fetch: () => {
          order.push('alert')
          return Promise.resolve(new Response(null, { status: 200 }))
        },
        stdout: { write: write('verdict') },
        stderr: { write: write('talk') },
        stdin: () => (async function* () {})(),
        interrupted: () => Promise.resolve(),
      },
    )
    expect([exitCode, order]).toEqual([1, ['verdict', 'alert']])
  })

  it.each([404, 302, 400])(
    'stays as it is where the answer is %d, which is said in a line without the path',
    async (status) => {
      const at = await attested()
      const { fetch } = network(status)
      const alone = await verify(at, {}, ...foreign)
      const ran = await verify(at, { fetch }, ...foreign, '--notify', hook)
      expect([ran.exitCode, ran.stdout]).toEqual([alone.exitCode, alone.stdout])
      expect(ran.stderr).toMatch(
        /^countersign: warning: no alert to hooks\.slack\.com: [^\n]*\(alert-not-sent\)[^\n]*\n$/,
      )
      expect(ran.stderr).not.toMatch(/hidden|T000/)
    },
  )

  it('stays as it is where the network is broken in a way that nobody foresaw', async () => {
    const at = await attested()
    const fetch = (() => 'no promise') as unknown as typeof globalThis.fetch
    const ran = await verify(at, { fetch }, ...foreign, '--notify', hook)
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/^countersign: warning: no alert [^\n]*\n$/)
    expect(ran.stderr).not.toContain('hidden')
  })

  it('passes where the variable of the address is not set, as in a job of a fork, and says so', async () => {
    const at = await attested()
    const { sent, fetch } = network()
    const ran = await verify(at, { fetch, env: { HOOK: '' } }, ...genuine, '--notify', 'env:HOOK')
    expect([ran.exitCode, ran.stderr]).toEqual([
      0,
      'countersign: warning: no alert will be sent by HOOK: it is not set\n',
    ])
    await verify(at, { fetch, env: { HOOK: hook } }, ...foreign, '--notify', 'env:HOOK')
    expect(sent.map((it) => it.url)).toEqual([hook])
  })

  it('tells of what is undecided, and nobody of a command line that is wrong', async () => {
    const at = await attested()
    const { sent, fetch } = network()
    const missing = await countersign(
      { cwd: at.folder, env: at.env(await at.token()), fetch },
      ...['verify', 'dist/none.tgz', '--sigstore', 'local', ...genuine, '--notify', hook],
    )
    expect(missing.exitCode).toBe(2)
    expect(sent).toHaveLength(1)
    const wrong = await verify(at, { fetch }, ...genuine, '--notify', hook, '--quiet', '--verbose')
    expect([wrong.exitCode, sent.length]).toEqual([2, 1])
  })

  it.each([
    ['--notify-secret', 'env:SECRET'],
    ['--notify-format', 'slack'],
    ['--notify', hook, '--notify-secret', 'hidden-and-long-enough'],
    ['--notify', 'http://alerts.acme.example/hidden'],
    ['--notify', hook, '--notify-format', 'messagecard'],
  ])('is refused as %s %s', async (...argv) => {
    const at = workplace()
    const { sent, fetch } = network()
    const ran = await verify(at, { fetch }, ...genuine, ...argv)
    expect([ran.exitCode, ran.stdout, sent]).toEqual([2, '', []])
    expect(ran.stderr).not.toContain('hidden')
  })
})

describe('gate --notify', () => {
  const policy = 'countersign.yaml'
  const gate = (
    at: { readonly folder: string },
    fetch: typeof globalThis.fetch,
    ...argv: readonly string[]
  ): Promise<Ran> =>
    countersign(
      { cwd: at.folder, env: { PATH: process.env['PATH'], HOME: '/nowhere' }, fetch },
      ...['gate', 'main..HEAD', '--policy', policy, '--offline', ...argv],
    )

  it('tells of a change that is refused, by its range and its last commit', async () => {
    const change = changeUnderReview()
    change.commit(disclosed, { 'src/auth/a.ts': 'x\n' })
    const { sent, fetch } = network()
    const ran = await gate(change, fetch, '--notify', 'https://alerts.acme.example/')
    expect(ran.exitCode).toBe(1)
    const alert = JSON.parse(sent[0]!.body) as { readonly failures: readonly { readonly artifact: object }[] }
    expect(alert).toMatchObject({ command: 'gate', outcome: 'fail' })
    const head = change.git(['rev-parse', 'HEAD']).trim()
    expect(alert.failures[0]!.artifact).toMatchObject({ digest: { gitCommit: head } })
    expect(ran.stdout).toContain('fail')
  })

  it('tells of what ends it before it is judged, and not what that said', async () => {
    const change = changeUnderReview()
    change.commit(disclosed, { 'b.txt': 'b\n', 'root.json': '{}' })
    const { sent, fetch } = network()
    const ran = await gate(change, fetch, '--trusted-root', 'root.json', '--notify', 'https://alerts.acme.example/')
    expect(ran.exitCode).toBe(3)
    expect(sent.map((it) => JSON.parse(it.body) as unknown)).toMatchObject([
      { command: 'gate', outcome: 'undecided', failures: [{ rule: 'trusted-root-malformed', times: 1 }] },
    ])
    expect(sent[0]!.body).not.toMatch(/root\.json|artifact/)
  })

  it('is nothing that the change, its policy or its configuration can ask for', async () => {
    const evil = 'https://evil.example/hidden'
    const change = changeUnderReview()
    change.commit('Tell me', {
      'src/auth/a.ts': 'x\n',
      'countersign.yaml': `apiVersion: countersign/policy/v1\nname: acme\nnotify: [${evil}]\n`,
      '.countersign/config.yaml': `notify: [${evil}]\n`,
    })
    const { sent, fetch } = network()
    await gate(change, fetch)
    expect(sent).toEqual([])
    const based = changeUnderReview(`apiVersion: countersign/policy/v1\nname: acme\nnotify: ['${evil}']\n`)
    based.commit('Add it', { 'b.txt': 'b\n' })
    expect(await gate(based, fetch)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('policy-key-unknown') as string,
    })
    const configured = changeUnderReview(undefined, { '.countersign/config.yaml': `notify: ['${evil}']\n` })
    configured.commit('Add it', { 'b.txt': 'b\n' })
    const refused = await gate(configured, fetch)
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(/config-(?:malformed|refused)/)
    expect(sent).toEqual([])
  })
})

describe('vsa-verify --notify', () => {
  it('tells of a summary that is not to be had', async () => {
    const at = await attested()
    const { sent, fetch } = network()
    const ran = await countersign(
      { cwd: at.folder, env: at.env(await at.token()), fetch },
      ...['vsa-verify', 'dist/app.tgz', '--vsa', 'dist/app.tgz.sigstore.json', '--sigstore', 'local', ...genuine],
      ...['--resource-uri', 'https://acme.example/app.tgz', '--level', 'SLSA_BUILD_LEVEL_2'],
      ...['--notify', 'https://alerts.acme.example/', '--notify-format', 'cloudevents'],
    )
    expect(ran.exitCode).not.toBe(0)
    expect(sent.map((it) => JSON.parse(it.body) as unknown)).toMatchObject([
      { source: '/countersign/vsa-verify', specversion: '1.0' },
    ])
  })
})
