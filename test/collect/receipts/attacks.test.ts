/** Receipts: each attack needs only a receipt, a key of one's own, or the file that is given. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { receiptVerifier } from '../../../src/collect/receipts/verifier.ts'
import type { ReceiptPlace } from '../../../src/collect/receipts/verifier.ts'
import type { ReceiptIssuer } from '../../../src/model/receipt-issuers.ts'
import type { ClaimingCommit } from '../../../src/model/claiming-commit.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import {
  bareSignature,
  derSignature,
  gateway,
  hmacUnder,
  receiptClaims,
  receiptIssuer,
  receiptKey,
  sessionOfReceipt,
  signedJws,
} from '../../world/receipt.ts'
import type { Claims, ReceiptKey } from '../../world/receipt.ts'
import { runs } from '../../world/runs.ts'

const key = receiptKey()
const edKey = receiptKey('key-2', 'EdDSA')
const stranger = receiptKey()
const now = new Date('2026-02-02T00:00:00Z')

interface Asked {
  readonly issuers?: readonly ReceiptIssuer[]
  readonly place?: Partial<ReceiptPlace>
  readonly commits?: readonly Partial<ClaimingCommit>[]
  readonly sessions?: readonly (readonly [string, readonly string[]])[]
}

const half = Date.parse('2026-02-01T09:30:00Z') / 1_000
const commit: ClaimingCommit = {
  ...{ commit: 'a'.repeat(40), change: 'a'.repeat(40), author: 'ann@example.org', committer: 'noreply@github.com' },
  ...{ authored: half, committed: half },
}

/** Codes of what is wrong with them, and `good` for each that agrees with all. */
async function told(
  receipts: readonly (string | Uint8Array)[],
  { issuers = [receiptIssuer([key, edKey])], place, commits = [{}], sessions }: Asked = {},
): Promise<string[]> {
  const verify = receiptVerifier(
    receipts.map((it) => Buffer.from(it as string)),
    issuers,
    { repository: 'https://github.com/acme/widget.git', asks: true, ...place },
    worldOf({ now: () => now, fetch: () => Promise.reject(new Error('nobody is asked')) }),
  )
  const named = sessions ?? [[sessionOfReceipt, ['claude-code']]]
  const { receipts: held, refused, undecided } = await verify(new Map(named.map(([id, tools]) => [id, new Set(tools)])))
  const missing = held.flatMap((it) => {
    const { agreement, missing: links } = it.hold(commits.map((more) => ({ ...commit, ...more })))
    const isWhole = Object.values(agreement).every(Boolean)
    expect(isWhole).toBe(links.length === 0)
    return isWhole ? ['good'] : links.map(({ code }) => code)
  })
  return [...refused.map(({ code }) => code), ...missing, ...(undecided === undefined ? [] : ['undecided'])].map((it) =>
    it.replace('receipt-', ''),
  )
}

const receipt = (edit?: (claims: Claims) => unknown, by: ReceiptKey = key): string => signedJws(by, receiptClaims(edit))

