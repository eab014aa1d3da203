/** What a help shows beside the flags is true: each of its examples is run, and each exit code is met. */
import { execFileSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { chmodSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/command-table.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { closedOrigin } from '../world/loopback-server.ts'
import { gateway, receiptClaims, receiptKey, signedJws } from '../world/receipt.ts'
import { claudeTranscript } from '../world/session-record.ts'
import { publication, roleKeys, serveMirror, signedRoot } from '../world/tuf-repository.ts'
import { serviceConfig, vendorKey } from '../world/vendor-token.ts'
import type { MirrorServer } from '../world/tuf-repository.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'
import { part } from '../world/runs.ts'

let sigstores: { readonly github: LocalSigstore; readonly gitlab: LocalSigstore }
let mirror: MirrorServer
/** What a release left behind: artifacts, their bundles, and files by the names that the examples use. */
let released: Checkout

/** Examples and what is in them; `demo` is run by a test of its own. */
const examples = commands
  .filter(({ name }) => name !== 'demo')
  .flatMap(({ examples }) => examples.map(({ command }) => command))

beforeAll(async () => {
  const [github, gitlab] = await Promise.all([
    startLocalSigstore({ issuer: 'https://token.actions.githubusercontent.com' }),
    startLocalSigstore({ issuer: 'https://gitlab.com' }),
  ])
  sigstores = { github, gitlab }
  const keys = roleKeys()
  mirror = await serveMirror(new Map([['1.root.json', signedRoot({ version: 1, keys })]]))
  const targets = { 'trusted_root.json': github.trustedRoot }
  for (const [path, bytes] of publication({ targets, keys, version: 1 })) mirror.files.set(path, bytes)
})
const gatewayKey = receiptKey()
const gatewayPem = gatewayKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
/** In the place of a program that asks a key service. */
const kmsSign = `#!${process.execPath}
const { sign } = require('node:crypto')
const input = require('node:fs').readFileSync(0)
process.stdout.write(sign('sha256', input, { key: ${JSON.stringify(gatewayPem)}, dsaEncoding: 'ieee-p1363' }))
`
/** A checkout with all that the examples name. */
const newCheckout = useCheckouts((at) => {
  at.write('dist/app.zip', 'another artifact')
  const artifact = readFileSync(join(at.folder, 'dist/app.tgz'), 'utf8')
  for (const path of ['app.tgz', 'rebuilt/app.tgz']) at.write(path, artifact)
  at.write('rebuilt/app.zip', 'another artifact')
  at.write('SHA256SUMS', `${'a'.repeat(64)}  app.tgz\n`)
  at.write('trusted_root.json', JSON.stringify(sigstores.github.trustedRoot))
  const signers = [{ repo: 'acme/widget', workflow: 'release.yml', refs: ['refs/heads/main'] }]
  const waivers = {
    signers: [{ signer: 'ann@acme.example', issuer: 'https://accounts.acme.example', anySource: true }],
    rules: ['ai/human-review'],
  }
  at.write(
    'countersign.yaml',
    JSON.stringify({ apiVersion: 'countersign/policy/v1', name: 'acme', identity: { signers }, waivers }),
  )
  const evidence = { artifact: '../dist/app.tgz', bundle: '../all.jsonl', trustedRoot: '../trusted_root.json' }
  const cases = [{ name: 'this release', ...evidence, expect: { outcome: 'pass' } }]
  at.write('countersign.tests/cases.yaml', JSON.stringify({ apiVersion: 'countersign/policy-tests/v1', cases }))
  at.write('session.json', JSON.stringify(receiptClaims()))
  at.write('session.jsonl', '{"sessionId":"one"}\n')
  at.write('records/README', 'Records of sessions\n')
  at.write('notes/one.md', '# Notes\n')
  at.write('receipts.txt', `${signedJws(gatewayKey, receiptClaims())}\n`)
  at.write('gateway.pem', gatewayPem)
  chmodSync(join(at.folder, 'gateway.pem'), 0o600)
  at.write('gateway.pub', createPublicKey(gatewayPem).export({ type: 'spki', format: 'pem' }).toString())
  at.write('keys.json', JSON.stringify({ keys: [gatewayKey.jwk] }))
  const issuer = { issuer: gateway, jwks: { file: 'keys.json' }, users: 'email' }
  at.write('vendor.json', JSON.stringify({ keys: [vendorKey.jwk] }))
  at.write('service.yaml', JSON.stringify(serviceConfig()))
  at.write('issuers.yaml', JSON.stringify({ version: 1, issuers: [issuer] }))
  at.git('add', '--all')
  at.git('commit', '--quiet', '-m', 'Files that the examples name')
})
beforeAll(async () => {
  released = await release()
})
afterAll(async () => {
  await Promise.all([sigstores.github.close(), sigstores.gitlab.close(), mirror.close()])
})

/** With what stands beside it, too. */
function prepared(): Checkout {
  const at = newCheckout()
  writeFileSync(join(at.folder, '../root.json'), mirror.files.get('1.root.json')!)
  for (const [name, { trustConfig }] of Object.entries(sigstores)) {
    at.write(`../${name}.json`, JSON.stringify(trustConfig))
  }
  at.write('../bin/kms-sign', kmsSign)
  chmodSync(join(at.folder, '../bin/kms-sign'), 0o700)
  return at
}

async function release(): Promise<Checkout> {
  const at = prepared()
  for (const artifact of ['dist/app.tgz', 'dist/app.zip']) {
    expect(await run(at, `countersign attest ${artifact}`)).toMatchObject({ exitCode: 0 })
  }
  const all = `countersign merge dist/app.tgz.sigstore.json dist/app.zip.sigstore.json -o `
  for (const name of ['all', 'linux', 'macos', 'windows', 'more']) {
    expect(await run(at, `${all}${name}.jsonl`)).toMatchObject({ exitCode: 0 })
  }
  const resource = '--resource-uri https://downloads.acme.example/app.tgz'
  const verifier = '--key-file gateway.pem --verifier-id https://verifier.acme.example'
  for (const summary of ['--vsa app.vsa.sigstore.json', `--vsa app.vsa.json ${verifier}`]) {
    const line = `countersign verify dist/app.tgz -R acme/widget ${summary} ${resource}`
    expect(await run(at, line)).toMatchObject({ exitCode: 0 })
  }
  at.write('verifier.pub', readFileSync(join(at.folder, 'gateway.pub'), 'utf8'))
  return at
}

/** A change to main, with a policy there and one beside the checkout. */
function underReview(at: Checkout): void {
  const policy = 'apiVersion: countersign/policy/v1\nname: acme\nai: { disclosure: { aboveLines: 400 } }\n'
  at.write('countersign.yaml', policy)
  at.write('../policies/ai.yaml', policy)
  at.git('add', 'countersign.yaml')
  at.git('commit', '--quiet', '-m', 'Policy')
  at.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  at.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
  at.git('commit', '--quiet', '--allow-empty', '-m', 'Change')
}

/** Words of a line as a shell makes them: quotes, globs, and nothing behind a redirection. */
function words(line: string, cwd: string): readonly string[] {
  const [command = ''] = line.split(/ (?:>>?|<) /)
  return [...command.matchAll(/'([^']*)'|\S+/g)].flatMap(([word, quoted]) =>
    quoted !== undefined ? [quoted] : word.includes('*') ? globSync(word, { cwd }) : [word],
  )
}

/** Runs a line in a job whose Sigstore is private, and whose tokens seem to come from the provider. */
async function run(at: Checkout, line: string, provider: 'github' | 'gitlab' = 'github'): Promise<Ran> {
  const [, ...argv] = words(line, at.folder)
  const sigstore = sigstores[provider]
  const job = { repository: 'acme/widget', ref: 'refs/heads/main', sha: at.commit }
  const token = await sigstore.mintToken(providerClaims(provider, job))
  const isLocal = argv.includes('local')
  mkdirSync(join(at.folder, '../runner'), { recursive: true })
  for (const name of ['output', 'summary']) at.write(`../runner/${name}`, '')
  const env = {
    ...at.env(isLocal ? undefined : token),
    GITHUB_OUTPUT: join(at.folder, '../runner/output'),
    GITHUB_STEP_SUMMARY: join(at.folder, '../runner/summary'),
    CI_PROJECT_DIR: at.folder,
    PATH: `${at.env()['PATH'] ?? ''}:${join(at.folder, '../bin')}`,
  }
  return countersign(
    { cwd: at.folder, env, fetch: issuerAnswers(sigstore), input: JSON.stringify(receiptClaims()) },
    ...argv,
    ...(await elsewhere(argv, provider)),
  )
}

/** What takes the place of the public Sigstore, and of a port that may be taken. */
async function elsewhere(argv: readonly string[], provider: string): Promise<readonly string[]> {
  const asks = (flag: string): boolean => argv.includes(flag)
  if (argv[0] === 'attest' || argv[0] === 'deployed')
    return asks('--sigstore') ? [] : ['--sigstore', `../${provider}.json`]
  if (argv[0] === 'policy' && (argv[1] === 'sign' || argv[1] === 'waive')) return ['--sigstore', `../${provider}.json`]
  if (argv[0] === 'rebuild-compare') return asks('-o') ? ['--sigstore', `../${provider}.json`] : []
  if (argv[0] === 'vsa-verify') return asks('--key') ? [] : ['--sigstore', `../${provider}.json`]
  if (argv[0] === 'verify' || (['graph', 'reasoning-log'].includes(argv[0] ?? '') && asks('--workflow'))) {
    const signs = asks('--vsa') && !asks('--key-file') ? ['--vsa-sigstore', `../${provider}.json`, '--append'] : []
    return [...signs, ...(asks('--trusted-root') ? [] : ['--sigstore', `../${provider}.json`])]
  }
  const isRefreshed = (argv[1] === 'show' && !asks('--offline')) || (argv[1] === 'export' && !asks('--sigstore'))
  if (argv[1] === 'update' || isRefreshed) {
    return ['--tuf-mirror', mirror.url, '--tuf-root', '../root.json']
  }
  if (argv[1] === 'serve') return ['--listen', new URL(await closedOrigin()).host]
  return argv[0] === 'local' && !asks('--port') ? ['--port', new URL(await closedOrigin()).port] : []
}

/** A transcript, and a key of SSH that git is told of. */
function recordable(at: Checkout): void {
  at.write('session.jsonl', claudeTranscript())
  const key = join(at.folder, 'dist/key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  at.git('config', 'user.signingkey', key)
}

describe('an example', () => {
  it.each(part(examples, 3))('%s', async (line) => {
    const [, name = ''] = line.split(' ')
    const isGitLab = line.includes('gitlab.com')
    let at =
      name === 'verify' ||
      name === 'policy' ||
      name === 'vsa-verify' ||
      name === 'inspect' ||
      ((name === 'graph' || name === 'reasoning-log') && line.includes('dist/')) ||
      (name === 'deployed' && line.includes(' -b ')) ||
      (name === 'merge' && line.includes('--overwrite'))
        ? released
        : prepared()
    if (name === 'merge' && at !== released) {
      at = prepared()
      for (const file of ['dist/app.tgz.sigstore.json', 'linux.jsonl', 'macos.jsonl', 'windows.jsonl']) {
        at.write(file, await bundleOf(released))
      }
    }
    if (name === 'gate') underReview(at)
    if (/^countersign sessions (?:use|none) /.test(line)) await run(at, 'countersign hooks install --agents none')
    if (line.includes('sessions record')) recordable(at)
    if (isGitLab) {
      at = prepared()
      expect((await run(at, 'countersign attest dist/app.tgz', 'gitlab')).exitCode).toBe(0)
    }
    const { exitCode, stdout, stderr } = await run(at, line, isGitLab ? 'gitlab' : 'github')
    expect([exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([0, ''])
    expect(stdout).not.toBe('')
  })

  it('is shown in the help of its command, and in that of the command below it', async () => {
    for (const { name, examples: own } of commands) {
      const { stdout } = await countersign({ cwd: '/' }, name, '--help')
      expect(own.filter((it) => !stdout.includes(`  # ${it.says}\n  ${it.command}\n`))).toEqual([])
      expect(own.length).toBeGreaterThan(0)
    }
    const { stdout } = await countersign({ cwd: '/' }, 'trust', 'import', '--help')
    expect(stdout.match(/^ {2}countersign .*$/gm)).toEqual(['  countersign trust import trusted_root.json --name acme'])
  })
})

async function bundleOf(at: Checkout): Promise<string> {
  const { stdout } = await run(at, 'countersign merge dist/app.tgz.sigstore.json -o ../one.jsonl --overwrite')
  expect(stdout).not.toBe('')
  return readFileSync(join(at.folder, '../one.jsonl'), 'utf8')
}

const summary =
  '--vsa app.vsa.json --key verifier.pub --verifier-id https://verifier.acme.example --resource-uri https://downloads.acme.example/app.tgz'

/** A command line for each exit code that a help names; `demo` cannot be made to fail from outside. */
const met: readonly (readonly [line: string, exitCode: number])[] = [
  ['attest dist/app.tgz --overwrite', 0],
  ['attest nowhere.tgz', 2],
  ['attest dist/app.tgz --identity-token-file SHA256SUMS --overwrite', 3],
  ['deployed production dist/app.tgz -b all.jsonl -R acme/widget -o exits.json', 0],
  ['deployed production dist/app.tgz -b all.jsonl -R acme/other -o no.json', 1],
  ['deployed production nowhere.tgz', 2],
  ['deployed production dist/app.tgz --identity-token-file SHA256SUMS -o no.json', 3],
  ['sessions', 0],
  ['sessions nowhere', 2],
  ['verify dist/app.tgz -R acme/widget', 0],
  ['verify dist/app.tgz -R acme/other', 1],
  ['verify dist/app.tgz', 2],
  ['verify dist/app.tgz -R acme/widget -b dist/app.zip', 3],
  ['policy sign countersign.yaml --overwrite', 0],
  ['policy sign nowhere.yaml', 2],
  ['policy sign countersign.yaml --overwrite --identity-token-file SHA256SUMS', 3],
  ['policy test countersign.yaml', 0],
  ['policy explain countersign.yaml dist/app.tgz --ref refs/tags/v2 --trusted-root trusted_root.json', 1],
  ['policy lint nowhere.yaml', 2],
  ['policy explain countersign.yaml dist/app.tgz -b dist/app.zip --trusted-root trusted_root.json', 3],
  [`vsa-verify dist/app.tgz ${summary} --level SLSA_BUILD_LEVEL_UNEVALUATED`, 0],
  [`vsa-verify dist/app.tgz ${summary} --level SLSA_BUILD_LEVEL_3`, 1],
  ['vsa-verify dist/app.tgz', 2],
  [`vsa-verify dist/app.tgz --level X ${summary.replace('app.vsa.json', 'SHA256SUMS')}`, 3],
  ['inspect all.jsonl', 0],
  ['inspect nowhere.jsonl', 2],
  ['inspect SHA256SUMS', 3],
  ['merge all.jsonl -o merged.jsonl', 0],
  ['merge all.jsonl', 2],
  ['merge SHA256SUMS -o other.jsonl', 3],
  ['trust show --offline', 0],
  ['trust', 2],
  ['trust import SHA256SUMS --name x', 3],
  ['local --port x', 2],
  ['local --local-state SHA256SUMS', 3],
  ['completion bash', 0],
  ['completion csh', 2],
  ['help', 0],
  ['help verfy', 2],
  ['help trust nope', 2],
]

describe('an exit code', () => {
  it.each(part(met, 4))('of %s is %i', async (line, exitCode) => {
    const [name = ''] = line.split(' ')
    expect((await run(name === 'attest' ? prepared() : released, `countersign ${line}`)).exitCode).toBe(exitCode)
    const row = commands.find((it) => it.name === name)!
    expect(row.exits[exitCode as 0]).toBeDefined()
  })

  it('of a token for another commit is 1, as the help of attest says', async () => {
    const at = prepared()
    const token = await sigstores.github.mintToken(providerClaims('github', { sha: 'a'.repeat(40) }))
    const world = { cwd: at.folder, env: at.env(token), fetch: issuerAnswers(sigstores.github) }
    const { exitCode } = await countersign(world, 'attest', 'dist/app.tgz', '--sigstore', '../github.json')
    expect(exitCode).toBe(1)
    expect(commands.find((it) => it.name === 'attest')!.exits[1]).toBeDefined()
  })
})

describe('countersign help', () => {
  it.each(['verify', 'trust', 'trust show', 'help', ''])('%s is what --help says', async (path) => {
    const asked = path.split(' ').filter((it) => it !== '')
    const helped = await countersign({ cwd: '/' }, 'help', ...asked)
    expect(helped).toEqual(await countersign({ cwd: '/' }, ...asked, '--help'))
    expect(helped).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await countersign({ cwd: '/' }, '--', 'help', ...asked)).toEqual(helped)
  })

  it('of what is no command says what may have been meant', async () => {
    const { exitCode, stdout, stderr } = await countersign({ cwd: '/' }, 'help', 'verfy')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Did you mean verify?')
    for (const word of ['constructor', '__proto__', '']) {
      expect((await countersign({ cwd: '/' }, 'help', word)).exitCode).toBe(2)
    }
  })
})

describe('a short form', () => {
  it.each([
    ['-b', ['verify', 'dist/app.zip', '-R', 'acme/widget', '-b', 'all.jsonl']],
    ['-b with its value', ['verify', 'dist/app.zip', '-Racme/widget', '-ball.jsonl']],
  ])('%s is the long one', async (_, argv) => {
    expect((await run(released, ['countersign', ...argv].join(' '))).exitCode).toBe(0)
  })

  it.each(
    part(
      [
        ['verify', 'dist/app.zip', '-R', 'acme/widget', '-b', 'all.jsonl', '--bundle', 'all.jsonl'],
        ['verify', 'dist/app.zip', '-R', 'acme/widget', '--repo=acme/other', '-b', 'all.jsonl'],
        ['verify', 'dist/app.zip', '-R', 'acme/widget', '-ball.jsonl', '-b', 'more.jsonl'],
        ['merge', 'all.jsonl', '-o', 'x.jsonl', '--out', 'y.jsonl'],
        ['verify', 'dist/app.zip', '-R', ''],
      ],
      5,
    ),
  )('given twice, or empty, is refused as the long one is: %s %s %s %s', async (...argv) => {
    const at = released
    const world = { cwd: at.folder, env: at.env(), fetch: issuerAnswers(sigstores.github) }
    const ran = await countersign(world, ...argv, ...(argv[0] === 'verify' ? ['--sigstore', '../github.json'] : []))
    expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/is given 2 times|is empty/)
  })

  it('is a value where one is expected', async () => {
    const { stderr } = await run(released, 'countersign verify dist/app.tgz --ref -b -R acme/widget')
    expect(stderr).not.toContain('times')
  })
})
