/** `countersign receipt serve`, as docs/receipts.md shows it to an operator: from the token of a session to a receipt that holds. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReceiptReport } from '../../src/model/receipt-report.ts'
import { closedOrigin } from '../world/loopback-server.ts'
import { vendorClaims, vendorKey, vendorToken } from '../world/vendor-token.ts'
import { countersign } from './terminal.ts'

const page = readFileSync(new URL('../../docs/receipts.md', import.meta.url), 'utf8')
const block = (language: string, holding: string): string => {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))]
  return blocks.map(([, text = '']) => text).find((it) => it.includes(holding)) ?? ''
}
const now = new Date()

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-serve-'))
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(folder, 'gateway.pem'), pem, { mode: 0o600 })
  writeFileSync(join(folder, 'service.yaml'), block('yaml', 'environments:'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives a receipt that verify takes, as the page has it, and ends with 0', async () => {
  const body = block('json', '"commits"')
  const { session, repository } = JSON.parse(body) as { session: { id: string }; repository: string }
  const claims = vendorClaims(
    (it) => {
      const audience = 'ccpool_0123456789'
      Object.assign(it, { 'ccr:session_id': session.id, sub: `ccr:session:${session.id}` })
      Object.assign(it, { aud: ['anthropic-api', audience], 'ccr:pool_id': audience })
    },
    Math.floor(now.getTime() / 1_000) * 1_000,
  )
  const token = vendorToken(claims)
  const url = await closedOrigin()
  const asked: string[] = []
  /** What a session and a CI job do while the service runs. */
  const meanwhile = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` }
    const receipt = await fetch(`${url}/v1/receipts`, { method: 'POST', headers, body })
    expect([receipt.status, receipt.headers.get('content-type')]).toEqual([201, 'application/ai-session-receipt+jwt'])
    writeFileSync(join(folder, 'receipts.txt'), await receipt.text())
    writeFileSync(join(folder, 'keys.json'), await (await fetch(`${url}/.well-known/jwks.json`)).text())
  }
  const { exitCode, stdout, stderr } = await countersign(
    {
      cwd: folder,
      now: () => now,
      // In the place of the vendor.
      fetch: (address) => {
        asked.push(address instanceof Request ? address.url : address.toString())
        return Promise.resolve(new Response(JSON.stringify({ keys: [vendorKey.jwk] })))
      },
      interrupted: meanwhile,
    },
    ...block('sh', 'receipt serve').trim().split(' ').slice(1),
    ...['--listen', new URL(url).host],
  )
  expect([exitCode, stdout]).toEqual([0, `${url}\n`])
  expect(asked).toEqual(['https://api.anthropic.com/v1/code/.well-known/jwks.json'])
  const events = stderr.split('\n').filter(Boolean).map((it) => JSON.parse(it) as { event: string }) // prettier-ignore
  expect(events.map((it) => it.event)).toEqual(['started', 'request', 'request', 'stopping', 'stopped'])
  for (const part of [token, ...token.split('.')]) expect(stderr).not.toContain(part)

  const issuer = `{ issuer: https://receipts.acme.example, jwks: { file: keys.json }, users: email }`
  writeFileSync(join(folder, 'issuers.yaml'), `version: 1\nissuers: [${issuer}]\n`)
  const verified = await countersign(
    { cwd: folder },
    ...['receipt', 'verify', 'receipts.txt', '--receipt-issuers', 'issuers.yaml', '--repository', repository],
    ...['--session', session.id, '--format', 'json'],
  )
  expect(verified.exitCode).toBe(0)
  const report = JSON.parse(verified.stdout) as ReceiptReport
  expect(report).toMatchObject({ outcome: 'pass', says: { session: session.id, holderSaid: ['aud', 'commits'] } })
})

it.each([
  ['no address', ['--listen', '8610']],
  ['a port that is none', ['--listen', '127.0.0.1:70000']],
  ['an address without brackets', ['--listen', '::1:8610']],
  ['no signer', []],
])('refuses %s', async (_, flags) => {
  const key = flags.length === 0 ? [] : ['--key-file', 'gateway.pem']
  const ran = await countersign({ cwd: folder }, 'receipt', 'serve', '--config', 'service.yaml', ...key, ...flags)
  expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toContain('(usage)')
})

it('says where another machine could reach it that TLS is not its job', async () => {
  const { port } = new URL(await closedOrigin())
  const argv = [
    'receipt',
    'serve',
    '--config',
    'service.yaml',
    '--key-file',
    'gateway.pem',
    '--listen',
    `0.0.0.0:${port}`,
  ]
  const { exitCode, stderr } = await countersign({ cwd: folder }, ...argv)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('reverse proxy with TLS')
})
