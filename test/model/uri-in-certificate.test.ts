import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsName, signerName } from '../../src/model/certified-name.ts'
import { compilePattern } from '../../src/model/identity.ts'
import { uriInCertificate } from '../../src/model/uri-in-certificate.ts'
import { anyText } from '../world/any-text.ts'
import { runs } from '../world/runs.ts'

const atoms = "a Z 9 . ~ ! ' ( * @ : / [ < | % %41 %2F ö ? #".split(' ').concat(' ')
const texts = fc.string({
  unit: fc.oneof(fc.constantFrom(...atoms), anyText({ maxLength: 1 })),
  maxLength: 20,
})
const names = texts.map((text) => `https://github.com/acme/widget/.github/workflows/${text}`)

describe('a URI as Go writes it', () => {
  it('stays as it is from then on, is ASCII, and says the same', () => {
    fc.assert(
      fc.property(fc.oneof(texts, names), (text) => {
        const written = uriInCertificate(text)
        if (written === undefined) return
        expect(uriInCertificate(written)).toBe(written)
        expect(written).toMatch(/^[\x20-\x7e]*$/)
        const bytes = (it: string): string =>
          it.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
        // A fragment that is empty is left out, and the scheme is written small.
        const said = bytes(Buffer.from(text.replace(/^([^#]*)#$/, '$1')).toString('latin1'))
        expect(bytes(written).toLowerCase()).toBe(said.toLowerCase())
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('is the same text for what every job is called', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^https:\/\/[a-z]{1,9}\.[a-z]{1,9}(?:\/[A-Za-z0-9._@:+~-]{0,9}){0,5}$/), (text) => {
        expect(uriInCertificate(text)).toBe(text)
      }),
      { numRuns: runs(2_000) },
    )
  })

  it.each([
    ['https://[::1]:8080/x', 'https://[::1]:8080/x'],
    ['https://[::g]/x', undefined],
    ['https://a:b/x', undefined],
    ['https://a:1:2/x', undefined],
    ['https://a..b/x', undefined],
    ['https://user@host/x', undefined],
    ['https://h%6Fst/x', undefined],
    [':x', undefined],
    ['//host/x', undefined],
    ['https:/%2Fhost ', undefined],
    ['https:', 'https:'],
    ['urn:a:b c', 'urn:a:b c'],
    ['github.com/a b', 'github.com/a%20b'],
    ['a:b/c', 'a:b/c'],
    ['1a:b/c', undefined],
  ])('%s → %s', (text, written) => {
    expect(uriInCertificate(text)).toBe(written)
  })
})

const root = 'https://github.com/acme/widget/.github/workflows'
const fits = (pattern: string, name: string): boolean => fitsName(compilePattern(pattern, 'the pattern'), name)
const nameOf = (value: string, buildSignerUri?: string): string | undefined =>
  signerName({
    subjectAlternativeName: { kind: 'uri', value },
    extensions: buildSignerUri === undefined ? {} : { buildSignerUri },
  })

describe('the name of a signer', () => {
  it('is the one before it was escaped, where the certificate says which that was', () => {
    expect(nameOf(`${root}/a.yml@refs/heads/%C3%B6`, `${root}/a.yml@refs/heads/ö`)).toBe(`${root}/a.yml@refs/heads/ö`)
    expect(nameOf(`${root}/a.yml@refs/heads/%C3%B6`)).toBe(`${root}/a.yml@refs/heads/%C3%B6`)
    expect(nameOf(`${root}/a.yml@refs/heads/main`, `${root}/evil.yml@refs/heads/main`)).toBe(
      `${root}/a.yml@refs/heads/main`,
    )
    const extensions = { tokenSubject: 'spiffe://acme.example/ö' }
    const subjectAlternativeName = { kind: 'uri', value: 'spiffe://acme.example/%C3%B6' } as const
    expect(signerName({ subjectAlternativeName, extensions })).toBe('spiffe://acme.example/ö')
    const email = { kind: 'email', value: 'a@b' } as const
    expect(signerName({ subjectAlternativeName: email, extensions: { buildSignerUri: 'x' } })).toBe('a@b')
  })

  it.each([
    ['as it is', `${root}/my build.yml@refs/heads/größe`],
    ['escaped', `${root}/my%20build.yml@refs/heads/gr%C3%B6%C3%9Fe`],
    ['with a wildcard', `${root}/my build.yml@**`],
    ['escaped, with a wildcard', `${root}/my%20build.yml@refs/heads/*`],
    ['as any of the repository', `${root}/*@**`],
  ])('is met %s', (_, pattern) => {
    expect(fits(pattern, `${root}/my build.yml@refs/heads/größe`)).toBe(true)
  })

  it.each([
    ['another branch with the same SAN', `${root}/a.yml@refs/heads/ö`, `${root}/a.yml@refs/heads/%C3%B6`],
    ['half of an escape', `${root}/a.yml@refs/heads/öö`, `${root}/a.yml@refs/heads/ö%C3%B6`],
    ['lower case in an escape', `${root}/a.yml@refs/heads/%c3%b6`, `${root}/a.yml@refs/heads/ö`],
    ['a file that reads as another once it is escaped', `${root}/release.yml@**`, `${root}/release%2Eyml@refs/heads/ö`],
    [
      'a file that brings a ref along',
      `${root}/release.yml@refs/tags/**`,
      `${root}/release.yml%40refs%2Ftags%2Fv1 .yml@refs/heads/x`,
    ],
    [
      'a file in a folder that is none',
      `${root}/*@**`,
      `${root.replace('.github/workflows', 'x%2F..%2F.github%2Fworkflows')}/ö.yml@refs/heads/x`,
    ],
    ['an address that is none', 'a%20b@acme.example', 'a b@acme.example'],
  ])('is not met by %s', (_, pattern, name) => {
    expect(fits(pattern, name)).toBe(false)
  })

  it('with a % of its own is met whole, as it is or as the certificate has it', () => {
    const name = `${root}/a.yml@refs/heads/100%25ö`
    expect(fits(name, name)).toBe(true)
    expect(fits(`${root}/a.yml@refs/heads/100%25%C3%B6`, name)).toBe(true)
    expect(fits(`${root}/a.yml@refs/heads/*`, name)).toBe(true)
  })
})
