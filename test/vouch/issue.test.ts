/** Issuing: what comes out is what a reader takes, or nothing does; and no part of a key does. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { generateKeyPairSync, sign } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attemptAsync, CountersignError } from '../../src/errors.ts'
import { issue } from '../../src/vouch/issue.ts'
import { issueReceipt } from '../../src/vouch/issue-receipt.ts'
import { keyFileSigner, publicKeyFile } from '../../src/vouch/key-file.ts'
import { publicJwk } from '../../src/vouch/receipt-signer.ts'
import type { ReceiptSigner } from '../../src/vouch/receipt-signer.ts'
import { commandSigner } from '../../src/vouch/signer-command.ts'
import { receiptClaims, receiptKey } from '../world/receipt.ts'
import type { Claims } from '../world/receipt.ts'
import { steppedClock } from '../world/stepped-clock.ts'

let folder: string
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pem = { type: 'pkcs8', format: 'pem' } as const
const ecPem = ec.privateKey.export(pem).toString()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-vouch-'))
  const secret = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 })
  secret('ec.pem', ecPem)
  secret('sec1.pem', ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString())
  secret('ed.pem', ed.privateKey.export(pem).toString())
  secret('ec.jwk', JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'named' }))
  secret('p384.pem', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export(pem).toString())
  secret('rsa.pem', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem).toString())
  secret('locked.pem', ec.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' }).toString())
  secret('public-only.jwk', JSON.stringify(ec.publicKey.export({ format: 'jwk' })))
  secret('noise', 'private text that is no key')
  secret('list.jwk', '[]')
  secret('twice.jwk', '{"kty":"EC","kty":"OKP"}')
  secret('shared.pem', ecPem)
  chmodSync(join(folder, 'shared.pem'), 0o640)
  symlinkSync(join(folder, 'ec.pem'), join(folder, 'link.pem'))
  writeFileSync(join(folder, 'ec.pub'), ec.publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(folder, 'ed.pub'), ed.publicKey.export({ type: 'spki', format: 'pem' }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  const outcome = await attemptAsync(run)
  if (!(outcome instanceof CountersignError)) return 'good'
  expect(`${outcome.message} ${outcome.hint ?? ''} ${String(outcome.cause)}`).not.toMatch(
    /private text|BEGIN|passphrase"/,
  )
  return outcome.code
}

describe('a key in a file', () => {
  it.each(['ec.pem', 'sec1.pem', 'ed.pem', 'ec.jwk'])(
    '%s signs what its public key verifies elsewhere',
    async (name) => {
      const signer = await keyFileSigner(at(name))
      const jwk = publicJwk(signer)
      expect(Object.keys(jwk)).not.toContain('d')
      const receipt = await issueReceipt(receiptClaims(), signer)
      const { protectedHeader, payload } = await jwtVerify(receipt, await importJWK(jwk))
      expect(protectedHeader).toEqual({ alg: signer.alg, kid: signer.kid, typ: 'ai-session-receipt+jwt' })
      expect(payload).toEqual(receiptClaims())
    },
  )

  it('is called what it says, what somebody says, or by its thumbprint', async () => {
    const jwk = ec.publicKey.export({ format: 'jwk' })
    expect((await keyFileSigner(at('ec.jwk'))).kid).toBe('named')
    expect((await keyFileSigner(at('ec.jwk'), 'other')).kid).toBe('other')
    expect((await keyFileSigner(at('ec.pem'))).kid).toBe(await calculateJwkThumbprint(jwk))
    expect((await publicKeyFile(at('ed.pub'))).kid).toBe(
      await calculateJwkThumbprint(ed.publicKey.export({ format: 'jwk' })),
    )
    expect(await codeOf(() => keyFileSigner(at('ec.pem'), 'k'.repeat(257)))).toBe('receipt-key-unusable')
  })

  it.each([
    ...['p384.pem', 'rsa.pem', 'locked.pem', 'public-only.jwk', 'noise', 'list.jwk', 'twice.jwk', 'ec.pub'],
    'shared.pem',
  ])('%s is none, and says nothing of what it holds', async (name) => {
    expect(await codeOf(() => keyFileSigner(at(name)))).toBe('receipt-key-unusable')
  })

  it('is not reached by a link', async () => {
    expect(await codeOf(() => keyFileSigner(at('link.pem')))).not.toBe('good')
    expect(await codeOf(() => keyFileSigner(at('nowhere')))).toBe('path-missing')
  })
})

describe('claims', () => {
  it.each<[string, (claims: Claims) => unknown]>([
    ['without a session', (it) => Reflect.deleteProperty(it, 'session')],
    ['without a user', (it) => delete it['sub']],
    ['with a time that is none', (it) => (it.session['ended_at'] = '2026-02-31')],
    ['with an end before the beginning', (it) => (it.session['ended_at'] = '2026-02-01T08:00:00Z')],
    ['issued before the end', (it) => (it['iat'] = Date.parse('2026-02-01T09:59:58Z') / 1_000)],
    ['with a commit that is none', (it) => (it['commits'] = ['main'])],
    ['larger than a receipt', (it) => (it['more'] = 'x'.repeat(64 * 1024))],
  ])('%s are not signed', async (_, edit) => {
    let asked = 0
    const key = await keyFileSigner(at('ec.pem'))
    const signer: ReceiptSigner = { ...key, sign: (input) => ((asked += 1), key.sign(input)) }
    expect(await codeOf(() => issueReceipt(receiptClaims(edit), signer))).toBe('receipt-payload-malformed')
    expect(asked).toBe(0)
  })

  it('get a name and a time where they have none', async () => {
    const signer = await keyFileSigner(at('ec.pem'))
    const { iat: _, jti: __, ...members } = receiptClaims()
    const world = { now: () => new Date('2026-02-01T12:00:00.900Z') }
    const payloads = await Promise.all(
      [1, 2].map(async () => {
        const [, part = ''] = (await issue({ payload: { members }, signer, world })).split('.')
        return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
      }),
    )
    expect(payloads.map((it) => it['iat'])).toEqual([1_769_947_200, 1_769_947_200])
    expect(payloads[0]?.['jti']).not.toBe(payloads[1]?.['jti'])
  })

  it('are read from a document, strictly', async () => {
    const signer = await keyFileSigner(at('ec.pem'))
    const json = (text: string): Promise<string> =>
      codeOf(() => issue({ payload: { json: Buffer.from(text) }, signer }))
    const text = JSON.stringify(receiptClaims())
    expect(await json(text)).toBe('good')
    expect(await json('[]')).toBe('receipt-payload-malformed')
    expect(await json(`${text.slice(0, -1)},"sub":"mallory@example.org"}`)).toBe('json-duplicate-key')
    expect(await json(`"${'x'.repeat(70_000)}"`)).toBe('input-too-large')
  })

  it('are written as a receipt whole, or not at all', async () => {
    const signer = await keyFileSigner(at('ec.pem'))
    const request = { payload: { members: receiptClaims() }, signer, world: { cwd: folder } }
    const out = (whenPresent: 'refuse' | 'replace') => ({ path: 'receipt.jws', whenPresent })
    const first = await issue({ ...request, out: out('refuse') })
    expect(readFileSync(at('receipt.jws'), 'utf8')).toBe(`${first}\n`)
    expect(await codeOf(() => issue({ ...request, out: out('refuse') }))).toBe('output-exists')
    const second = await issue({ ...request, out: out('replace') })
    expect(readFileSync(at('receipt.jws'), 'utf8')).toBe(`${second}\n`)
    expect(readdirSync(folder).filter((it) => it.endsWith('.tmp'))).toEqual([])
  })
})

describe('a program that signs', () => {
  const node = process.execPath
  const script = (text: string): readonly string[] => [node, '-e', text]
  const signing = (how: string): readonly string[] =>
    script(
      `const {sign}=require('node:crypto');const chunks=[];process.stdin.on('data',(it)=>chunks.push(it)).on('end',()=>` +
        `process.stdout.write(sign('sha256',Buffer.concat(chunks),${how})))`,
    )
  const bare = `{key:${JSON.stringify(ecPem)},dsaEncoding:'ieee-p1363'}`
  const by = async (argv: readonly string[], more = {}): Promise<string> => {
    const key = await publicKeyFile(at('ec.pub'))
    return issueReceipt(receiptClaims(), commandSigner(key, argv, { env: process.env, ...more }))
  }

  it('gets the bytes, and gives the bare signature', async () => {
    const receipt = await by(signing(bare))
    const { payload } = await jwtVerify(receipt, await importJWK(publicJwk(await publicKeyFile(at('ec.pub')))))
    expect(payload).toEqual(receiptClaims())
  })

  it.each<[string, () => readonly string[]]>([
    ['in DER', () => signing(JSON.stringify(ecPem))],
    ['of another key', () => signing(bare.replace(JSON.stringify(ecPem), JSON.stringify(otherPem)))],
    ['of other bytes', () => script(`process.stdout.write(Buffer.alloc(64))`)],
    ['in text', () => script(`process.stdout.write('private text')`)],
    ['that is none', () => script('')],
    ['and then fails', () => script('process.exit(1)')],
    ['without an end', () => script(`setInterval(()=>process.stdout.write('x'.repeat(65536)),0)`)],
    ['that is nowhere', () => ['no-such-program-here']],
  ])('%s gives nothing', async (_, argv) => {
    expect(await codeOf(() => by(argv()))).toBe('receipt-signer-failed')
  })

  it('that does not answer is ended', async () => {
    const clock = steppedClock()
    const waiting = codeOf(() => by(script('setInterval(()=>0,1000)'), { timeout: clock.timeout }))
    const until = async (): Promise<void> => {
      if (clock.timeouts.length > 0) {
        clock.advanceToTimeout()
        return
      }
      await new Promise((resolve) => setImmediate(resolve))
      return until()
    }
    await until()
    expect(await waiting).toBe('receipt-signer-failed')
  })

  it('of Ed25519 signs without hashing first', async () => {
    const key = await publicKeyFile(at('ed.pub'))
    const signer: ReceiptSigner = { ...key, sign: (input) => Promise.resolve(sign(null, input, ed.privateKey)) }
    expect(await codeOf(() => issueReceipt(receiptClaims(), signer))).toBe('good')
    const hashed = { ...key, sign: () => Promise.resolve(Buffer.alloc(64, 1)) }
    expect(await codeOf(() => issueReceipt(receiptClaims(), hashed))).toBe('receipt-signer-failed')
  })
})

const otherPem = receiptKey().privateKey.export(pem).toString()
