/** `countersign receipt`, as an operator and a release manager meet it. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReceiptReport } from '../../src/model/receipt-report.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { gateway, receiptClaims, receiptKey, signedJws } from '../world/receipt.ts'
import type { Claims } from '../world/receipt.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

let folder: string
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const own = ['--receipt-issuers', 'issuers.yaml', '--repository', 'https://github.com/acme/widget']

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-receipt-'))
  writeFileSync(join(folder, 'key.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(folder, 'key.pub'), pair.publicKey.export({ type: 'spki', format: 'pem' }))
  write('claims.json', JSON.stringify(receiptClaims()))
  const { stdout } = await run('receipt', 'keys', '--key-file', 'key.pem', '--key-id', 'key-1')
  write('keys.json', stdout)
  write(
    'issuers.yaml',
    `version: 1\nissuers:\n  - { issuer: '${gateway}', jwks: { file: keys.json }, users: email }\n` +
      `  - { issuer: 'https://away.example', jwks: { url: 'https://away.example/jwks' }, users: email }\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const run = (...argv: readonly string[]): Promise<Ran> => countersign({ cwd: folder }, ...argv)
const issue = (...argv: readonly string[]): Promise<Ran> =>
  run('receipt', 'issue', '--key-file', 'key.pem', '--key-id', 'key-1', ...argv)

async function verified(text: string, ...argv: readonly string[]): Promise<readonly [number, ...ReceiptReport[]]> {
  write('receipts.txt', text)
  const { exitCode, stdout } = await run('receipt', 'verify', 'receipts.txt', '--format', 'json', ...argv)
  const reports = stdout.split('\n').filter(Boolean).map((it) => JSON.parse(it) as ReceiptReport) // prettier-ignore
  for (const report of reports) expect(schemaErrors('receipt-report', report)).toEqual([])
  return [exitCode, ...reports]
}

/** Under the key of the list, as another one made it. */
const forged = (edit: (claims: Claims) => unknown): string =>
  signedJws({ alg: 'ES256', privateKey: pair.privateKey, jwk: { kid: 'key-1' } }, receiptClaims(edit))

describe('receipt issue', () => {
  it('prints a receipt that verify takes, from a document, from standard input and from flags', async () => {
    const flags = [
      ...['--issuer', gateway, '--audience', 'git+https://github.com/acme/widget', '--subject', 'ann@example.org'],
      ...['--session', 'one', '--tool', 'claude-code', '--model', 'claude-opus-4-6', '--parent', 'zero'],
      ...['--started-at', '2026-02-01T09:00:00Z', '--ended-at', '2026-02-01T10:00:00Z', '--commit', 'a'.repeat(40)],
    ]
    const input = JSON.stringify(receiptClaims())
    const piped = ['receipt', 'issue', '--key-file', 'key.pem', '--key-id', 'key-1', '--payload', '-']
    for (const ran of [
      await issue('--payload', 'claims.json'),
      await countersign({ cwd: folder, input }, ...piped),
      await issue(...flags),
    ]) {
      expect([ran.exitCode, ran.stderr]).toEqual([0, ''])
      expect(await verified(ran.stdout, ...own)).toMatchObject([0, { outcome: 'pass' }])
    }
  })

  it('writes it where that is asked for, and prints nothing then', async () => {
    expect(await issue('--payload', 'claims.json', '-o', 'one.jws')).toMatchObject({ exitCode: 0, stdout: '' })
    expect(await verified(readFileSync(join(folder, 'one.jws'), 'utf8'), ...own)).toMatchObject([0, {}])
    const again = await issue('--payload', 'claims.json', '-o', 'one.jws')
    expect(again.stderr).toContain('(output-exists)')
    expect((await issue('--payload', 'claims.json', '-o', 'one.jws', '--overwrite')).exitCode).toBe(0)
  })

  it.each<[string, readonly string[]]>([
    ['--payload', ['--payload', 'claims.json', '--session', 'one']],
    ['--issuer', []],
    ['--overwrite', ['--payload', 'claims.json', '--overwrite']],
    ['--public-key', ['--payload', 'claims.json', '--public-key', 'key.pub']],
    ['--signer-argument', ['--payload', 'claims.json', '--signer-argument', 'x']],
    ['--signer-command', ['--payload', 'claims.json', '--signer-command', 'x']],
  ])('says what is wrong with %s', async (flag, argv) => {
    const { exitCode, stdout, stderr } = await issue(...argv)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(flag)
  })

  it('asks a program, and holds what it gives against its public key', async () => {
    const by = (program: string, ...argv: readonly string[]): Promise<Ran> =>
      countersign(
        { cwd: folder, env: process.env },
        ...['receipt', 'issue', '--payload', 'claims.json', '--public-key', 'key.pub', '--signer-command', program],
        ...argv,
      )
    const text = `process.stdin.resume().on('end',()=>process.stdout.write('no signature'))`
    const { exitCode, stdout, stderr } = await by(process.execPath, '--signer-argument=-e', '--signer-argument', text)
    expect([exitCode, stdout]).toEqual([3, ''])
    expect(stderr).toContain('(receipt-signer-failed)')
    const without = await run('receipt', 'issue', '--payload', 'claims.json', '--signer-command', 'x')
    expect([without.exitCode, without.stderr]).toEqual([2, expect.stringContaining('--public-key')])
  })

  it('tells of a key neither in what it prints nor in what it says', async () => {
    const secret = pair.privateKey.export({ format: 'jwk' }).d ?? ''
    for (const argv of [
      ['issue', '--key-file', 'key.pem', '--payload', 'claims.json'],
      ['issue', '--key-file', 'key.pub', '--payload', 'claims.json'],
      ['keys', '--key-file', 'key.pem'],
      ['keys', '--public-key', 'key.pem'],
    ]) {
      const { stdout, stderr } = await run('receipt', ...argv)
      expect(stdout + stderr).not.toContain(secret)
      expect(stdout + stderr).not.toMatch(/"d"|BEGIN/)
    }
  })
})