describe('a receipt', () => {
  it('counts by either algorithm, and under the name that its RFC gave it later', async () => {
    expect(await told([receipt()])).toEqual(['good'])
    expect(await told([receipt(undefined, edKey)])).toEqual(['good'])
    expect(await told([signedJws(edKey, receiptClaims(), { header: { alg: 'Ed25519' } })])).toEqual(['good'])
  })

  it('is told with the thumbprint of the very key', async () => {
    const verify = receiptVerifier(
      [receipt(), receipt((it) => (it['jti'] = 'r-2'), edKey)].map((it) => Buffer.from(it)),
      [receiptIssuer([stranger, key, edKey].map((it, at) => ({ ...it, jwk: { ...it.jwk, kid: `key-${at}` } })))],
      { repository: 'https://github.com/acme/widget', asks: false },
      worldOf({ now: () => now }),
    )
    const { receipts } = await verify(new Map([[sessionOfReceipt, new Set(['claude-code'])]]))
    const expected = await Promise.all([key, edKey].map(({ jwk }) => calculateJwkThumbprint(jwk)))
    expect(receipts.map((it) => it.jwksThumbprint).sort()).toEqual(expected.sort())
  })

  it('of nobody, or under a secret that everybody has, does not count', async () => {
    for (const alg of ['none', 'None', 'HS256', 'HS512', 'RS256', 'ES384', '', 7, undefined]) {
      const header = { alg }
      const sign = (input: Buffer): Uint8Array => hmacUnder(key, input)
      expect(await told([signedJws(key, receiptClaims(), { header, sign })])).toEqual(['header-refused'])
    }
    const [header, payload] = receipt().split('.')
    expect(await told([`${header}.${payload}.`])).toEqual(['malformed'])
  })

  it('of another type is another document of the same issuer', async () => {
    for (const typ of ['JWT', undefined, 'ai-session-receipt+jwt;v=2', 'AI-SESSION-RECEIPT+JWT', 'at+jwt']) {
      expect(await told([signedJws(key, receiptClaims(), { header: { typ } })])).toEqual(['header-refused'])
    }
  })

  it('that brings its key along, says where it is, or changes what is signed is not looked at', async () => {
    const own = { jwk: stranger.jwk, kid: 'key-1' }
    for (const more of [
      own,
      ...[{ jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/x' }, { x5c: ['MII'] }],
      ...[{ crit: ['exp'] }, { crit: ['b64'], b64: false }, { b64: false }, { zip: 'DEF' }, { x5t: 'a' }],
    ]) {
      expect(await told([signedJws(stranger, receiptClaims(), { header: more })])).toEqual(['header-refused'])
    }
  })

  it('under a key of another, or altered, is not signed', async () => {
    expect(await told([receipt(undefined, stranger)])).toEqual(['signature-invalid'])
    const [header, , signature] = receipt().split('.')
    const other = Buffer.from(JSON.stringify(receiptClaims((it) => (it['sub'] = 'mallory@example.org'))))
    expect(await told([`${header}.${other.toString('base64url')}.${signature}`])).toEqual(['signature-invalid'])
  })

  it('whose key was rotated away, swapped, or is there twice has no key', async () => {
    const replaced = { ...stranger, jwk: { ...stranger.jwk, kid: 'key-9' } }
    expect(await told([receipt()], { issuers: [receiptIssuer([replaced])] })).toEqual(['key-unknown'])
    expect(await told([receipt()], { issuers: [receiptIssuer([stranger])] })).toEqual(['signature-invalid'])
    expect(await told([receipt()], { issuers: [receiptIssuer([key, stranger])] })).toEqual(['key-unknown'])
    expect(await told([receipt()], { issuers: [receiptIssuer([key, replaced])] })).toEqual(['good'])
  })

  it.each<[string, object]>([
    ['another curve', { crv: 'P-384' }],
    ['another kind', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a use for encryption', { use: 'enc' }],
    ['operations without verify', { key_ops: ['encrypt'] }],
    ['another algorithm', { alg: 'ES384' }],
    ['its private half', { d: 'AAAA' }],
    ['a point that is none', { x: 'AAAA' }],
    ['no point', { x: undefined }],
  ])('whose key has %s has none that can be used', async (_, more) => {
    const issuers = [receiptIssuer([{ ...key, jwk: { ...key.jwk, ...more } }])]
    expect(await told([receipt()], { issuers })).toEqual(['key-unknown'])
  })

  it('by an algorithm of another key has none', async () => {
    const header = { alg: 'EdDSA' }
    expect(await told([signedJws(key, receiptClaims(), { header })])).toEqual(['key-unknown'])
  })

  it('in DER is no signature of JWS, and one of JWS is none in DER', async () => {
    const sign = (input: Buffer): Uint8Array => derSignature(key, input)
    expect(await told([signedJws(key, receiptClaims(), { sign })])).toEqual(['signature-invalid'])
    for (const bytes of [Buffer.alloc(64), Buffer.alloc(65), Buffer.alloc(63, 1)]) {
      expect(await told([signedJws(key, receiptClaims(), { sign: () => bytes })])).toEqual(['signature-invalid'])
    }
    expect(await told([signedJws(edKey, receiptClaims(), { sign: () => Buffer.alloc(64) })])).toEqual([
      'signature-invalid',
    ])
  })

  it('under a revoked key does not count, since then or at all', async () => {
    const thumbprint = await calculateJwkThumbprint(key.jwk)
    const revoked = (it: object): ReceiptIssuer['revoked'] => [{ kid: undefined, thumbprint: undefined, at: 0, ...it }]
    const iat = receiptClaims()['iat'] as number
    for (const [one, expected] of [
      [{ kid: 'key-1' }, 'key-revoked'],
      [{ thumbprint }, 'key-revoked'],
      [{ kid: 'key-1', at: iat * 1_000 }, 'key-revoked'],
      [{ kid: 'key-1', at: iat * 1_000 + 1 }, 'good'],
      [{ kid: 'key-2' }, 'good'],
    ] as const) {
      expect(await told([receipt()], { issuers: [receiptIssuer([key, edKey], { revoked: revoked(one) })] })).toEqual([
        expected,
      ])
    }
  })

  it('of an issuer whom nobody named does not count, however like a named one it is called', async () => {
    for (const iss of ['https://evil.example', `${gateway}/`, gateway.toUpperCase(), `${gateway}.evil.example`]) {
      expect(await told([receipt((it) => (it['iss'] = iss))])).toEqual(['issuer-unknown'])
    }
    const other = receiptIssuer([key], { issuer: 'https://other.example' })
    expect(await told([receipt()], { issuers: [other] })).toEqual(['issuer-unknown'])
    // One issuer signs in the name of another.
    const both = [receiptIssuer([stranger]), receiptIssuer([key], { issuer: 'https://other.example' })]
    expect(await told([receipt()], { issuers: both })).toEqual(['signature-invalid'])
  })

  it('of a time that cannot be is untimely', async () => {
    const ended = Date.parse('2026-02-01T10:00:00Z') / 1_000
    const iat = (value: number) => (it: Claims) => (it['iat'] = value)
    expect(await told([receipt(iat(ended - 299))])).toEqual(['good'])
    expect(await told([receipt(iat(ended - 302))])).toEqual(['untimely'])
    expect(await told([receipt(iat(now.getTime() / 1_000 + 300))])).toEqual(['good'])
    expect(await told([receipt(iat(now.getTime() / 1_000 + 301))])).toEqual(['untimely'])
    for (const more of [{ exp: ended }, { nbf: ended + 61 }]) {
      expect(await told([receipt((it) => Object.assign(it, more))])).toEqual(['untimely'])
    }
    const at = (receiptClaims()['iat'] as number) * 1_000
    for (const [more, expected] of [
      [{ notBefore: at + 1 }, 'untimely'],
      [{ notAfter: at }, 'untimely'],
      [{ notBefore: at, notAfter: at + 1 }, 'good'],
    ] as const) {
      expect(await told([receipt()], { issuers: [receiptIssuer([key], more)] })).toEqual([expected])
    }
  })

  it('long after its expiry still tells what was seen', async () => {
    expect(await told([receipt((it) => (it['exp'] = (it['iat'] as number) + 1))])).toEqual(['good'])
  })

  it('of a name that another one has counts as little as that one', async () => {
    const [one, two] = [receipt(), receipt((it) => (it['sub'] = 'bob@example.org'))]
    expect(await told([one, two])).toEqual(['replayed', 'replayed'])
    // Also where the other is of a session that is not here.
    const elsewhere = receipt((it) => (it.session['id'] = 'another'))
    expect(await told([one, elsewhere])).toEqual(['unclaimed', 'replayed'])
    expect(await told([one, one])).toEqual(['good'])
    // The same content with another signature, which whoever has one can make of it (r, n - s).
    const again = signedJws(key, receiptClaims(), { sign: (input) => bareSignature(key, input) })
    expect(await told([one, again])).toEqual(['good'])
    // Nobody but the issuer can take a receipt its name.
    expect(await told([one, receipt((it) => (it['sub'] = 'bob@example.org'), stranger)])).toEqual([
      ...['signature-invalid', 'good'],
    ])
    const other = receiptIssuer([stranger], { issuer: 'https://other.example' })
    const theirs = receipt((it) => (it['iss'] = 'https://other.example'), stranger)
    expect(await told([one, theirs], { issuers: [receiptIssuer([key]), other] })).toEqual(['good', 'good'])
  })

  it('is strictly what it is: members twice, text around it, spellings of the same bytes', async () => {
    const text = JSON.stringify(receiptClaims())
    const twice = `${text.slice(0, -1)},"sub":"mallory@example.org"}`
    const header = '{"alg":"ES256","kid":"key-1","kid":"key-2","typ":"ai-session-receipt+jwt"}'
    const good = receipt()
    for (const forged of [
      ...[signedJws(key, {}, { payload: twice }), signedJws(key, receiptClaims(), { headerText: header })],
      ...[signedJws(key, {}, { payload: '[]' }), signedJws(key, {}, { payload: '{"__proto__":{}}' })],
      ...[` ${good}`, `${good}.`, `${good}=`, good.replaceAll('.', '..'), '', '..', 'a.b', '{"payload":""}'],
      good.replace(/^./, 'é'),
    ]) {
      expect(await told([forged]), forged).toEqual(['malformed'])
    }
    // 64 bytes leave four bits of the last digit, which a lax reader ignores.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(good.at(-1) ?? '')
    expect(await told([good.slice(0, -1) + (alphabet[last + 1] ?? '')])).toEqual(['malformed'])
  })

  it('has every member that it needs, and of its kind', async () => {
    for (const edit of [
      ...(['iss', 'aud', 'sub', 'jti', 'iat', 'session'] as const).map(
        (name) => (it: Claims) => Reflect.deleteProperty(it, name),
      ),
      ...(['id', 'tool', 'started_at', 'ended_at', 'models'] as const).map(
        (name) => (it: Claims) => Reflect.deleteProperty(it.session, name),
      ),
      (it: Claims) => (it['iat'] = '1'),
      (it: Claims) => (it['iat'] = 1.5),
      (it: Claims) => (it['aud'] = []),
      (it: Claims) => (it['sub'] = ''),
      (it: Claims) => (it['commits'] = []),
      (it: Claims) => (it['commits'] = ['abc']),
      (it: Claims) => (it.session['started_at'] = '2026-02-01T10:00:01Z'),
      (it: Claims) => (it.session['started_at'] = '2026-02-31T09:00:00'),
    ]) {
      expect(await told([receipt(edit)]), edit.toString()).toEqual(['malformed'])
    }
    expect(await told([receipt((it) => (it['more'] = 'for others'))])).toEqual(['good'])
    expect(await told([signedJws(key, receiptClaims(), { header: { kid: '' } })])).toEqual(['malformed'])
    expect(await told([signedJws(key, receiptClaims(), { header: { kid: ['key-1'] } })])).toEqual(['malformed'])
  })

  it('has 64 kB and no more', async () => {
    const sized = (bytes: number): string => receipt((it) => (it['more'] = 'x'.repeat(bytes)))
    const around = Math.floor((limits.receiptBytes * 3) / 4) - 900
    const whole = sized(around)
    expect(whole.length).toBeLessThanOrEqual(limits.receiptBytes)
    expect(await told([whole])).toEqual(['good'])
    const large = sized(around + 2_000)
    expect(large.length).toBeGreaterThan(limits.receiptBytes)
    expect(await told([large])).toEqual(['malformed'])
  })

  it('of anything at all is refused, and takes none with it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await told([bytes, receipt()])).toEqual(['malformed', 'good'])
      }),
      { numRuns: runs(50) },
    )
  })
})

