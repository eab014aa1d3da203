import { describe, expect, test } from 'vitest'
import { parseAllowedSigners } from '../../../src/collect/signatures/allowed-signers.ts'
import { knownKeys } from '../../../src/collect/signatures/known-keys.ts'
import { whoseKnownKey, whoseSshKey } from '../../../src/collect/signatures/whose-key.ts'
import { ed25519Key } from '../../world/commit-signature.ts'

const key = ed25519Key()
const time = Date.parse('2026-01-01T00:00:00Z') / 1_000
const identity = (address: string, at = time): { address: string; time: number } => ({ address, time: at })
const by = (committer: string, author = committer): Parameters<typeof whoseSshKey>[1] => ({
  author: identity(author),
  committer: identity(committer),
})

function whose(line: string, identities = by('ann@example.org')): unknown {
  return whoseSshKey(key.fingerprint, identities, parseAllowedSigners(line).signers)
}

const unbound = { unbound: expect.any(String) as string }

describe('the key of a person', () => {
  test('is one that a line names with the address of committer or author', () => {
    expect(whose(`ann@example.org ${key.text}`)).toBe('person')
    expect(whose(`*@example.org ${key.text}`)).toBe('person')
    expect(whose(`ann@example.org ${key.text}`, by('ben@example.org', 'ann@example.org'))).toBe('person')
  })

  test('is nobody’s where no line names it', () => {
    expect(whose(`ann@example.org ${ed25519Key().text}`)).toBeUndefined()
    expect(whose('')).toBeUndefined()
  })

  test('is not that of somebody else', () => {
    expect(whose(`ann@example.org ${key.text}`, by('ben@example.org'))).toEqual(unbound)
    expect(whose(`ann@example.org ${key.text}`, by('ann@example.org.evil.example'))).toEqual(unbound)
    expect(whose(`*,!ann@example.org ${key.text}`)).toEqual(unbound)
  })

  test('is for git, and for its time', () => {
    expect(whose(`ann@example.org namespaces="file" ${key.text}`)).toEqual(unbound)
    expect(whose(`ann@example.org namespaces="*,!git" ${key.text}`)).toEqual(unbound)
    expect(whose(`ann@example.org namespaces="file,git" ${key.text}`)).toBe('person')
    expect(whose(`ann@example.org valid-after="20260101Z",valid-before="20260102Z" ${key.text}`)).toBe('person')
    expect(whose(`ann@example.org valid-after="202601010001Z" ${key.text}`)).toEqual(unbound)
    expect(whose(`ann@example.org valid-before="20251231Z" ${key.text}`)).toEqual(unbound)
  })

  test('is so by one line that says all of it', () => {
    const name = `ben@example.org ${key.text}`
    const use = `ann@example.org namespaces="file" ${key.text}`
    expect(whose(`${name}\n${use}`)).toEqual(unbound)
    expect(whose(`${name}\n${use}\nann@example.org ${key.text}`)).toBe('person')
  })

  test('is not taken for a commit whose committer cannot be read', () => {
    expect(whose(`* ${key.text}`, { author: identity('ann@example.org'), committer: undefined })).toEqual(unbound)
  })
})

describe('a key that is known', () => {
  const platform = 'SHA256:32dP45eSMmVSt/G/CGvcxl/P+MO3Nwj9xeTh/GSA2wc'
  const of = (fingerprint: string, identities = by('noreply@anthropic.com')): unknown =>
    whoseKnownKey([fingerprint], identities, knownKeys)

  test('is that of a platform for its own committer, since it is known', () => {
    expect(of(platform)).toBe('agent-platform')
    expect(of(platform, by('ann@example.org', 'noreply@anthropic.com'))).toEqual(unbound)
    expect(of(platform, { author: undefined, committer: undefined })).toEqual(unbound)
    expect(of(platform, { author: undefined, committer: identity('noreply@anthropic.com', 1_700_000_000) })).toEqual(
      unbound,
    )
  })

  test('is that of a forge whoever committed', () => {
    for (const fingerprint of [
      '968479A1AFF927E37D1A566BB5690EEEBB952194',
      '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23',
    ]) {
      expect(of(fingerprint)).toBe('forge')
    }
    // One of its subkeys would sign under the primary key.
    expect(whoseKnownKey(['0'.repeat(40), '968479A1AFF927E37D1A566BB5690EEEBB952194'], by('a@b'), knownKeys)).toBe(
      'forge',
    )
    expect(of('SHA256:ylvmNrhpOBqBQRVi0S8xv2meWLs/QnN7AztQlZY5UPE', by('noreply@gitlab.com'))).toBe('forge')
    expect(of(key.fingerprint)).toBeUndefined()
  })

  test('has a whole fingerprint, a day and a source', () => {
    for (const { fingerprint, since, source, signer, committer } of knownKeys) {
      expect(fingerprint).toMatch(/^(?:SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40})$/)
      expect(new Date(since).toISOString().slice(0, 10)).toBe(since)
      expect(source).not.toBe('')
      expect(committer === undefined).toBe(signer === 'forge')
    }
  })
})
