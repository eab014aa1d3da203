/** The index over bundles: which of them are worth verifying for an artifact, read from what their statements claim. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseBundle } from '../../src/model/bundle.ts'
import { limits } from '../../src/model/limits.ts'
import { indexBundle, indexBundleBytes, indexBundleFile, visitBundleBytes } from '../../src/store/bundle-index.ts'
import type { BundleIndex } from '../../src/store/bundle-index.ts'
import { codeOfAsync } from '../world/failure.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]

/** A bundle whose statement names these digests, a subject each. */
function about(...digests: readonly object[]): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: digests.map((digest) => ({ name: 'x', digest })),
    predicateType: 'https://example.com/x',
    predicate: {},
  }
  return signed(JSON.stringify(statement))
}

function signed(payload: string): string {
  const envelope = { payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AA==' }] }
  return JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') })
}

const labels = (index: BundleIndex, ...digests: readonly string[]): string[] =>
  index.about(digests.map((it) => `sha256:${it}`)).map((it) => it.label)

function lines(...content: readonly string[]): Promise<BundleIndex> {
  return indexBundleBytes('all', Buffer.from(content.join('\n')))
}

describe('a visit', () => {
  it('gets each bundle that can be read, in the order of the file', async () => {
    const seen: string[] = []
    const text = ['junk', about({ sha256: a }), '{}', signed('x')].join('\n')
    expect(await visitBundleBytes('all', Buffer.from(text), (label) => seen.push(label))).toBeUndefined()
    expect(seen).toEqual(['all:2', 'all:4'])
  })

  it('of what holds none says why', async () => {
    for (const [text, code] of [
      ['', 'json-malformed'],
      ['{}', 'bundle-malformed'],
      ['x\n{}\n', 'json-malformed'],
    ] as const) {
      expect((await visitBundleBytes('all', Buffer.from(text), () => expect.unreachable()))?.code).toBe(code)
    }
  })
})

describe('an index of bundles', () => {
  it('gives for an artifact those that name one of its digests', async () => {
    const index = await lines(about({ sha256: a }), about({ sha256: b }, { sha256: a }), about({ sha256: c }))
    expect(labels(index, a)).toEqual(['all:1', 'all:2'])
    expect(labels(index, b)).toEqual(['all:2'])
    expect(labels(index, 'd'.repeat(64))).toEqual([])
    expect(index.count).toBe(3)
    expect(index.first()?.label).toBe('all:1')
  })

  it('gives each once, by however many digests it names the artifact', async () => {
    const sha512 = 'e'.repeat(128)
    const index = await lines(about({ sha256: a, sha512 }, { sha256: a }))
    const entry = index.about([`sha256:${a}`, `sha512:${sha512}`])
    expect(entry).toHaveLength(1)
    expect([...index.algorithms].sort()).toEqual(['sha256', 'sha512'])
  })

  it('looks for no digest that is cut, in capitals, weak, or of a member of every object', async () => {
    const index = await lines(
      about({ sha256: a.slice(1) }),
      about({ sha256: a.toUpperCase() }),
      about({ sha1: 'a'.repeat(40) }),
      about({ constructor: a, hasOwnProperty: a }),
    )
    expect([...index.algorithms]).toEqual(['sha256'])
    expect(labels(index, a, a.toUpperCase(), a.slice(1))).toEqual([])
  })

  it('keeps what cannot be looked into apart, so that it is refused and not left out', async () => {
    const statements = [
      'no statement',
      '[]',
      '{}',
      '{"subject":[]}',
      '{"subject":[{"digest":[]}]}',
      `{"subject":[{"digest":{"sha256":"${a}"}},0]}`,
      JSON.stringify({ subject: Array.from({ length: 1_025 }, () => ({ digest: { sha256: a } })) }),
      `{"subject":[{"digest":{"sha256":"${a}"}}],"subject":[]}`,
    ]
    const index = await lines(...statements.map(signed), about({ sha256: a }))
    expect(index.unclear.map((it) => it.label)).toEqual(statements.map((_, at) => `all:${at + 1}`))
    expect(labels(index, a)).toEqual(['all:9'])
    expect(index.count).toBe(9)
  })

  it('keeps what cannot be read apart', async () => {
    const index = await lines('junk', about({ sha256: a }), '{}')
    expect(index.unreadable.map(({ label, error }) => [label, error.code])).toEqual([
      ['all:1', 'json-malformed'],
      ['all:3', 'bundle-malformed'],
    ])
    expect(index.count).toBe(1)
  })

  it('is the same of a file, of its bytes, and of what was parsed', async () => {
    const path = join(folder, 'all')
    const text = `${about({ sha256: a })}\n${about({ sha256: b })}`
    writeFileSync(path, text)
    for (const index of [await indexBundleFile(path), await indexBundleBytes('all', Buffer.from(text))]) {
      expect(labels(index, b)).toEqual(['all:2'])
      const [entry] = index.about([`sha256:${b}`])
      expect(await entry?.read()).toEqual(parseBundle(Buffer.from(about({ sha256: b }))))
    }
    const parsed = indexBundle('one', parseBundle(Buffer.from(about({ sha256: b }))))
    expect(labels(parsed, b)).toEqual(['one'])
  })

  it('holds positions in the file: a bundle that is gone, or another one, when it is read is unreadable', async () => {
    const path = join(folder, 'all.jsonl')
    writeFileSync(path, `${about({ sha256: a })}\n${about({ sha256: b })}\n`)
    const index = await indexBundleFile(path)
    const [entry] = index.about([`sha256:${b}`])
    writeFileSync(path, `${about({ sha256: a })}\n`)
    expect(await codeOfAsync(async () => entry?.read())).toBe('input-unreadable')
    rmSync(path)
    expect(await codeOfAsync(async () => entry?.read())).toBe('input-unreadable')
  })

  it('says so of a list as well', async () => {
    const path = join(folder, 'all.json')
    writeFileSync(path, `[${about({ sha256: a })},${about({ sha256: b })}]`)
    const index = await indexBundleFile(path)
    expect(labels(index, b)).toEqual(['all.json#2'])
    const [entry] = index.about([`sha256:${b}`])
    writeFileSync(
      path,
      `[${about({ sha256: a })},${' '.repeat(about({ sha256: b }).length)}]`.replace(/,( *)\]/, ' $1]'),
    )
    expect(await codeOfAsync(async () => entry?.read())).toBe('input-unreadable')
  })

  it('is given up where a document does not end within its bound, however much follows', async () => {
    const endless = Buffer.from(`{\n${' '.repeat(limits.bundleBytes + 8 * 1024 * 1024)}`)
    expect(await codeOfAsync(() => indexBundleBytes('all', endless))).toBe('input-too-large')
  })

  it('reads a list once for all of its bundles', async () => {
    const path = join(folder, 'all.json')
    writeFileSync(path, `[${about({ sha256: a })},${about({ sha256: a })}]`)
    const [first, second] = (await indexBundleFile(path)).about([`sha256:${a}`])
    expect((await first?.read())?.version).toBe('dsse')
    rmSync(path)
    expect((await second?.read())?.version).toBe('dsse')
  })
})