describe('what a receipt is about', () => {
  it('is a session that is claimed, of the same tool', async () => {
    expect(await told([receipt((it) => (it.session['id'] = 'another'))])).toEqual(['unclaimed'])
    expect(await told([receipt((it) => (it.session['tool'] = 'codex'))])).toEqual(['other-tool'])
    expect(await told([receipt()], { sessions: [[sessionOfReceipt, ['codex', 'claude-code']]] })).toEqual(['good'])
  })

  it('is the repository that is attested, whole', async () => {
    const aud = (value: unknown) => (it: Claims) => (it['aud'] = value)
    const own = 'git+https://github.com/acme/widget'
    for (const good of [own, 'git+https://github.com/Acme/Widget', ['git+https://x.example/y', own]]) {
      expect(await told([receipt(aud(good))])).toEqual(['good'])
    }
    for (const bad of [
      ...['https://github.com/acme/widget', `${own}.git`, `${own}/`, `${own}@main`, `${own}/pull/7`, `${own}2`],
      ...['git+https://github.com/mallory/x/../../acme/widget', 'git+https://github.com:443/acme/widget', 'git+'],
      ...['git+https://ann@github.com/acme/widget', 'git+https://github.com/acme', ['git+https://x.example/y']],
    ]) {
      expect(await told([receipt(aud(bad))]), String(bad)).toEqual(['other-repository'])
    }
    const at = (repository: string | undefined): Asked => ({ place: { repository } })
    expect(await told([receipt()], at(undefined))).toEqual(['other-repository'])
    expect(await told([receipt(aud('git+https://git.acme.example/Team/Widget'))], at('git@git.acme.example:Team/Widget.git')))
      .toEqual(['good']) // prettier-ignore
    expect(await told([receipt(aud('git+https://git.acme.example/team/widget'))], at('git@git.acme.example:Team/Widget.git')))
      .toEqual(['other-repository']) // prettier-ignore
  })

  it('is an audience of the list, where that has some', async () => {
    const issuers = [receiptIssuer([key], { audiences: ['urn:acme'] })]
    expect(await told([receipt((it) => (it['aud'] = 'urn:acme'))], { issuers })).toEqual(['good'])
    expect(await told([receipt()], { issuers })).toEqual(['other-repository'])
  })

  it('is who made every commit of the session', async () => {
    const by = (author: string, committer = 'noreply@github.com'): Partial<ClaimingCommit> => ({ author, committer })
    for (const [commits, expected] of [
      [[by(' ANN@example.org ')], 'good'],
      [[by('bob@example.org', 'ann@example.org')], 'good'],
      [[by('bob@example.org')], 'other-user'],
      [[by('ann@example.org'), by('mallory@example.org')], 'other-user'],
      [[by('ann@example.org.evil.example')], 'other-user'],
      [[by('')], 'other-user'],
    ] as const) {
      expect(await told([receipt()], { commits })).toEqual([expected])
    }
    expect(await told([receipt((it) => (it['sub'] = ' '))], { commits: [by('', '')] })).toEqual(['other-user'])
  })

  it('is who the list says, where it has a name that only the issuer understands', async () => {
    const opaque = receipt((it) => (it['sub'] = 'u-17'))
    const users = new Map([['u-17', ['ann@work.example', 'ann@example.org']]])
    for (const [it, expected] of [
      [users, 'good'],
      [new Map([['u-18', ['ann@example.org']]]), 'other-user'],
      ['opaque', 'other-user'],
      ['email', 'other-user'],
    ] as const) {
      expect(await told([opaque], { issuers: [receiptIssuer([key], { users: it })] })).toEqual([expected])
    }
    // An address is none of the names of the list.
    expect(await told([receipt()], { issuers: [receiptIssuer([key], { users })] })).toEqual(['other-user'])
    expect(await told([receipt()], { issuers: [receiptIssuer([key], { users: 'opaque' })] })).toEqual(['other-user'])
  })

  it('is the time of every commit', async () => {
    const [start, end] = ['2026-02-01T09:00:00Z', '2026-02-01T10:00:00Z'].map((it) => Date.parse(it) / 1_000)
    const at = (authored: number, committed = authored): Partial<ClaimingCommit> => ({ authored, committed })
    for (const [commits, expected] of [
      [[at(start! - 300)], 'good'],
      [[at(start! - 301)], 'other-time'],
      [[at(end! + 86_400)], 'good'],
      [[at(end! + 86_401)], 'other-time'],
      // Rebased a month later; and committed before there was a session.
      [[at(half, half + 2_600_000)], 'good'],
      [[at(half, start! - 301)], 'other-time'],
      [[at(half), at(0)], 'other-time'],
    ] as const) {
      expect(await told([receipt()], { commits }), JSON.stringify(commits)).toEqual([expected])
    }
  })

  it('are the commits that it names, where it names some', async () => {
    const named = receipt((it) => (it['commits'] = ['b'.repeat(40)]))
    const of = (it: Partial<ClaimingCommit>): Asked => ({ commits: [it] })
    expect(await told([named])).toEqual(['other-commits'])
    expect(await told([named], of({ commit: 'b'.repeat(40) }))).toEqual(['good'])
    expect(await told([named], of({ change: 'b'.repeat(40) }))).toEqual(['good'])
    expect(await told([named], { commits: [{ commit: 'b'.repeat(40) }, {}] })).toEqual(['other-commits'])
  })

  it('is told link by link, and nobody is named', async () => {
    const forged = receipt((it) => {
      it['aud'] = 'git+https://github.com/acme/other'
      it['sub'] = 'mallory@example.org'
      it['commits'] = ['c'.repeat(40)]
    })
    const verify = receiptVerifier(
      [Buffer.from(forged)],
      [receiptIssuer([key])],
      { repository: 'https://github.com/acme/widget', asks: false },
      worldOf({ now: () => now }),
    )
    const { receipts } = await verify(new Map([[sessionOfReceipt, new Set(['claude-code'])]]))
    const { agreement, missing } = receipts[0]!.hold([{ ...commit, authored: 0 }])
    expect(agreement).toEqual({ user: false, repository: false, time: false, commits: false })
    expect(missing.map(({ code }) => code)).toEqual([
      ...['receipt-other-repository', 'receipt-other-user', 'receipt-other-time', 'receipt-other-commits'],
    ])
    expect(JSON.stringify(missing)).not.toMatch(/mallory|ann@|acme\/other/)
  })

  it('is nothing where nobody could look at a commit', async () => {
    const verify = receiptVerifier(
      [Buffer.from(receipt())],
      [receiptIssuer([key])],
      { repository: 'https://github.com/acme/widget', asks: false },
      worldOf({ now: () => now }),
    )
    const { receipts } = await verify(new Map([[sessionOfReceipt, new Set(['claude-code'])]]))
    expect(receipts[0]!.hold([]).agreement).toMatchObject({ user: false, time: false })
  })
})

it('a key that is none of a curve has no thumbprint, and verifies nothing', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = { ...key, jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'key-1' } }
  expect(await told([receipt()], { issuers: [receiptIssuer([rsa])] })).toEqual(['key-unknown'])
})
