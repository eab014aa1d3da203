import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { worldOf } from '../../src/platform/world.ts'
import { writeBundleFile } from '../../src/store/bundle-file.ts'
import { indexBundleFile } from '../../src/store/bundle-index.ts'
import type { Origin } from '../../src/store/bundle-index.ts'
import { codeOfAsync } from '../world/failure.ts'
import { makePipe } from '../world/named-pipe.ts'

// Files beyond a limit are read up to it: smaller ones, so that it does not take half a gigabyte.
vi.mock('../../src/model/limits.ts', async (importOriginal) => {
  const { limits } = await importOriginal<{ readonly limits: object }>()
  return { limits: { ...limits, bundleFileBytes: 4 * 1024 * 1024, bundlesPerFile: 100, fileParts: 2_000 } }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const write = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content)
  return at(name)
}

const envelope = { payloadType: 'application/vnd.in-toto+json', payload: 'e30=', signatures: [{ sig: 'AA==' }] }
const line = JSON.stringify(envelope)

/** `label` of a bundle, `label code` of what is none. */
async function contentOf(path: string): Promise<string[]> {
  const { unclear, unreadable } = await indexBundleFile(path) // the statement of `line` is none
  return [...unclear.map((it) => it.label), ...unreadable.map((it) => `${it.label} ${it.error.code}`)].sort()
}

