import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isInList, parseAllowedSigners } from '../../../src/collect/signatures/allowed-signers.ts'
import type { AllowedSigner } from '../../../src/collect/signatures/allowed-signers.ts'
import { CountersignError } from '../../../src/errors.ts'
import { codeOf } from '../../world/failure.ts'
import { ed25519Key, string } from '../../world/commit-signature.ts'
import { runs } from '../../world/runs.ts'

const key = ed25519Key()
const seconds = (iso: string): number => Date.parse(iso) / 1_000

function only(line: string): AllowedSigner | undefined {
  return parseAllowedSigners(line).signers[0]
}

/** Names that a list of patterns lets in. */
function letsIn(patterns: string, names: readonly string[]): string[] {
  const { principals = [] } = only(`${patterns} ${key.text}`) ?? {}
  return names.filter((it) => isInList(it, principals))
}

describe('a file of allowed signers', () => {
  test('has a line for each, with comments and empty lines between', () => {
    const text = `# people\n\nann@example.org ${key.text}\r\n  ben@example.org\t${key.text} Ben's own key\n`
    expect(parseAllowedSigners(text).signers.map(({ line, fingerprint }) => [line, fingerprint])).toEqual([
      [3, key.fingerprint],
      [4, key.fingerprint],
    ])
  })

  test('is read as ssh-keygen wrote its keys', () => {
    const text = readFileSync(new URL('../../../fixtures/commit-signatures/allowed_signers', import.meta.url), 'utf8')
    const { signers, unused } = parseAllowedSigners(text)
    expect(signers.length).toBe(5)
    expect(unused).toEqual([{ line: 6, why: 'the key is too short' }])
  })

  test('lets in by patterns', () => {
    const names = [
      'ann@example.org',
      'ben@example.org',
      'ben@example.com',
      'Ann@example.org',
      'ann@example.org.evil.example',
    ]
    expect(letsIn('ann@example.org', names)).toEqual(['ann@example.org'])
    expect(letsIn('*@example.org', names)).toEqual(['ann@example.org', 'ben@example.org', 'Ann@example.org'])
    expect(letsIn('*@example.org,!ann@*', names)).toEqual(['ben@example.org', 'Ann@example.org'])
    expect(letsIn('!ann@*,*@example.org', names)).toEqual(['ben@example.org', 'Ann@example.org'])
    expect(letsIn('!ann@*', names)).toEqual([])
    expect(letsIn('"?en@*"', names)).toEqual(['ben@example.org', 'ben@example.com'])
    expect(letsIn('a.n@*', ['ann@x', 'a.n@x'])).toEqual(['a.n@x'])
  })

  test('says for what and for how long', () => {
    expect(
      only(`a namespaces="git,file",valid-after="20260101Z",valid-before="202602010000Z" ${key.text}`),
    ).toMatchObject({
      namespaces: [
        { text: 'git', isNegated: false },
        { text: 'file', isNegated: false },
      ],
      validAfter: seconds('2026-01-01T00:00:00Z'),
      validBefore: seconds('2026-02-01T00:00:00Z'),
    })
    expect(only(`a ${key.text}`)).toMatchObject({ namespaces: undefined, validAfter: 0, validBefore: Infinity })
  })

  test('lets in no longer than any zone means where it names none', () => {
    expect(only(`a valid-after="20260101",valid-before="20260201123456" ${key.text}`)).toMatchObject({
      validAfter: seconds('2026-01-01T12:00:00Z'),
      validBefore: seconds('2026-01-31T22:34:56Z'),
    })
  })

  test('names authorities, and keys of other kinds, in vain', () => {
    const text = [
      `*@example.org cert-authority ${key.text}`,
      `*@example.org namespaces="git",cert-authority ${key.text}`,
      `a ssh-dss ${string('ssh-dss').toString('base64')}`,
    ]
    const { signers, unused } = parseAllowedSigners(text.join('\n'))
    expect(signers).toEqual([])
    expect(unused.map(({ line }) => line)).toEqual([1, 2, 3])
  })

  const blob = key.text.split(' ')[1] ?? ''
  test.for([
    'ann@example.org',
    'ann@example.org ssh-ed25519',
    `ssh-ed25519 ${blob}`,
    `ann@example.org ssh-ed25519 ${blob.slice(0, -4)}`,
    `ann@example.org ssh-ed25519 ${blob.slice(0, -1)}!`,
    `ann@example.org ssh-rsa ${blob}`,
    `ann@example.org, ben@example.org ${key.text}`,
    `ann@example.org,,ben@example.org ${key.text}`,
    `! ${key.text}`,
    `a"b ${key.text}`,
    `a"b"c ${key.text}`,
    `a no-touch-required ${key.text}`,
    `a namespaces ${key.text}`,
    `a namespaces=git ${key.text}`,
    `a namespaces="" ${key.text}`,
    `a cert-authority="yes" ${key.text}`,
    `a namespaces="git",namespaces="file" ${key.text}`,
    `a namespaces="git", ${key.text}`,
    `a namespaces="git" valid-after="20260101Z" ${key.text}`,
    `a valid-before="20260230Z" ${key.text}`,
    `a valid-before="2026-02-01" ${key.text}`,
    `a valid-before="20260201T000000Z" ${key.text}`,
    `a valid-before="20260101246000Z" ${key.text}`,
    `a valid-after="20260201Z",valid-before="20260101Z" ${key.text}`,
  ])('is refused for %j', (line) => {
    expect(codeOf(() => parseAllowedSigners(`# one\n${line}\n`))).toBe('allowed-signers-malformed')
  })

  test('of any text is read or refused', () => {
    const part = fc.constantFrom(
      ...['ann', '*', '!', ',', '"', ' ', '\n', '=', 'cert-authority', 'namespaces=', key.text],
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((it) => it.join('')),
        ),
        (text) => {
          try {
            parseAllowedSigners(text)
          } catch (thrown) {
            expect(thrown instanceof CountersignError && thrown.code).toBe('allowed-signers-malformed')
          }
        },
      ),
      { numRuns: runs(1_000) },
    )
  })

  test('matches as a regular expression of the pattern would', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?')).map((it) => it.join(''))
    const plain = fc.array(fc.constantFrom('a', 'b')).map((it) => it.join(''))
    fc.assert(
      fc.property(letters, plain, (text, name) => {
        const expression = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(isInList(name, [{ text, isNegated: false }])).toBe(expression.test(name))
      }),
      { numRuns: runs(1_000) },
    )
  })
})
