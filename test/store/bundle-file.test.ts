import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { findSidecars, sidecarOf, writeBundleFile } from '../../src/store/bundle-file.ts'
import { indexBundleFile, storedBundles } from '../../src/store/bundle-index.ts'
import { codeOfAsync } from '../world/failure.ts'

// Files beyond a limit are read up to it: smaller ones, so that it does not take half a gigabyte.
vi.mock('../../src/model/limits.ts', async (importOriginal) => {
  const { limits } = await importOriginal<{ readonly limits: object }>()
  return { limits: { ...limits, bundleFileBytes: 4 * 1024 * 1024, bundlesPerFile: 100 } }
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
  return (await storedBundles(await indexBundleFile(path))).map(({ label, content }) =>
    content instanceof CountersignError ? `${label} ${content.code}` : label,
  )
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

  it('may be a pipe, and is bounded where it never ends', async () => {
    const path = at('endless')
    symlinkSync('/dev/zero', path)
    expect(await codeOfAsync(() => indexBundleFile(path))).toBe('input-too-large')
    const large = write('large.jsonl', Buffer.alloc(4 * 1024 * 1024 + 1, 0x20))
    expect(await codeOfAsync(() => indexBundleFile(large))).toBe('input-too-large')
  })

  it('that is not there is missing, and a folder is unreadable', async () => {
    expect(await codeOfAsync(() => indexBundleFile(at('none')))).toBe('path-missing')
    expect(await codeOfAsync(() => indexBundleFile(folder))).toBe('input-unreadable')
  })
})

describe('beside an artifact', () => {
  it('its own files are found before shared ones', async () => {
    const artifact = write('app.tgz', 'x')
    expect(await codeOfAsync(() => findSidecars(artifact))).toBe('attestation-none')
    write('b.intoto.jsonl', line)
    write('a.intoto.jsonl', line)
    write('other.sigstore.json', line)
    expect(await findSidecars(artifact)).toEqual([at('a.intoto.jsonl'), at('b.intoto.jsonl')])
    write('app.tgz.intoto.jsonl', line)
    expect(await findSidecars(artifact)).toEqual([at('app.tgz.intoto.jsonl')])
    write(sidecarOf('app.tgz'), line)
    expect(await findSidecars(artifact)).toEqual([at('app.tgz.sigstore.json'), at('app.tgz.intoto.jsonl')])
  })

  it('a crowd of shared files is not read', async () => {
    for (let index = 0; index < 17; index += 1) write(`${index}.intoto.jsonl`, line)
    expect(await codeOfAsync(() => findSidecars(at('app.tgz')))).toBe('attestation-none')
  })
})

describe('writing a bundle', () => {
  it('makes a new file, adds a line, or replaces', async () => {
    const path = at('out.jsonl')
    await writeBundleFile(path, line, 'new')
    await writeBundleFile(path, '2', 'append')
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n2\n`)
    expect(await codeOfAsync(() => writeBundleFile(path, '3', 'new'))).toBe('output-exists')
    expect(readFileSync(path, 'utf8')).toBe(`${line}\n2\n`)
    await writeBundleFile(path, '4', 'replace')
    expect(readFileSync(path, 'utf8')).toBe('4\n')
    expect(readdirSync(folder)).toEqual(['out.jsonl'])
  })

  it('adds to nothing but bundles, and to no link', async () => {
    const blank = write('blank.jsonl', `\n \n${line}`)
    await writeBundleFile(blank, line, 'append')
    expect(readFileSync(blank, 'utf8')).toBe(`\n \n${line}\n${line}\n`)
    for (const content of ['secret', `${line}\nsecret`, `${line}\n{}`, '[]', `{"a":1,"a":2}`]) {
      const path = write('other.jsonl', content)
      expect(await codeOfAsync(() => writeBundleFile(path, line, 'append'))).toBe('output-not-bundles')
      expect(readFileSync(path, 'utf8')).toBe(content)
    }
    symlinkSync(write('target', line), at('link.jsonl'))
    for (const mode of ['append', 'replace', 'new'] as const) {
      expect(await codeOfAsync(() => writeBundleFile(at('link.jsonl'), line, mode))).toBe('output-failed')
    }
    expect(readFileSync(at('target'), 'utf8')).toBe(line)
  })

  it('loses nothing and leaves nothing where it fails', async () => {
    write('file', 'x')
    mkdirSync(at('folder'))
    const before = readdirSync(folder)
    for (const path of [at('file/below'), at('none/below'), at('folder')]) {
      expect(await codeOfAsync(() => writeBundleFile(path, '1', 'replace'))).toBe('output-failed')
    }
    expect(readdirSync(folder)).toEqual(before)
  })
})
