import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseChecksums, parseSubject, refuseOtherDigests } from '../../../src/collect/subjects/checksums.ts'
import { CountersignError } from '../../../src/errors.ts'
import { runs } from '../../world/runs.ts'
import { anyText } from '../../world/any-text.ts'

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const a = hex('a')

describe('a checksum file', () => {
  test.each([
    ['text mode', `${a}  dist/app.tgz`, 'dist/app.tgz'],
    ['binary mode', `${a} *dist/app.tgz`, 'dist/app.tgz'],
    ['BSD form', `SHA256 (dist/app.tgz) = ${a}`, 'dist/app.tgz'],
    ['one blank, as sha256 -r of BSD', `${a} dist/app.tgz`, 'dist/app.tgz'],
    ['one blank, and others in the name', `${a} my app *1`, 'my app *1'],
    ['a tab', `${a}\tapp.tgz`, 'app.tgz'],
    ['CRLF', `${a}  app.tgz\r\n`, 'app.tgz'],
    ['upper-case digits', `${a.toUpperCase()}  app.tgz`, 'app.tgz'],
    ['a name that begins with a star', `${a}  *app`, '*app'],
    ['a name that looks like the BSD form', `SHA256 (x) = ${a}) = ${a}`, `x) = ${a}`],
    ['spaces around the name', `${a}   app `, ' app '],
    ['escapes', `\\${a}  a\\\\b\\nc`, 'a\\b\nc'],
    ['a backslash that is no escape', `${a}  a\\nb`, 'a\\nb'],
    ['the form of openssl', `SHA2-256(dist/app.tgz)= ${a}`, 'dist/app.tgz'],
    ['the older form of openssl', `SHA256(dist/app.tgz)= ${a}`, 'dist/app.tgz'],
    ['comments and blanks before it', `# made by hand\n  \t\n\n${a}  app`, 'app'],
    ['a name that begins like a comment', `${a}  # app`, '# app'],
    ['escapes in the BSD form', `\\SHA256 (a\\\\b) = ${a}`, 'a\\b'],
  ])('is read: %s', (_, text, name) => {
    expect(parseChecksums(text)).toEqual([{ name, digest: { sha256: a } }])
  })

  test.each([
    ['nothing', ''],
    ['only blank lines', '\n\r\n'],
    ['a digest that is too short', `${a.slice(1)}  app`],
    ['one space and no name', `${a} `],
    ['standard input behind one space', `${a} -`],
    ['a star without a name', `${a} *`],
    ['no name', `${a}  `],
    ['another algorithm', `SHA512 (app) = ${a}`],
    ['another algorithm of the same length', `SHA3-256 (app) = ${a}`],
    ['a truncated one', `SHA512/256 (app) = ${a}`],
    ['BLAKE2', `BLAKE2b (app) = ${a}${a}`],
    ['a sha1', `${a.slice(0, 40)}  app`],
    ['an md5', `${a.slice(0, 32)} *app`],
    ['only comments', '# nothing\n'],
    ['two algorithms', `${a}  app\n${a}${a}  more`],
    ['standard input', `${a}  -`],
    ['an unknown escape', `\\${a}  a\\tb`],
    ['an escape that is cut off', `\\${a}  a\\`],
    ['HTML', '<!doctype html>'],
  ])('is refused: %s', (_, text) => {
    expect(() => parseChecksums(text)).toThrow(expect.objectContaining({ code: 'checksums-malformed' }) as Error)
  })

  test.each([
    ['sha384', 96],
    ['sha512', 128],
  ] as const)('is one of %s by the length of its digests', (algorithm, length) => {
    const digest = 'Ab'.repeat(length / 2)
    const name = algorithm.toUpperCase()
    for (const line of [`${digest}  app`, `${digest} *app\r`, `${name} (app) = ${digest}`]) {
      expect(parseChecksums(`${line}\n`)).toEqual([{ name: 'app', digest: { [algorithm]: digest.toLowerCase() } }])
    }
  })

  test('is none of SHA-2 where its name says another digest of that length', () => {
    const others = [
      ...[
        'B2SUMS',
        'b2sums.txt',
        'B3SUMS',
        'app.tgz.b2',
        'checksums_b3',
        'BLAKE2SUMS',
        'app_1.0_blake2b_checksums.txt',
      ],
      ...[
        'app.tgz.blake3',
        'blake2b-512.txt',
        'checksums-blake2.txt',
        'SHA3-512SUMS',
        'app.tgz.sha3-256',
        'sha3_384sum',
      ],
      ...[
        'SHA512-256SUMS',
        'app.sm3',
        'keccak256.txt',
        'app.whirlpool',
        'streebog512sums',
        'B2SUMS.asc',
        'blake3-hashes',
      ],
    ]
    for (const name of others) {
      expect(() => refuseOtherDigests(name), name).toThrow(
        expect.objectContaining({ code: 'checksums-malformed' }) as Error,
      )
    }
    const own = [
      ...['SHA256SUMS', 'sha512sum.txt', 'checksums.txt', 'app-1.0-b2.txt', 'app-1.0b3.sha256', 'b2-tool.sha256sums'],
      ...[
        'blake3-1.0.tgz.sha512',
        'sha3-js-2.0.tgz.sha256',
        'B2SUMS.sha512',
        'app.sha2-256',
        'list',
        'blake.txt.sha384',
      ],
      ...['skeins.checksums', 'gosm3x.sums', 'app_1.0_b2_checksums.txt'],
    ]
    for (const name of own) expect(() => refuseOtherDigests(name), name).not.toThrow()
  })

  test('says which line has another digest, and which it is', () => {
    expect(() => parseChecksums(`${a}  one\n${a}${a}  two\n`)).toThrow(/line 2 .*sha512.*sha256/)
    expect(() => parseChecksums(`${a}  one\n${a.slice(0, 40)}  two\n`)).toThrow(/line 2 .*sha1/)
  })

  test('is refused with the number of the line', () => {
    expect(() => parseChecksums(`${a}  one\n\n${a}  two\nthree\n`)).toThrow(/line 4/)
  })

  test('reads back what sha256sum writes, whatever the file is called', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-sums-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const names = [
      'plain',
      'a b',
      ' lead',
      'trail ',
      '*star',
      'back\\slash',
      'line\nfeed',
      'ünï',
      '#hash',
      '\\lead',
      '(x) = y',
    ]
    for (const name of names) writeFileSync(join(folder, name), name)
    for (const mode of [['--text'], ['--binary'], ['--tag']]) {
      for (const algorithm of ['sha256', 'sha384', 'sha512'] as const) {
        const text = execFileSync(`${algorithm}sum`, [...mode, '--', ...names], { cwd: folder, encoding: 'utf8' })
        expect(parseChecksums(text)).toEqual(
          names.map((name) => ({ name, digest: { [algorithm]: createHash(algorithm).update(name).digest('hex') } })),
        )
      }
    }
  })

  test('survives a round trip through the escaping of sha256sum (property)', () => {
    const name = anyText({ minLength: 1 }).filter((it) => it !== '-' && !it.includes('\0'))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { minLength: 1 }), (files) => {
        const text = files.map(([file, content]) => gnuLine(file, hex(content))).join('')
        expect(parseChecksums(text)).toEqual(
          files.map(([file, content]) => ({ name: file, digest: { sha256: hex(content) } })),
        )
      }),
    )
  })

  test('fails with its own code and nothing else (property)', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(a, '  ', ' *', '\\', '\n', '\r', 'SHA256 (', ') = ', '-', '#'))
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expectCode(() => parseChecksums(pieces.join('')), 'checksums-malformed')
      }),
      { numRuns: runs(1_000) },
    )
  })
})

