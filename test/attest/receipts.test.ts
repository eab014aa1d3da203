/** A release with a receipt on its whole way: attested, verified, inspected; and whose list of issuers counts. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectFile } from '../../src/inspect/inspect.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import type { Source, VerifiedToken } from '../../src/model/facts.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { foreignChangeFields } from '../../src/predicates/change-match.ts'
import { changeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran, Terminal } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { gateway, receiptKey, sessionOfReceipt } from '../world/receipt.ts'
import type { Claims } from '../world/receipt.ts'
import { allowedSigners, pointer, receiptOfThen, recordDigest, storeRecord } from '../world/receipted-session.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { scratchIn } from '../world/scratch-repository.ts'
import { part } from '../world/runs.ts'

const key = receiptKey()
const checkout = useCheckouts((template) => {
  const scratch = scratchIn(template.folder)
  scratch.commit(`Change it\n\n${pointer}`, { 'a.js': 'a\n' })
  storeRecord(scratch)
  scratch.git(['tag', 'v1.2.0'])
})

/** Files beside the checkout, as a job has them. */
function beside(at: Checkout, name: string, text: string, mode = 0o600): string {
  const path = join(dirname(at.folder), 'trusted', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode })
  return path
}

const pinned = JSON.stringify({ keys: [key.jwk] })
const listOf = (jwks: object): string =>
  JSON.stringify({ version: 1, issuers: [{ issuer: gateway, jwks, users: 'email' }] })

interface Given {
  readonly edit?: (claims: Claims) => unknown
  readonly signers?: boolean
  readonly issuers?: string | false
  readonly more?: readonly string[]
}

function options(at: Checkout, { edit, signers = true, issuers, more = [] }: Given = {}): readonly string[] {
  beside(at, 'keys.json', pinned)
  const list = issuers ?? beside(at, 'issuers.json', listOf({ file: 'keys.json' }))
  return [
    ...(signers ? ['--allowed-signers', beside(at, 'people', allowedSigners)] : []),
    ...['--receipt', beside(at, 'receipts.txt', `${receiptOfThen(key, edit)}\n`)],
    ...(list === false ? [] : ['--receipt-issuers', list]),
    ...more,
  ]
}

async function attested(at: Checkout, given: Given = {}, world: Partial<Terminal> = {}): Promise<Ran> {
  const env = at.env(await at.token({ ref: 'refs/tags/v1.2.0', sha: at.git('rev-parse', 'HEAD') }))
  const argv = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--changes', 'dist/changes.json']
  return countersign({ cwd: at.folder, env, ...world }, ...argv, ...options(at, given))
}

const bundle = (at: Checkout): string => join(at.folder, 'dist/app.tgz.sigstore.json')