describe('a bundle file', () => {
  it('is one document, also a pretty-printed one', async () => {
    expect(await contentOf(write('one.json', line))).toEqual(['one.json'])
    expect(await contentOf(write('pretty.json', JSON.stringify(envelope, null, 2)))).toEqual(['pretty.json'])
  })

  it('or a bundle a line, with the number of each', async () => {
    expect(await contentOf(write('a.jsonl', `${line}\n${line}\n`))).toEqual(['a.jsonl:1', 'a.jsonl:2'])
    expect(await contentOf(write('b.jsonl', `\n${line}\r\n\r\n \n${line}`))).toEqual(['b.jsonl:2', 'b.jsonl:5'])
  })

  it('where a broken line does not hide the others', async () => {
    expect(await contentOf(write('a.jsonl', `junk\n${line}\n{"a":1,"a":2}\n{}\n`))).toEqual([
      'a.jsonl:1 json-malformed',
      'a.jsonl:2',
      'a.jsonl:3 json-duplicate-key',
      'a.jsonl:4 bundle-malformed',
    ])
  })

  it('that is broken as a whole has one error, not one a line', async () => {
    const pretty = JSON.stringify(envelope, null, 2)
    expect(await contentOf(write('cut.json', pretty.slice(0, -5)))).toEqual(['cut.json json-malformed'])
    expect(await contentOf(write('empty.json', ''))).toEqual(['empty.json json-malformed'])
    expect(await contentOf(write('binary.json', Buffer.from([0xff, 0x0a, 0xfe])))).toEqual([
      'binary.json json-malformed',
    ])
  })

  it('has a bounded number of bundles', async () => {
    expect(await contentOf(write('many.jsonl', '{}\n'.repeat(100)))).toHaveLength(1)
    expect(await codeOfAsync(() => indexBundleFile(write('many.jsonl', '{}\n'.repeat(101))))).toBe('input-too-large')
  })

  it('has a bounded number of bundles in whatever form', async () => {
    const forms: [string, (count: number) => string][] = [
      ['npm.json', (count) => JSON.stringify({ attestations: Array(count).fill({ bundle: envelope }) })],
      ['array.json', (count) => JSON.stringify(Array(count).fill(envelope))],
      ['broken.json', (count) => JSON.stringify({ attestations: Array(count).fill({}) })],
      ['joined.json', (count) => line.repeat(count)],
      ['printed.json', (count) => `${JSON.stringify(envelope, null, 1)}\n`.repeat(count)],
      ['lists.jsonl', (count) => `${JSON.stringify([envelope, envelope])}\n`.repeat(Math.ceil(count / 2))],
    ]
    for (const [name, text] of forms) {
      expect((await contentOf(write(name, text(100)))).length, name).toBeGreaterThanOrEqual(50)
      expect(await codeOfAsync(() => indexBundleFile(write(name, text(101)))), name).toBe('input-too-large')
    }
  })

  it('is known for what it is where it is no bundle at all', async () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${'MIIC\n'.repeat(200)}-----END CERTIFICATE-----\n`
    expect(await contentOf(write('cert.pem', pem))).toEqual(['cert.pem certificate-alone'])
    const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [], predicateType: 'x', predicate: {} }
    for (const text of [JSON.stringify(statement), JSON.stringify(statement, null, 2)]) {
      expect(await contentOf(write('provenance.json', text))).toEqual(['provenance.json statement-unsigned'])
    }
    expect(await contentOf(write('a.jsonl', `${JSON.stringify(statement)}\n${line}\n`))).toEqual([
      'a.jsonl:1 statement-unsigned',
      'a.jsonl:2',
    ])
    expect(await contentOf(write('none.json', '{"attestations":[]}'))).toEqual(['none.json attestation-none'])
  })

  it('is read as bundles also where other documents stand on their line', async () => {
    const list = JSON.stringify([envelope, {}, envelope])
    expect(await contentOf(write('x', `${line}${list}${line}\n${list}`))).toEqual([
      'x:1',
      'x:1#2',
      'x:1#3 bundle-malformed',
      'x:1#4',
      'x:1#5',
      'x:2#1',
      'x:2#2 bundle-malformed',
      'x:2#3',
    ])
    expect(await contentOf(write('x', `${line} junk`))).toEqual(['x json-malformed'])
  })

  it('gives of a list the bundle in that place, however often and in whatever order it is asked', async () => {
    const bundles = ['a', 'b', 'c', 'd'].map((it) => ({ ...envelope, payload: Buffer.from(it).toString('base64') }))
    const [one, two] = [bundles.slice(0, 2), bundles.slice(2)].map((it) => JSON.stringify(it))
    for (const text of [
      JSON.stringify(bundles),
      `\ufeff${JSON.stringify(bundles)}`,
      `${one!}\n${two!}`,
      `${one!}${two!}`,
    ]) {
      const { unclear } = await indexBundleFile(write('x', text))
      for (const at of [0, 3, 1, 2, 2, 0]) {
        expect(Buffer.from((await unclear[at]!.read()).envelope!.payload).toString()).toBe('abcd'[at])
      }
    }
  })

  it('has a bounded number of brackets and commas in all its lines together', async () => {
    const full = JSON.stringify({ ...envelope, more: Array<number>(1_500).fill(0) })
    expect(await contentOf(write('one.jsonl', `${full}\n${line}\n`))).toEqual(['one.jsonl:1', 'one.jsonl:2'])
    const flood = write('flood.jsonl', `${line}\n${full}\n${full}\n${line}\n`)
    expect(await codeOfAsync(() => indexBundleFile(flood))).toBe('input-too-large')
    const payload = Buffer.from(JSON.stringify({ more: Array<number>(1_500).fill(0) })).toString('base64')
    const inside = JSON.stringify({ ...envelope, payload })
    expect(await codeOfAsync(() => indexBundleFile(write('x.jsonl', `${inside}\n${inside}\n`)))).toBe('input-too-large')
  })

  it('may have any number of blank lines, which cost nothing each', async () => {
    const blank = write('blank.jsonl', `${' \n\t\r\n\n'.repeat(200_000)}${line}\n${'\n'.repeat(300_000)} ${line}`)
    const calls = [vi.spyOn(Buffer.prototype, 'indexOf'), vi.spyOn(Buffer.prototype, 'subarray')]
    try {
      expect(await contentOf(blank)).toEqual(['blank.jsonl:600001', 'blank.jsonl:900002'])
      expect(calls.reduce((sum, it) => sum + it.mock.calls.length, 0)).toBeLessThan(100)
    } finally {
      for (const it of calls) it.mockRestore()
    }
  })

  it('is found line by line, wherever its pieces end', async () => {
    const long = JSON.stringify({ ...envelope, more: 'x'.repeat(3 * 1024 * 1024) })
    const path = write('long.jsonl', `junk\n\n${long}\n${line}\n`)
    expect(await contentOf(path)).toEqual(['long.jsonl:1 json-malformed', 'long.jsonl:3', 'long.jsonl:4'])
    const { unclear } = await indexBundleFile(path)
    expect((await unclear[0]!.read()).json['more']).toHaveLength(3 * 1024 * 1024)
    expect(await unclear[1]!.read()).toMatchObject({ json: envelope })
  })

  describe('that is no regular file', () => {
    const makers: [string, (path: string) => unknown][] = [
      ['a pipe that nobody writes to', makePipe],
      [
        'a link to one',
        (path) => {
          makePipe(at('pipe'))
          symlinkSync('pipe', path)
        },
      ],
      ['a device without end', (path) => symlinkSync('/dev/zero', path)],
      ['a folder', (path) => mkdirSync(path)],
    ]
    it.each(makers)('is not read where it was found: %s', async (_, make) => {
      make(at('found'))
      expect(await codeOfAsync(() => indexBundleFile(at('found'), 'found'))).toBe('input-unreadable')
    })

    it('is not read where it was found: a socket', async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(at('socket'), resolve))
      try {
        expect(await codeOfAsync(() => indexBundleFile(at('socket'), 'found'))).toBe('input-unreadable')
      } finally {
        server.close()
      }
    })

    it('is not waited for where a regular one was when it was indexed', async () => {
      const { unclear } = await indexBundleFile(write('a.jsonl', `${line}\n${line}\n`), 'named')
      rmSync(at('a.jsonl'))
      makePipe(at('a.jsonl'))
      expect(await codeOfAsync(() => unclear[0]!.read())).toBe('input-unreadable')
    })

    it('is read where it was named, as a process substitution is', async () => {
      makePipe(at('named'))
      const written = writeFile(at('named'), `${line}\n${line}\n`)
      expect(await contentOf(at('named'))).toEqual(['named:1', 'named:2'])
      await written
    })
  })

  it.each<Origin>(['named', 'found'])('may be a link to a regular file: %s', async (origin) => {
    write('real', line)
    symlinkSync('real', at('link'))
    expect((await indexBundleFile(at('link'), origin)).count).toBe(1)
  })

  it('is bounded where it never ends', async () => {
    const path = at('endless')
    symlinkSync('/dev/zero', path)
    expect(await codeOfAsync(() => indexBundleFile(path))).toBe('input-too-large')
    const large = write('large.jsonl', Buffer.alloc(4 * 1024 * 1024 + 1, 0x20))
    expect(await codeOfAsync(() => indexBundleFile(large))).toBe('input-too-large')
  })

  it('that is not there is missing, and a folder is none', async () => {
    expect(await codeOfAsync(() => indexBundleFile(at('none')))).toBe('path-missing')
    expect(await codeOfAsync(() => indexBundleFile(folder))).toBe('path-directory')
    expect(await codeOfAsync(() => indexBundleFile(folder, 'found'))).toBe('input-unreadable')
  })
})

describe('writing a bundle', () => {
  it('makes a new file, adds a line, or replaces', async () => {
    const path = at('out.jsonl')
    await writeBundleFile(path, line, 'new', worldOf())
    await writeBundleFile(path, '2', 'append', worldOf())
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n2\n`)
    expect(await codeOfAsync(() => writeBundleFile(path, '3', 'new', worldOf()))).toBe('output-exists')
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n2\n`)
    await writeBundleFile(path, '4', 'replace', worldOf())
    expect(readFileSync(path, 'utf8')).toBe('4\n')
    expect(readdirSync(folder)).toEqual(['out.jsonl'])
  })

  it('adds to nothing but bundles, and to no link', async () => {
    const blank = write('blank.jsonl', `\n \n${line}`)
    await writeBundleFile(blank, line, 'append', worldOf())
    expect(readFileSync(blank, 'utf8')).toBe(`\n \n${line}\n${line}\n`)
    for (const content of ['secret', `${line}\nsecret`, `${line}\n{}`, '[]', `{"a":1,"a":2}`]) {
      const path = write('other.jsonl', content)
      expect(await codeOfAsync(() => writeBundleFile(path, line, 'append', worldOf()))).toBe('output-not-bundles')
      expect(readFileSync(path, 'utf8')).toBe(content)
    }
    symlinkSync(write('target', line), at('link.jsonl'))
    for (const mode of ['append', 'replace', 'new'] as const) {
      expect(await codeOfAsync(() => writeBundleFile(at('link.jsonl'), line, mode, worldOf()))).toBe('output-failed')
    }
    expect(readFileSync(at('target'), 'utf8')).toBe(line)
  })

  it('adds to a bundle over many lines by making it a line', async () => {
    const path = write('pretty.json', `${JSON.stringify(envelope, null, 2)}\n`)
    await writeBundleFile(path, line, 'append', worldOf())
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n${line}\n`)
    const cut = write('cut.json', JSON.stringify(envelope, null, 2).slice(0, -5))
    expect(await codeOfAsync(() => writeBundleFile(cut, line, 'append', worldOf()))).toBe('output-not-bundles')
  })

  it('loses nothing and leaves nothing where it fails', async () => {
    write('file', 'x')
    mkdirSync(at('folder'))
    const before = readdirSync(folder)
    for (const path of [at('file/below'), at('none/below'), at('folder')]) {
      expect(await codeOfAsync(() => writeBundleFile(path, '1', 'replace', worldOf()))).toBe('output-failed')
    }
    expect(readdirSync(folder)).toEqual(before)
  })
})
