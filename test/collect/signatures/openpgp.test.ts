import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { onTestFinished, describe, expect, test } from 'vitest'
import { newGpgv } from '../../../src/collect/signatures/gpgv.ts'
import { answerOf, keyringBytes, openPgpSignature } from '../../../src/collect/signatures/openpgp.ts'
import { signedCommit } from '../../../src/collect/signatures/signed-commit.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/commit-signatures/${name}`, import.meta.url))

const [key, primary] = ['D8274EC3BBA629F0DAD23374D77836B9D643F1FB', '07AF14110948A85BF5F5CE0C7017FE9EBC3EB708']

/** What gpgv says of a good signature, with parts of it replaced. */
function status(replaced: { readonly [word: string]: string | undefined } = {}): string {
  const lines: { [word: string]: string | undefined } = {
    NEWSIG: 'NEWSIG ann@example.org',
    KEY_CONSIDERED: `KEY_CONSIDERED ${primary} 0`,
    SIG_ID: 'SIG_ID sVuRfWFSWs31/lVffKZkx2ydJOs 2025-03-01 1740787200',
    GOODSIG: 'GOODSIG D77836B9D643F1FB Ann <ann@example.org>',
    VALIDSIG: `VALIDSIG ${key} 2025-03-01 1740787200 0 4 0 22 8 00 ${primary}`,
    ...replaced,
  }
  return Object.values(lines)
    .flatMap((it) => (it === undefined ? [] : [`[GNUPG:] ${it}\n`]))
    .join('')
}

describe('what gpgv says', () => {
  test('is a key where one signature is good and valid', () => {
    expect(answerOf(status(), 0)).toEqual([key, primary])
  })

  test('is that no key is known', () => {
    const text =
      '[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG 1FF39219229F2F0D 22 8 00 1740787200 9 -\n[GNUPG:] NO_PUBKEY 1FF39219229F2F0D\n'
    expect(answerOf(text, 2)).toBe('unknown-key')
  })

  test.for<[string, string, number]>([
    ['an exit code', status(), 1],
    ['nothing', '', 0],
    ['no GOODSIG', status({ GOODSIG: undefined }), 0],
    ['no VALIDSIG', status({ VALIDSIG: undefined }), 0],
    ['an expired key', status({ GOODSIG: 'EXPKEYSIG D77836B9D643F1FB Ann' }), 0],
    ['an expired key beside a good one', status({ more: 'EXPKEYSIG D77836B9D643F1FB Ann' }), 0],
    ['a revoked key', status({ more: 'REVKEYSIG D77836B9D643F1FB Ann' }), 0],
    ['an expired signature', status({ more: 'EXPSIG D77836B9D643F1FB Ann' }), 0],
    ['a bad one beside it', status({ more: 'BADSIG D77836B9D643F1FB Ann' }), 0],
    ['two signatures', status({ more: 'NEWSIG' }), 0],
    ['two good ones', status({ more: 'GOODSIG D77836B9D643F1FB Ann' }), 0],
    ['two valid ones', status({ more: `VALIDSIG ${key} 2025-03-01 1740787200 0 4 0 22 8 00 ${primary}` }), 0],
    ['a word that nobody knows', status({ more: 'SOMETHING new' }), 0],
    ['a line of its own', `${status()}gpgv: good\n`, 0],
    ['a text signature', status({ VALIDSIG: `VALIDSIG ${key} 2025-03-01 1740787200 0 4 0 22 8 01 ${primary}` }), 0],
    ['a short key id', status({ VALIDSIG: 'VALIDSIG D77836B9D643F1FB 2025-03-01 1740787200 0 4 0 22 8 00' }), 0],
  ])('is no key for %s', ([, text, exitCode]) => {
    expect(answerOf(text, exitCode)).toBe('wrong')
  })

  test('is no key for SHA-1', () => {
    const line = `VALIDSIG ${key} 2025-03-01 1740787200 0 4 0 22 2 00 ${primary}`
    expect(answerOf(status({ VALIDSIG: line }), 0)).toBe('weak')
  })
})