function changesIn(at: Checkout): ReturnType<typeof changeProvenancePredicate.parse> {
  const { dsseEnvelope } = JSON.parse(readFileSync(join(at.folder, 'dist/changes.json'), 'utf8')) as {
    dsseEnvelope: { payload: string }
  }
  const { predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as { predicate: unknown }
  expect(schemaErrors('change-provenance', predicate)).toEqual([])
  return changeProvenancePredicate.parse(predicate)
}

describe('a release with a receipt', () => {
  let at: Checkout
  let ran: Ran
  beforeAll(async () => {
    at = checkout()
    ran = await attested(at)
  })
  const receipt = {
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    issuer: gateway,
    jwksThumbprint: expect.any(String) as string,
  }

  it('is signed with a session that is vouched for, in both statements', async () => {
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.any(String)])
    const [inspection] = await inspectFile(bundle(at))
    expect(inspection?.sessions).toMatchObject([
      { id: sessionOfReceipt, level: 'vouched', receipt, model: 'vouched', digest: { sha256: recordDigest } },
    ])
    expect(inspection?.attribution?.readers).toContainEqual({ reader: 'receipt', outcome: 'found', claims: 1 })
    const { receipts, sessions } = changesIn(at)
    expect(receipts).toEqual([{ ...receipt, session: `urn:ai-session:claude-code:${sessionOfReceipt}` }])
    expect(sessions).toHaveLength(1)
  })

  it('is what a later step of the job may sign, with the receipts of its sessions and no others', () => {
    const predicate = changesIn(at)
    const token = { identity: { provider: 'github', extensions: {} } } as VerifiedToken
    const source = { commit: predicate.range.until } as Source
    const foreign = (it: object): string[] =>
      foreignChangeFields(it, token, source).filter((name) => name.includes('receipt'))
    const [told] = predicate.receipts ?? []
    expect(foreign(predicate)).toEqual([])
    expect(foreign({ ...predicate, receipts: [{ ...told, issuer: 'https://other.example' }] })).not.toEqual([])
    expect(foreign({ ...predicate, receipts: [told, told] })).not.toEqual([])
    expect(foreign({ ...predicate, receipts: undefined })).not.toEqual([])
  })

  it('names nobody: neither who was signed in nor what the receipt says beside', () => {
    for (const path of ['dist/app.tgz.sigstore.json', 'dist/changes.json']) {
      const text = readFileSync(join(at.folder, path), 'utf8')
      const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string } }
      expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).not.toMatch(/ann@example\.org|"r-1"/)
    }
  })

  it('is shown with it, wherever sessions are', async () => {
    const asked = ['--repo', 'acme/widget', '--workflow', 'release.yml', '--sigstore', 'local']
    const argv = ['verify', 'dist/app.tgz', ...asked, '--issuer', 'https://oidc.countersign.localhost']
    const run = (...more: readonly string[]): Promise<Ran> =>
      countersign({ cwd: at.folder, env: { ...at.env(), COLUMNS: '200' } }, ...more)
    const text = await run(...argv, '--detail', 'full')
    const full = text.exitCode === 0 ? text : await run(...argv)
    expect([full.exitCode, full.stdout]).toEqual([0, expect.stringContaining(gateway)])
    const verdict = JSON.parse((await run(...argv, '--format', 'json')).stdout) as Verdict
    expect(verdict.attestations[0]?.summary?.sessions).toMatchObject([{ level: 'vouched', receipt }])
    expect((await run('inspect', 'dist/app.tgz')).stdout).toContain(gateway)
    const sessions = ['sessions', '..v1.2.0', '--offline', ...options(at)]
    for (const format of ['text', 'markdown', 'html']) {
      const { stdout } = await run(...sessions, '--format', format)
      expect(stdout).toContain('gateway.acme.example')
      expect(stdout).not.toContain('ann@example.org')
    }
    const report = JSON.parse((await run(...sessions, '--format', 'json')).stdout) as RangeReport
    expect(schemaErrors('sessions', report)).toEqual([])
    expect(report.sessions).toMatchObject([{ level: 'vouched', receipt, model: 'vouched' }])
    expect(report.sessions[0]?.next).toBeUndefined()
    const { stdout } = await run('sessions', '--commit', 'v1.2.0', '--offline', ...options(at))
    expect(stdout).toContain(`as ${gateway} saw`)
  })
})

const earlier = (it: Claims): unknown =>
  Object.assign(it.session, { started_at: '2023-11-12T22:00:00Z', ended_at: '2023-11-12T22:30:00Z' })

describe('one link of the chain that is missing', () => {
  it.each<[string, Given, string]>(
    part(
      [
        ['signed', { edit: (it) => (it['sub'] = 'bob@example.org') }, 'receipt-other-user'],
        ['signed', { edit: (it) => (it['aud'] = 'git+https://github.com/acme/other') }, 'receipt-other-repository'],
        ['signed', { edit: earlier }, 'receipt-other-time'],
        ['recorded', { signers: false }, 'nobody whose key is known'],
      ],
      2,
    ),
  )('leaves it at %s, and what is said names it (%#)', async (level, given, words) => {
    const at = checkout()
    const { exitCode, stderr } = await attested(at, given)
    expect(exitCode).toBe(0)
    const [inspection] = await inspectFile(bundle(at))
    expect(inspection?.sessions).toMatchObject([{ level }])
    const argv = ['sessions', '..v1.2.0', '--offline', ...options(at, given), '--format', 'json']
    const { stdout } = await countersign({ cwd: at.folder, env: at.env() }, ...argv)
    expect(`${stderr}${stdout}`).toContain(words)
    expect(changesIn(at).receipts === undefined).toBe(level === 'signed')
  })

  it('is the key set that cannot be had: said, signed, and no reason to fail or to pass', async () => {
    const at = checkout()
    const issuers = beside(at, 'far.json', listOf({ url: 'https://gateway.acme.example/jwks' }))
    const gone: typeof fetch = (url, options) =>
      typeof url === 'string' && url.startsWith(gateway)
        ? Promise.resolve(new Response('', { status: 404 }))
        : fetch(url, options)
    const { exitCode, stderr } = await attested(at, { issuers }, { fetch: gone })
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/not looked at: receipt \(could not look: .*status 404/),
    ])
    const [inspection] = await inspectFile(bundle(at))
    expect(inspection?.sessions).toMatchObject([{ level: 'signed' }])
    expect(inspection?.attribution?.readers).toContainEqual(
      expect.objectContaining({ reader: 'receipt', outcome: 'could-not-look' }),
    )
  })
})