/** As coreutils ≥ 9 writes it (src/digest.c, print_filename). */
function gnuLine(name: string, digest: string): string {
  const escaped = name.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r')
  return `${escaped === name ? '' : '\\'}${digest}  ${escaped}\n`
}

describe('a subject given as text', () => {
  test('is parted at its last equals sign', () => {
    expect(parseSubject(`pkg:npm/x?a=b=sha256:${a}`)).toEqual({ name: 'pkg:npm/x?a=b', digest: { sha256: a } })
  })

  test.each([
    '',
    '=',
    `=sha256:${a}`,
    'name',
    'name=',
    `name=${a}`,
    `name=sha512:${a}`,
    `name=sha256:${a.slice(1)}`,
    `name=sha1:${a.slice(24)}`,
    `name=sha256:${a}x`,
    `name:sha256:${a}`,
  ])('is refused: %s', (text) => {
    expect(() => parseSubject(text)).toThrow(expect.objectContaining({ code: 'subject-invalid' }) as Error)
  })

  test.each([
    ['upper-case digits', `name=sha256:${a.toUpperCase()}`, { name: 'name', digest: { sha256: a } }],
    ['sha512', `name=sha512:${a}${a}`, { name: 'name', digest: { sha512: a + a } }],
    ['sha384, upper-case', `name=SHA384:${a.slice(32)}${a}`, { name: 'name', digest: { sha384: a.slice(32) + a } }],
    ['an image', `ghcr.io/o/n@sha256:${a}`, { name: 'ghcr.io/o/n', digest: { sha256: a } }],
    ['an image under a name', `app=ghcr.io/o/n:1@sha256:${a}`, { name: 'app=ghcr.io/o/n:1', digest: { sha256: a } }],
    ['a package', `pkg:npm/%40o/x@1.0.0=sha512:${a}${a}`, { name: 'pkg:npm/%40o/x@1.0.0', digest: { sha512: a + a } }],
  ])('is taken with %s, which is written as every verifier reads it', (_, text, subject) => {
    expect(parseSubject(text)).toEqual(subject)
  })

  test('survives a round trip, and fails with its own code and nothing else (property)', () => {
    fc.assert(
      fc.property(anyText({ minLength: 1 }), fc.string(), (name, content) => {
        expect(parseSubject(`${name}=sha256:${hex(content)}`)).toEqual({ name, digest: { sha256: hex(content) } })
        expectCode(() => parseSubject(`${content}=${name}`), 'subject-invalid')
      }),
    )
  })
})

function expectCode(act: () => unknown, code: string): void {
  try {
    act()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CountersignError)
    expect((thrown as CountersignError).code).toBe(code)
  }
}
