/** The list of issuers: what is no member of it is a slip, and no slip makes anybody count. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readIssuerList } from '../../../src/collect/receipts/issuer-list.ts'
import { attemptAsync, CountersignError } from '../../../src/errors.ts'
import type { ReceiptIssuer } from '../../../src/model/receipt-issuers.ts'
import { limits } from '../../../src/model/limits.ts'
import { receiptKey } from '../../world/receipt.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-issuers-'))
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [receiptKey().jwk] }))
  writeFileSync(join(folder, 'users.json'), '{"u-17":"Ann@Example.org","u-18":["a@b.example","c@d.example"]}')
  for (const [name, text] of Object.entries({
    list: '["a@b.example"]',
    text: '{"a":"b"}',
    twice: '{"a":"a@b.c","a":"d@e.f"}',
  })) {
    writeFileSync(join(folder, `${name}.json`), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The issuers, or the code of what is wrong. */
async function read(text: string): Promise<readonly ReceiptIssuer[] | string> {
  const list = await attemptAsync(() => readIssuerList(join(folder, 'issuers.yaml'), Buffer.from(text)))
  return list instanceof CountersignError ? list.code : list
}

const one = { issuer: 'https://gw.example', jwks: { file: 'keys.json' }, users: 'email' }
const withOne = (more: object): Promise<readonly ReceiptIssuer[] | string> =>
  read(JSON.stringify({ version: 1, issuers: [{ ...one, ...more }] }))

describe('a list of issuers', () => {
  it('says everything that it can, in YAML', async () => {
    const text = `
version: 1
issuers:
  - issuer: https://gw.example/tenant-7
    jwks: { url: 'https://gw.example/.well-known/jwks.json' }
    audiences: ['git+https://github.com/acme/widget']
    users: { file: users.json }
    revoked:
      - { kid: key-1, at: '2026-02-01T10:00:00Z' }
      - thumbprint: ${'a'.repeat(43)}
    notBefore: '2026-01-01T00:00:00Z'
    notAfter: '2027-01-01T00:00:00+01:00'
    skewSeconds: 0
    windowSeconds: 60
`
    expect(await read(text)).toEqual([
      {
        issuer: 'https://gw.example/tenant-7',
        keys: { url: 'https://gw.example/.well-known/jwks.json' },
        audiences: ['git+https://github.com/acme/widget'],
        users: new Map([
          ['u-17', ['ann@example.org']],
          ['u-18', ['a@b.example', 'c@d.example']],
        ]),
        revoked: [
          { kid: 'key-1', thumbprint: undefined, at: Date.parse('2026-02-01T10:00:00Z') },
          { kid: undefined, thumbprint: 'a'.repeat(43), at: 0 },
        ],
        notBefore: Date.parse('2026-01-01T00:00:00Z'),
        notAfter: Date.parse('2026-12-31T23:00:00Z'),
        ...{ skew: 0, window: 60_000 },
      },
    ])
  })

  it('says the least in JSON, with keys from the folder of the list', async () => {
    const [issuer] = (await withOne({})) as readonly ReceiptIssuer[]
    expect(issuer).toMatchObject({ audiences: undefined, users: 'email', skew: 300_000, window: 86_400_000 })
    expect(issuer?.keys).toMatchObject({ pinned: [{ kid: 'key-1' }] })
  })

  it.each<[string, object]>([
    ['an unknown member', { algorithms: ['none'] }],
    ['an unknown member within', { jwks: { file: 'keys.json', url: 'https://gw.example' } }],
    ['no users', { users: undefined }],
    ['users of another kind', { users: 'anybody' }],
    ['no keys', { jwks: undefined }],
    ['a time that is none', { notAfter: '2026-13-01T00:00:00Z' }],
    ['a time without its zone', { notAfter: '2026-12-01T00:00:00' }],
    ['a revocation of nothing', { revoked: [{ at: '2026-02-01T10:00:00Z' }] }],
    ['a revocation with a slip', { revoked: [{ kid: 'a', At: '2026-02-01T10:00:00Z' }] }],
    ['a short thumbprint', { revoked: [{ thumbprint: 'abc' }] }],
    ['no audience', { audiences: [] }],
    ['a skew of a day', { skewSeconds: 86_400 }],
    ['half a second', { windowSeconds: 0.5 }],
    ['an issuer in the clear', { issuer: 'http://gw.example' }],
    ['an issuer with a user', { issuer: 'https://a@gw.example' }],
    ['an issuer that a URL parser reads differently', { issuer: 'https://evil.example\\.gw.example' }],
    ['an issuer with a query', { issuer: 'https://gw.example?x' }],
    ['keys in the clear', { jwks: { url: 'http://gw.example/jwks' } }],
    ['keys in a file of something else', { jwks: { file: 'users.json' } }],
    ['users that are a list', { users: { file: 'list.json' } }],
    ['users without addresses', { users: { file: 'text.json' } }],
    ['users that are there twice', { users: { file: 'twice.json' } }],
  ])('with %s is refused', async (_, more) => {
    expect(await withOne(more)).toBe('receipt-issuers-malformed')
  })

  it('whose files are not there is refused', async () => {
    expect(await withOne({ jwks: { file: 'none.json' } })).toBe('path-missing')
    expect(await withOne({ users: { file: 'none.json' } })).toBe('path-missing')
  })

  it('with an issuer twice, or none, is refused', async () => {
    const list = (issuers: readonly object[]): string => JSON.stringify({ version: 1, issuers })
    expect(await read(list([one, one]))).toBe('receipt-issuers-malformed')
    expect(await read(list([]))).toBe('receipt-issuers-malformed')
    expect(await read(JSON.stringify({ version: 2, issuers: [one] }))).toBe('receipt-issuers-malformed')
    expect(await read('')).toBe('receipt-issuers-malformed')
  })

  it('of what YAML can do beyond that is refused', async () => {
    for (const text of ['a: &a 1\nb: *a', 'version: 1\nversion: 1', '--- 1\n--- 2', '!!js/function x', '\u202e: 1']) {
      expect(await read(text)).toBe('receipt-issuers-malformed')
    }
    expect(await read('a'.repeat(limits.configBytes + 1))).toBe('receipt-issuers-malformed')
  })
})