describe('the list of issuers', () => {
  const codeIn = ({ stderr }: Ran): string | undefined => /\(([a-z-]+)\)\n/.exec(stderr)?.[1]
  const sessions = async (at: Checkout, given: Given): Promise<Ran> =>
    countersign({ cwd: at.folder, env: at.env() }, 'sessions', '..HEAD', '--offline', '--adopt', ...options(at, given))

  /** A last commit whose configuration names this list. */
  function configured(file: (at: Checkout) => string): Checkout {
    const at = checkout()
    const scratch = scratchIn(at.folder)
    const config = `version: 1\nreceiptIssuers:\n  file: ${JSON.stringify(file(at))}\n`
    scratch.commit(`Configure\n\n${pointer}`, { '.countersign/config.yaml': config })
    return at
  }
  const listed = (at: Checkout, mode?: number): string => {
    beside(at, 'keys.json', pinned)
    return beside(at, 'issuers.json', listOf({ file: 'keys.json' }), mode)
  }

  it('is needed, and belongs to receipts', async () => {
    const at = checkout()
    expect(codeIn(await sessions(at, { issuers: false }))).toBe('usage')
    const argv = ['sessions', '--offline', '--receipt-issuers', listed(at)]
    expect(codeIn(await countersign({ cwd: at.folder, env: at.env() }, ...argv))).toBe('usage')
  })

  it('may be named by a commit where it is its owner’s alone, outside of the repository', async () => {
    const { stdout, exitCode } = await sessions(configured(listed), { issuers: false })
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('vouched')])
  })

  it.each<[string, (at: Checkout) => string]>(
    part(
      [
        [
          'lies in the repository',
          (at) => (at.write('issuers.json', listOf({ file: 'k' })), join(at.folder, 'issuers.json')),
        ],
        ['others can read', (at) => (chmodSync(listed(at), 0o644), listed(at))],
        ['is not named whole', () => '../trusted/issuers.json'],
        [
          'is reached by a way back',
          (at) => `${dirname(at.folder)}/trusted/../trusted/${listed(at).split('/').at(-1) ?? ''}`,
        ],
        [
          'is reached by a link',
          (at) => {
            symlinkSync(listed(at), join(dirname(at.folder), 'link'))
            return join(dirname(at.folder), 'link')
          },
        ],
      ],
      2,
    ),
  )('that a commit names and that %s counts for nobody', async (_, file) => {
    expect(codeIn(await sessions(configured(file), { issuers: false }))).toBe('receipt-issuers-unusable')
  })

  it('that the caller names goes before one that a commit names', async () => {
    const at = configured(() => '/nowhere/issuers.json')
    expect((await sessions(at, {})).exitCode).toBe(0)
  })

  it('that is malformed stops everything before anything is looked at', async () => {
    const at = checkout()
    expect(codeIn(await sessions(at, { issuers: beside(at, 'bad.yaml', 'issuers: []') }))).toBe(
      'receipt-issuers-malformed',
    )
  })

  it('in the checkout is taken from a caller who names it, and they are told what that means', async () => {
    const at = checkout()
    at.write('dist/issuers.json', listOf({ file: '../../trusted/keys.json' }))
    const { exitCode, stderr } = await sessions(at, { issuers: 'dist/issuers.json' })
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('anyone who commits chooses who vouches')])
  })

  it('and receipts are not reached by links of the checkout', async () => {
    const at = checkout()
    symlinkSync(listed(at), join(at.folder, 'dist/list'))
    expect(codeIn(await sessions(at, { issuers: 'dist/list' }))).toBe('symlink-in-checkout')
    symlinkSync(beside(at, 'receipts.txt', receiptOfThen(key)), join(at.folder, 'dist/receipts'))
    expect(codeIn(await sessions(at, { more: ['--receipt', 'dist/receipts'] }))).toBe('symlink-in-checkout')
    expect(codeIn(await sessions(at, { more: ['--receipt', 'dist/none'] }))).toBe('path-missing')
  })
})