describe('receipt verify', () => {
  const receipt = async (): Promise<string> => (await issue('--payload', 'claims.json')).stdout

  it('says no of one that does not hold, whatever stands beside it', async () => {
    const bad = signedJws(receiptKey(), receiptClaims())
    const answer = await verified(`${await receipt()}${bad}\nnonsense\n`, ...own)
    expect(answer.map((it) => (typeof it === 'number' ? it : [it.outcome, it.refusals?.[0]?.code]))).toEqual([
      ...[1, ['pass', undefined], ['fail', 'receipt-signature-invalid'], ['fail', 'receipt-malformed']],
    ])
  })

  it('asks for the repository, unless that is left out by name, and shows what it did not ask', async () => {
    const text = await receipt()
    const list = ['--receipt-issuers', 'issuers.yaml']
    expect((await verified(text, ...list))[0]).toBe(2)
    expect((await verified(text, ...own, '--any-repository'))[0]).toBe(2)
    const other = await verified(text, ...list, '--repository', 'https://github.com/acme/other')
    expect(other).toMatchObject([1, { refusals: [{ code: 'receipt-other-repository' }] }])
    expect(await verified(text, ...list, '--any-repository')).toMatchObject([
      ...[0, { skipped: ['repository', 'session', 'user', 'time', 'commits'] }],
    ])
    expect(await verified(text, ...own, '--session', 'another')).toMatchObject([
      ...[1, { refusals: [{ code: 'receipt-unclaimed' }], skipped: ['user', 'time', 'commits'] }],
    ])
  })

  it('says no of two that have one name, and yes of one that is there twice', async () => {
    const text = await receipt()
    const other = forged((it) => (it['sub'] = 'bob@example.org'))
    expect(await verified(`${text}${other}\n`, ...own)).toMatchObject([
      ...[1, { refusals: [{ code: 'receipt-replayed' }] }, { refusals: [{ code: 'receipt-replayed' }] }],
    ])
    expect(await verified(text + text, ...own)).toMatchObject([0, { outcome: 'pass' }, { outcome: 'pass' }])
  })

  it('is undecided where keys cannot be had', async () => {
    const away = forged((it) => (it['iss'] = 'https://away.example'))
    expect(await verified(`${await receipt()}${away}\n`, ...own, '--offline')).toMatchObject([
      ...[
        3,
        { outcome: 'pass' },
        { outcome: 'undecided', undecided: expect.stringContaining('https://away.example') as string },
      ],
    ])
  })

  it('is no answer without a receipt, or a list', async () => {
    expect((await verified('\n\n', ...own))[0]).toBe(2)
    mkdirSync(join(folder, 'empty'), { recursive: true })
    expect((await run('receipt', 'verify', 'empty', ...own)).exitCode).toBe(2)
    expect((await run('receipt', 'verify', 'nowhere', ...own)).exitCode).toBe(2)
    expect((await run('receipt', 'verify', 'claims.json', '--repository', 'x')).exitCode).toBe(2)
  })

  it('shows a person who vouches for what, and no line that a receipt has chosen', async () => {
    write('receipts.txt', await receipt())
    const good = await run('receipt', 'verify', 'receipts.txt', ...own)
    expect(good.stdout).toMatch(/^pass {2}receipt sha256:[0-9a-f]{64}\n/)
    expect(good.stdout).toContain(`${gateway}, key key-1`)
    expect(good.stdout).not.toContain('ann@example.org')
    write('receipts.txt', `${forged((it) => (it['iss'] = 'https://x.example\n::error::owned'))}\n`)
    const bad = await run('receipt', 'verify', 'receipts.txt', ...own)
    expect(bad.stdout).toMatch(/^fail /)
    expect(bad.stdout).not.toMatch(/^::/m)
  })
})

it('receipt alone, or with a word that is no command of it, says what there is', async () => {
  expect(await run('receipt')).toMatchObject({ exitCode: 2, stdout: '' })
  expect((await run('receipt', 'isue')).stderr).toMatch(/issue/)
})
