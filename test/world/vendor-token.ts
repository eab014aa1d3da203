/** Session tokens as a vendor makes them, and a service that takes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { keyFileSigner } from '../../src/vouch/key-file.ts'
import { startReceiptService } from '../../src/vouch/serve.ts'
import type { ReceiptService, ReceiptServiceOptions } from '../../src/vouch/serve.ts'
import { receiptKey, signedJws } from './receipt.ts'
import type { ReceiptKey } from './receipt.ts'

export const vendorKey = receiptKey('vendor-1')
export const environmentId = 'ccpool_0123'
export const vendorSession = 'session_01ABCdef'
const start = Date.parse('2026-02-01T09:00:00Z')

export interface VendorClaims {
  [member: string]: unknown
}

/** Issued ten minutes ago, good for four hours. */
export function vendorClaims(edit: (claims: VendorClaims) => unknown = () => undefined, now = start): VendorClaims {
  const seconds = now / 1_000
  const claims: VendorClaims = {
    ...{ iss: 'ccr', sub: `ccr:session:${vendorSession}`, aud: ['anthropic-api', environmentId], jti: 't-1' },
    ...{ iat: seconds - 600, exp: seconds + 13_800, 'ccr:role': 'session_worker' },
    ...{ 'ccr:session_id': vendorSession, 'ccr:pool_id': environmentId, 'ccr:org_id': 'org_1' },
    act: { sub: 'user:user_01', email: 'ann@example.org', act: { sub: 'ccr:runner:r1' } },
  }
  edit(claims)
  return claims
}

type Forging = NonNullable<Parameters<typeof signedJws>[2]>

export function vendorToken(
  claims: object = vendorClaims(),
  forging: Forging = {},
  key: ReceiptKey = vendorKey,
): string {
  return `sk-ant-cc-${signedJws(key, claims, { ...forging, header: { typ: 'JWT', ...forging.header } })}`
}

export interface Config {
  [member: string]: unknown
  environments: { [member: string]: unknown }[]
}

/** A configuration with pinned keys; a test edits it. */
export function serviceConfig(edit: (config: Config) => unknown = () => undefined): Config {
  const environment = {
    ...{ vendor: 'claude-code-self-hosted', issuer: 'ccr', jwks: { file: 'vendor.json' }, audience: environmentId },
    ...{ repositories: ['https://github.com/acme/widget'], subject: 'email' },
  }
  const config: Config = { version: 1, issuer: 'https://receipts.acme.example', environments: [environment] }
  edit(config)
  return config
}

/** A folder with key, key set of the vendor and configuration; it ends with the test. */
export function serviceFolder(config: object = serviceConfig()): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(folder, 'vendor.json'), JSON.stringify({ keys: [vendorKey.jwk] }))
  writeFileSync(join(folder, 'service.yaml'), JSON.stringify(config))
  return folder
}

export interface Running extends ReceiptService {
  readonly folder: string
  /** Lines of its log, as a text. */
  readonly logged: () => string
}

/** A service on loopback at a fixed hour; it ends with the test. */
export async function runningService(
  config: object = serviceConfig(),
  options: Partial<Omit<ReceiptServiceOptions, 'serviceConfig'>> = {},
): Promise<Running> {
  const folder = serviceFolder(config)
  const lines: string[] = []
  const service = await startReceiptService({
    serviceConfig: join(folder, 'service.yaml'),
    signer: options.signer ?? (await keyFileSigner(join(folder, 'key.pem'), 'own-1')),
    ...options,
    log: (line) => void lines.push(JSON.stringify(line)),
    world: { now: () => new Date(start), ...options.world },
    patience: { grace: 0, ...options.patience },
  })
  onTestFinished(() => service.close())
  return { ...service, folder, logged: () => lines.join('\n') }
}

export const requested = {
  session: { id: vendorSession, tool: 'claude-code' },
  repository: 'https://github.com/acme/widget',
  commits: ['a'.repeat(40)],
}

export interface Asked {
  readonly status: number
  readonly text: string
  readonly code: unknown
}

/** What is asked, and what came; the answer never has a part of the token. */
export async function ask(
  { url }: Pick<ReceiptService, 'url'>,
  token = vendorToken(),
  body: unknown = requested,
  path = '/v1/receipts',
): Promise<Asked> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const json = response.status === 201 ? undefined : (JSON.parse(text) as { code: unknown })
  return { status: response.status, text, code: json?.code }
}