function signatureOf(name: string): { signature: Buffer | undefined; payload: Buffer; armoured: string } {
  const signed = signedCommit(fixture(`openpgp-${name}.commit`), 'sha1')
  if (typeof signed === 'string') throw new Error(signed)
  return { signature: openPgpSignature(signed.signature), payload: signed.payload, armoured: signed.signature }
}

describe('OpenPGP', () => {
  test('has one signature in its armour, and nothing else', () => {
    const { signature = Buffer.alloc(0), armoured } = signatureOf('good')
    expect(signature.length).toBeGreaterThan(64)
    const armour = (bytes: Buffer): string =>
      `-----BEGIN PGP SIGNATURE-----\n\n${bytes.toString('base64')}\n-----END PGP SIGNATURE-----\n`
    expect(openPgpSignature(armour(signature))).toEqual(signature)
    expect(openPgpSignature(armour(Buffer.concat([signature, signature])))).toBeUndefined()
    expect(openPgpSignature(armour(signature.subarray(0, -1)))).toBeUndefined()
    // A key.
    expect(openPgpSignature(armour(Buffer.from([0x98, 4, 1, 2, 3, 4])))).toBeUndefined()
    // Compressed data, which could be a signature or a bomb.
    expect(openPgpSignature(armour(Buffer.concat([Buffer.from([0xa3]), signature])))).toBeUndefined()
    expect(openPgpSignature(armoured.replaceAll('SIGNATURE', 'MESSAGE'))).toBeUndefined()
    expect(openPgpSignature(`x\n${armoured}`)).toBeUndefined()
  })

  test('has keyrings, armoured or not', () => {
    const bytes = fixture('keyring.gpg')
    const text = `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: of a test\n\n${bytes.toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----\n`
    expect(keyringBytes(bytes)).toEqual(bytes)
    expect(keyringBytes(Buffer.from(text))).toEqual(bytes)
    expect(keyringBytes(Buffer.from('ann@example.org ssh-ed25519 AAAA'))).toBeUndefined()
    expect(keyringBytes(Buffer.alloc(0))).toBeUndefined()
  })

  test('of any bytes is read or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (it) => {
        const text = `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from(it).toString('base64')}\n-----END PGP SIGNATURE-----`
        expect(['undefined', 'object']).toContain(typeof openPgpSignature(text))
        expect(['undefined', 'object']).toContain(typeof keyringBytes(Buffer.from(it)))
      }),
    )
  })
})

const hasGpgv = ((): boolean => {
  try {
    execFileSync('gpgv', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe('gpgv', () => {
  const env = { PATH: process.env['PATH'] }

  test.runIf(hasGpgv)('tells good signatures from others', async () => {
    const gpgv = newGpgv({ env, platform: process.platform, signal: undefined }, fixture('keyring.gpg'))
    onTestFinished(() => gpgv.close())
    const answers: { [name: string]: unknown } = {}
    for (const name of ['good', 'expired-key', 'revoked-key', 'unknown-key']) {
      const { signature = Buffer.alloc(0), payload } = signatureOf(name)
      answers[name] = await gpgv.verify(signature, payload)
    }
    const { signature = Buffer.alloc(0), payload } = signatureOf('good')
    answers['altered'] = await gpgv.verify(signature, Buffer.concat([payload, Buffer.from('\n')]))
    expect(answers).toEqual({
      good: [key, primary],
      'expired-key': 'wrong',
      'revoked-key': 'wrong',
      'unknown-key': 'unknown-key',
      altered: 'wrong',
    })
  })

  test('cannot look where it is not there', async () => {
    const gpgv = newGpgv(
      { env: { PATH: '/nowhere' }, platform: process.platform, signal: undefined },
      fixture('keyring.gpg'),
    )
    onTestFinished(() => gpgv.close())
    expect(await gpgv.verify(Buffer.from('x'), Buffer.from('y'))).toBe('cannot-look')
  })
})
