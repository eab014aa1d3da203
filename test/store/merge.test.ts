/** Bundle files that are joined: nothing lost, nothing twice, nothing changed, and the same whatever their order. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { indexBundleFile } from '../../src/store/bundle-index.ts'
import { mergeBundles } from '../../src/store/merge.ts'
import type { MergeRequest, Merged } from '../../src/store/merge.ts'
import { codeOfAsync } from '../world/failure.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import { envelope } from './made-bundle.ts'
import { isEach } from '../world/runs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-merge-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return name
}

function merge(paths: readonly string[], change: Partial<MergeRequest> = {}): Promise<Merged> {
  return mergeBundles({ paths, out: 'all.jsonl', world: { cwd: folder, ...steppedClock() }, ...change })
}

const read = (name = 'all.jsonl'): string => readFileSync(join(folder, name), 'utf8')

function about(digit: string, more = ''): string {
  const subject = [{ name: `app-${digit}`, digest: { sha256: digit.repeat(64) } }]
  return envelope({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType: 'https://example.com/p', more })
}

const [a, b, c] = ['a', 'b', 'c'].map((it) => about(it)) as [string, string, string]
const pretty = (line: string): string => `${JSON.stringify(JSON.parse(line), null, 2)}\n`

describe('merging', () => {
  it('holds each bundle once, a line each, sorted by subject', async () => {
    const paths = [write('1.jsonl', `${c}\n\n${a}\n`), write('2.json', pretty(b)), write('3.jsonl', `${a}\r\n${b}`)]
    expect(await merge(paths)).toEqual({ read: 5, doubled: 2, written: 3, path: join(folder, 'all.jsonl') })
    expect(read()).toBe(`${a}\n${b}\n${c}\n`)
    expect((await indexBundleFile(join(folder, 'all.jsonl'))).count).toBe(3)
  })

  it('gives the same bytes whatever the order of the files, also of bundles that differ in form alone', async () => {
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(a) as object).reverse()))
    const paths = [write('1.json', reordered), write('2.json', a), write('3.jsonl', `${c}\n${about('a', 'other')}\n`)]
    const results = []
    for (const order of [paths, paths.toReversed(), [...paths.slice(1), ...paths]]) {
      await merge(order, { whenPresent: 'replace' })
      results.push(read())
    }
    expect(new Set(results).size).toBe(1)
    expect(read().split('\n')).toHaveLength(4)
  })

  it('of what was merged changes nothing', async () => {
    await merge([write('1.jsonl', `${b}\n${a}\n`)])
    const before = read()
    const paths = ['all.jsonl', '1.jsonl']
    expect(await codeOfAsync(() => merge(paths))).toBe('output-exists')
    expect(await merge(paths, { whenPresent: 'replace' })).toMatchObject({ read: 4, doubled: 2, written: 2 })
    expect(read()).toBe(before)
    expect(readdirSync(folder).sort()).toEqual(['1.jsonl', 'all.jsonl'])
  })

  it.each<[string, string, string]>([
    ['garbage', 'garbage', 'json-malformed'],
    ['a line of garbage', `${a}\ngarbage\n${b}\n`, 'json-malformed'],
    ['a line of something else', `${a}\n{}\n`, 'bundle-malformed'],
    ['a document that is cut off', pretty(a).slice(0, -4), 'json-malformed'],
    ['another document', pretty('{"a":1}'), 'bundle-malformed'],
    ['a member twice', '{"a":1,"a":2}', 'json-duplicate-key'],
    ['a number that would change', a.replace('{', '{"n":1.5,'), 'bundle-malformed'],
    ['nothing', '', 'json-malformed'],
    ['blank lines', '\n \n', 'json-malformed'],
  ])('refuses a file with %s in it, by name, and writes nothing', async (_, content, code) => {
    write('good.json', a)
    write('bad.json', content)
    write('all.jsonl', c)
    for (const paths of [['good.json', 'bad.json'], ['bad.json', 'good.json'], ['bad.json']]) {
      const failed = await merge(paths, { whenPresent: 'replace' }).catch((error: unknown) => error)
      expect(failed).toMatchObject({ code, message: expect.stringMatching(/^bad\.json(:2)?: /) as string })
      expect(await codeOfAsync(() => merge(paths, { out: 'new.jsonl' }))).toBe(code)
    }
    expect(read()).toBe(c)
    expect(readdirSync(folder).sort()).toEqual(['all.jsonl', 'bad.json', 'good.json'])
  })

  it('refuses what is not there, nothing at all, and an output that is no file', async () => {
    write('1.json', a)
    expect(await codeOfAsync(() => merge(['none.json']))).toBe('path-missing')
    expect(await codeOfAsync(() => merge([]))).toBe('usage')
    mkdirSync(join(folder, 'folder'))
    symlinkSync('1.json', join(folder, 'link'))
    for (const [out, code] of [
      ['folder', 'output-failed'],
      ['link', 'output-failed'],
      ['none/x', 'path-missing'],
      ['none/', 'path-missing'],
      ['1.json/x', 'path-missing'],
      ['-', 'usage'],
    ] as const) {
      expect(await codeOfAsync(() => merge(['1.json'], { out, whenPresent: 'replace' }))).toBe(code)
    }
    expect(read('1.json')).toBe(a)
  })

  it.runIf(isEach)('refuses more than a reader takes from one file', async () => {
    const many = (from: number): string =>
      Array.from({ length: limits.bundlesPerFile / 2 + 1 }, (_, index) => envelope({ index: from + index })).join('\n')
    const paths = [write('1.jsonl', many(0)), write('2.jsonl', many(50_000))]
    expect(await codeOfAsync(() => merge(paths))).toBe('input-too-large')
    expect(readdirSync(folder).sort()).toEqual(['1.jsonl', '2.jsonl'])
  })

  it('waits for whoever writes the same file, and is then refused', async () => {
    write('1.json', a)
    write('all.jsonl.lock', JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'x' }))
    expect(await codeOfAsync(() => merge(['1.json']))).toBe('output-busy')
    expect(readdirSync(folder).sort()).toEqual(['1.json', 'all.jsonl.lock'])
  })
})
