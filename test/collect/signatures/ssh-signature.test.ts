import fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { signedCommit } from '../../../src/collect/signatures/signed-commit.ts'
import { verifySshSignature } from '../../../src/collect/signatures/ssh-signature.ts'
import { runs } from '../../world/runs.ts'
import {
  commitPayload,
  ed25519Key,
  securityKey,
  signedBy,
  sshSignature,
  withSignature,
} from '../../world/commit-signature.ts'

const folder = new URL('../../../fixtures/commit-signatures/', import.meta.url)
const fixture = (name: string): Buffer => readFileSync(new URL(name, folder))

/** The type of the key that signed a commit, or why there is none. */
function judged(object: Buffer | string): string {
  const signed = signedCommit(Buffer.from(object as string), 'sha1')
  if (typeof signed === 'string') return signed
  const key = verifySshSignature(signed.signature, signed.payload)
  return typeof key === 'string' ? key : key.type
}

describe('an SSH signature of a commit', () => {
  test.for([
    ['ssh-ed25519', 'ssh-ed25519'],
    ['ssh-ecdsa-256', 'ecdsa-sha2-nistp256'],
    ['ssh-ecdsa-384', 'ecdsa-sha2-nistp384'],
    ['ssh-ecdsa-521', 'ecdsa-sha2-nistp521'],
    ['ssh-rsa-3072', 'ssh-rsa'],
    ['ssh-rsa-1024', 'weak'],
  ] as const)('that ssh-keygen made (%s) is of %s', ([name, type]) => {
    expect(judged(fixture(`${name}.commit`))).toBe(type)
  })

  test.for(readdirSync(folder).filter((it) => it.startsWith('ssh-') && !it.includes('1024')))(
    'is not one of another message, tree or time (%s)',
    (name) => {
      const text = fixture(name).toString('latin1')
      for (const [from, to] of [
        ['Change it', 'Change if'],
        ['tree 4b', 'tree 4c'],
        ['1767225600', '1767225601'],
      ] as const) {
        expect(judged(Buffer.from(text.replaceAll(from, to), 'latin1'))).toBe('wrong')
      }
    },
  )

  const key = ed25519Key()

  test('counts with either digest', () => {
    expect(judged(signedBy(key, {}, { hash: 'sha256' }))).toBe('ssh-ed25519')
    expect(judged(signedBy(key, {}, { hash: 'sha512' }))).toBe('ssh-ed25519')
    expect(judged(signedBy(key, {}, { hash: 'sha1' }))).toBe('unsupported')
  })

  test('is none where it was made of something else', () => {
    expect(judged(signedBy(key, {}, { namespace: 'file' }))).toBe('wrong-namespace')
    expect(judged(signedBy(key, {}, { namespace: 'git\0' }))).toBe('wrong-namespace')
    expect(judged(signedBy(key, {}, { reserved: 'x' }))).toBe('unsupported')
  })

  test('of another commit is wrong', () => {
    const signature = sshSignature(key, commitPayload({ message: 'Another\n' }))
    expect(judged(withSignature(commitPayload(), signature))).toBe('wrong')
  })

  test('by a security key counts if somebody touched it', () => {
    expect(judged(signedBy(securityKey('ed25519', 1)))).toBe('sk-ssh-ed25519@openssh.com')
    expect(judged(signedBy(securityKey('ecdsa', 5)))).toBe('sk-ecdsa-sha2-nistp256@openssh.com')
    expect(judged(signedBy(securityKey('ed25519', 0)))).toBe('no-presence')
    expect(judged(signedBy(securityKey('ecdsa', 4)))).toBe('no-presence')
  })

  test('by a security key is over what the key saw', () => {
    const untouched = securityKey('ed25519', 0)
    // Whoever has such a signature sets the flag by hand.
    const lifted = { ...untouched, sign: (it: Buffer) => setFlag(untouched.sign(it)) }
    expect(judged(signedBy(lifted))).toBe('wrong')
  })

  test('says the scheme of its key', () => {
    const other = {
      ...key,
      sign: (it: Buffer) =>
        Buffer.from(key.sign(it).toString('latin1').replace('ssh-ed25519', 'ssh-ed25518'), 'latin1'),
    }
    expect(judged(signedBy(other))).toBe('unsupported')
  })

  test('that was changed in any byte is none, and breaks nothing', () => {
    const payload = Buffer.from(commitPayload())
    const armoured = sshSignature(key, payload)
    const blob = Buffer.from(armoured.split('\n').slice(1, -2).join(''), 'base64')
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(blob)
        changed[at] = (changed[at] ?? 0) ^ change
        const text = ['-----BEGIN SSH SIGNATURE-----', changed.toString('base64'), '-----END SSH SIGNATURE-----', '']
        expect(typeof verifySshSignature(text.join('\n'), payload)).toBe('string')
      }),
      { numRuns: runs(500) },
    )
  })

  test('that is any text breaks nothing', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), it]))
    fc.assert(
      fc.property(bytes, (it) => {
        const text = `-----BEGIN SSH SIGNATURE-----\n${it.toString('base64')}\n-----END SSH SIGNATURE-----\n`
        expect(typeof verifySshSignature(text, Buffer.from('x'))).toBe('string')
      }),
    )
  })
})

