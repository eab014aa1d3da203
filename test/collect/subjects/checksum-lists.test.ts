/** Lists of checksums are known whoever wrote them, and nothing else is one. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { beginsAsChecksumList, checksumListIn, decodedText } from '../../../src/collect/subjects/checksum-lists.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'

const one = createHash('sha256').update('1').digest('hex')
const two = createHash('sha256').update('2').digest('hex')
const ONE = one.toUpperCase()
const TWO = two.toUpperCase()
const sri = `sha256-${Buffer.from(one, 'hex').toString('base64')}`
const signed = (body: string): string =>
  `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${body}-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n`
const heading = 'Algorithm       Hash                            Path\r\n---------       ----            ----\r\n'
const table = `\r\n${heading}SHA256  ${ONE}  D:\\a\\dist\\app.tgz\r\nSHA256  ${TWO}  D:\\a\\dist\\b.whl\r\n\r\n`

const namesIn = (text: string): readonly string[] | undefined => checksumListIn(text)?.files.map((it) => it.name)

describe('a list is known', () => {
  it.each<[string, string, string[]]>([
    ['of sha256sum', `${one}  dist/app.tgz\n${two} *b.whl\n`, ['app.tgz', 'b.whl']],
    ['with comments', `# by hand\n\n${one}  app.tgz\r\n`, ['app.tgz']],
    ['of BSD and openssl', `SHA256 (app.tgz) = ${one}\nSHA3-256(b.whl)= ${two}\n`, ['app.tgz', 'b.whl']],
    ['signed with PGP', signed(`${one}  app.tgz\n${two}  b.whl\n`), ['app.tgz', 'b.whl']],
    ['signed with PGP, BSD', signed(`# app.tgz: 3 bytes\n- SHA256 (app.tgz) = ${one}\n`), ['app.tgz']],
    ['signed with PGP, cut', `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${one}  app.tgz\n`, ['app.tgz']],
    ['signed with signify', `untrusted comment: verify with x\nRWQ=\nSHA256 (app.tgz) = ${one}\n`, ['app.tgz']],
    ['of Get-FileHash', table, ['app.tgz', 'b.whl']],
    ['of Get-FileHash, two columns', `Hash Path\n---- ----\n${ONE} C:\\x\\app.tgz\n`, ['app.tgz']],
    [
      'of Get-FileHash as a list',
      `Algorithm : SHA256\r\nHash      : ${ONE}\r\nPath      : D:\\a\\app.tgz\r\n`,
      ['app.tgz'],
    ],
    ['of Get-FileHash as CSV', `"Algorithm","Hash","Path"\r\n"SHA256","${ONE}","D:\\a\\app.tgz"\r\n`, ['app.tgz']],
    [
      'of Get-FileHash as JSON',
      JSON.stringify([{ Algorithm: 'SHA256', Hash: ONE, Path: 'D:\\a\\app.tgz' }]),
      ['app.tgz'],
    ],
    [
      'of certutil',
      `SHA256 hash of app.tgz:\r\n${one}\r\nCertUtil: -hashfile command completed successfully.\r\n`,
      ['app.tgz'],
    ],
    [
      'of an old certutil',
      `SHA256 hash of file app.tgz:\r\n${one.replace(/..(?=.)/g, '$& ')}\r\nCertUtil: -hashfile command completed successfully.\r\n`,
      ['app.tgz'],
    ],
    ['of xxhsum', 'ef46db3751d8e999  app.tgz\nef46db3751d8e998  b.whl\n', ['app.tgz', 'b.whl']],
    ['of cksum', '2418082923 2 app.tgz\n', ['app.tgz']],
    ['of SFV', '; by hand\r\napp.tgz 1A2B3C4D\r\n', ['app.tgz']],
    ['with the name first', `app.tgz ${one}\n`, ['app.tgz']],
    ['as YAML', `app.tgz: sha256:${one}\n"b.whl": ${two}\n`, ['app.tgz', 'b.whl']],
    ['with the algorithm', `sha256:${one}  app.tgz\nSHA256 ${two} b.whl\n`, ['app.tgz', 'b.whl']],
    ['of integrity', `${sri}  app.tgz\nb.whl ${sri}\n`, ['app.tgz', 'b.whl']],
    ['as JSON', JSON.stringify({ algorithm: 'sha256', 'app.tgz': one }), ['app.tgz']],
    [
      'as JSON with sizes',
      JSON.stringify({ files: [{ name: 'app.tgz', size: 3, sha256: one, integrity: sri }] }),
      ['app.tgz'],
    ],
  ])('%s', (_, text, names) => {
    expect(namesIn(text)).toEqual(names)
    expect(beginsAsChecksumList(text)).toBe(true)
    for (const encoding of ['utf8', 'utf16le'] as const) {
      expect(decodedText(Buffer.from(`\uFEFF${text}`, encoding))).toBe(text)
    }
    expect(decodedText(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toBe(text)
  })

  it.each([one, `${ONE}\n`, `sha256:${one}\n`, sri])('as a digest alone: %s', (text) => {
    expect(checksumListIn(text)).toEqual({ files: [], isWeak: false })
  })
})

it.each([
  ['a text with a checksum in it', `${one}  app.tgz\nand more\n`],
  ['a signed text', signed('Version 1.2.0 is out.\n')],
  ['a signed list with words', signed(`${one}  app.tgz\nverify it\n`)],
  ['a table of something else', `Name Hash Path\nx ${one} y\nz\n`],
  ['a manifest with a version', JSON.stringify({ version: '1.2.0', files: { 'app.tgz': { sha256: one } } })],
  [
    'a manifest with addresses',
    JSON.stringify({ files: [{ name: 'app.tgz', sha256: one, url: 'https://a.example' }] }),
  ],
  ['a manifest of an updater', `version: 1.2.0\nfiles:\n  - url: app.tgz\n    sha512: ${one}\n`],
  ['a lock file', JSON.stringify({ lockfileVersion: 3, packages: { a: { integrity: sri } } })],
  ['names and dates', 'app.tgz 20240501\nb.whl 20240502\n'],
  ['dates and names', '20240501  app.tgz\n'],
  ['names', 'app.tgz\nb.whl\n'],
  ['JSON without a digest', JSON.stringify({ files: ['app.tgz'] })],
  ['JSON with a digest of nothing', JSON.stringify({ sha256: one })],
  ['words that certutil says', 'CertUtil: -hashfile command completed successfully.\n'],
  ['a digest that is too long', `${one}${one}a`],
  ['nothing', ''],
  ['code', `app.tgz:\n  return "${one}"\n`],
])('none is %s', (_, text) => {
  expect(checksumListIn(text)).toBeUndefined()
})

it.each<[string, (size: number) => string]>([
  ['signs', (size) => `${':= ,'.repeat(size)}${one}`],
  ['brackets', (size) => `SHA256 (${') = f'.repeat(size)}`],
  ['lines', (size) => `${one}  a\n`.repeat(size / 10)],
  ['blanks', (size) => `app ${' '.repeat(size)}x\n`],
  ['digits', (size) => one.repeat(size / 10)],
  ['JSON', (size) => `{"a":[${`"${one}",`.repeat(size / 10)}""]}`],
])('is looked for at a cost that is linear, in %s', (_, text) => {
  expect(
    growth((size) => {
      const content = text(size)
      return () => expect([checksumListIn(content), beginsAsChecksumList(content)]).toHaveLength(2)
    }, 20_000),
  ).toBeLessThan(nearlyLinear)
})
