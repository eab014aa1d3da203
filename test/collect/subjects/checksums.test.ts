import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseChecksums, parseSubject } from '../../../src/collect/subjects/checksums.ts'
import { CountersignError } from '../../../src/errors.ts'
import { runs } from '../../world/runs.ts'

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const a = hex('a')

describe('a checksum file', () => {
  test.each([
    ['text mode', `${a}  dist/app.tgz`, 'dist/app.tgz'],
    ['binary mode', `${a} *dist/app.tgz`, 'dist/app.tgz'],
    ['BSD form', `SHA256 (dist/app.tgz) = ${a}`, 'dist/app.tgz'],
    ['CRLF', `${a}  app.tgz\r\n`, 'app.tgz'],
    ['upper-case digits', `${a.toUpperCase()}  app.tgz`, 'app.tgz'],
    ['a name that begins with a star', `${a}  *app`, '*app'],
    ['a name that looks like the BSD form', `SHA256 (x) = ${a}) = ${a}`, `x) = ${a}`],
    ['spaces around the name', `${a}   app `, ' app '],
    ['escapes', `\\${a}  a\\\\b\\nc`, 'a\\b\nc'],
    ['a backslash that is no escape', `${a}  a\\nb`, 'a\\nb'],
    ['escapes in the BSD form', `\\SHA256 (a\\\\b) = ${a}`, 'a\\b'],
  ])('is read: %s', (_, text, name) => {
    expect(parseChecksums(text)).toEqual([{ name, digest: { sha256: a } }])
  })

  test.each([
    ['nothing', ''],
    ['only blank lines', '\n\r\n'],
    ['a comment', `# made by hand\n${a}  app`],
    ['a sha512 line', `${a}${a}  app`],
    ['a digest that is too short', `${a.slice(1)}  app`],
    ['one space', `${a} app`],
    ['no name', `${a}  `],
    ['another algorithm', `SHA512 (app) = ${a}`],
    ['standard input', `${a}  -`],
    ['an unknown escape', `\\${a}  a\\tb`],
    ['an escape that is cut off', `\\${a}  a\\`],
    ['HTML', '<!doctype html>'],
  ])('is refused: %s', (_, text) => {
    expect(() => parseChecksums(text)).toThrow(expect.objectContaining({ code: 'checksums-malformed' }) as Error)
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
    const expected = names.map((name) => ({ name, digest: { sha256: hex(name) } }))
    for (const mode of [['--text'], ['--binary'], ['--tag']]) {
      const text = execFileSync('sha256sum', [...mode, '--', ...names], { cwd: folder, encoding: 'utf8' })
      expect(parseChecksums(text)).toEqual(expected)
    }
  })

  test('survives a round trip through the escaping of sha256sum (property)', () => {
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter((it) => it !== '-' && !it.includes('\0'))
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

  test.each(['', '=', `=sha256:${a}`, 'name', 'name=', `name=${a}`, `name=sha512:${a}`, `name=sha256:${a.slice(1)}`])(
    'is refused: %s',
    (text) => {
      expect(() => parseSubject(text)).toThrow(expect.objectContaining({ code: 'subject-invalid' }) as Error)
    },
  )

  test('is refused with upper-case digits, which no verifier would find', () => {
    expect(() => parseSubject(`name=sha256:${a.toUpperCase()}`)).toThrow(
      expect.objectContaining({ code: 'subject-invalid' }) as Error,
    )
  })

  test('survives a round trip, and fails with its own code and nothing else (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (name, content) => {
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