function setFlag(signature: Buffer): Buffer {
  signature[signature.length - 5] = 1
  return signature
}

describe('the signature of a commit', () => {
  const key = ed25519Key()

  test('is cut out of the header, and the rest was signed', () => {
    const payload = commitPayload({ message: 'gpgsig is a word here\n\ngpgsig x\n y\n' })
    const signed = signedCommit(Buffer.from(withSignature(payload, sshSignature(key, payload))), 'sha1')
    expect(signed).toMatchObject({
      author: { address: 'ann@example.org', time: 1_767_225_600 },
      committer: { address: 'ann@example.org', time: 1_767_225_600 },
    })
    expect(typeof signed === 'object' && signed.payload.toString()).toBe(payload)
  })

  test('is that of its own kind of ids; the other is no part of what it signs', () => {
    const both = withSignature(signedBy(key), 'another', 'gpgsig-sha256')
    expect(judged(both)).toBe('ssh-ed25519')
    expect(signedCommit(Buffer.from(withSignature(commitPayload(), 'another', 'gpgsig-sha256')), 'sha1')).toBe(
      'unsigned',
    )
    expect(signedCommit(Buffer.from(signedBy(key)), 'sha256')).toBe('unsigned')
  })

  test('is none where there are two', () => {
    const object = withSignature(signedBy(key), sshSignature(ed25519Key(), 'x'))
    expect(signedCommit(Buffer.from(object), 'sha1')).toBe('malformed')
  })

  test('does not stand in a message', () => {
    const payload = commitPayload()
    expect(judged(payload + withSignature('\n\n', sshSignature(key, payload)))).toBe('unsigned')
  })

  test.for(['Ann <ann@example.org> <eve@example.org>', 'Ann ann@example.org', 'Ann <ann@example.org'])(
    'leaves open who %j is',
    (committer) => {
      expect(signedCommit(Buffer.from(signedBy(key, { committer })), 'sha1')).toMatchObject({ committer: undefined })
    },
  )

  test('has no committer where there are two', () => {
    const payload = commitPayload().replace('\n\n', '\ncommitter Eve <eve@example.org> 1 +0000\n\n')
    const object = withSignature(payload, sshSignature(key, payload))
    expect(signedCommit(Buffer.from(object), 'sha1')).toMatchObject({ committer: undefined })
  })

  test('is read of any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('gpgsig', ' ', '\n', 'tree', 'committer', '<a>', ' x', '1')), (parts) => {
        expect(['string', 'object']).toContain(typeof signedCommit(Buffer.from(parts.join('')), 'sha1'))
      }),
    )
  })
})
