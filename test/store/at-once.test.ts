/** Jobs of a build matrix write to the same files at the same moment: processes of their own, as they are there. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envelope } from './made-bundle.ts'
import { atDesk, isEach } from '../world/runs.ts'

const count = 8

interface Writer {
  readonly child: ChildProcess
  readonly answers: Interface
}

const program = `
  import { createInterface } from 'node:readline'
  import { worldOf } from ${source('platform/world.ts')}
  import { writeBundleFile } from ${source('store/bundle-file.ts')}
  import { keepUnsigned, readUnsigned } from ${source('store/prepared-file.ts')}
  import { mergeBundles } from ${source('store/merge.ts')}
  const world = {
    append: ({ path, bundle }) => writeBundleFile(path, bundle, 'append', worldOf()),
    keep: ({ statement, ...kept }) =>
      keepUnsigned({ statement: Buffer.from(statement), ...kept, preparedAt: new Date(), version: '1' }),
    merge: (request) => mergeBundles(request),
  }
  console.log('ready')
  for await (const line of createInterface({ input: process.stdin })) {
    const { what, ...request } = JSON.parse(line)
    console.log(await world[what](request).then(() => 'done', (error) => error.code ?? String(error)))
  }`

function source(path: string): string {
  return JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)
}

let folder: string
let writers: readonly Writer[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-at-once-'))
  writers = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return { child, answers: createInterface({ input: child.stdout }) }
  })
  expect(await Promise.all(writers.map(answerOf))).toEqual(Array(count).fill('ready'))
})
afterAll(async () => {
  await Promise.all(
    writers.map(async ({ child }) => {
      child.stdin?.end()
      if (child.exitCode === null) await once(child, 'exit')
    }),
  )
  rmSync(folder, { recursive: true })
})

async function answerOf({ answers }: Writer): Promise<string> {
  const [line] = (await once(answers, 'line')) as [string]
  return line
}

/** Each process does its own at the same moment; the answers in their order. */
async function atOnce(requests: readonly object[]): Promise<string[]> {
  const answers = writers.map(answerOf)
  for (const [index, { child }] of writers.entries()) child.stdin?.write(`${JSON.stringify(requests[index])}\n`)
  return Promise.all(answers)
}

const done = Array<string>(count).fill('done')
const numbers = Array.from({ length: count }, (_, index) => index)
const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)

describe('processes that write at once', () => {
  it('lose no line of a .jsonl, however often', async () => {
    const path = join(folder, 'all.jsonl')
    const bundles: string[] = []
    for (let round = 0; round < atDesk(3, 6); round += 1) {
      const next = numbers.map((index) => envelope({ round, index }))
      expect(await atOnce(next.map((bundle) => ({ what: 'append', path, bundle })))).toEqual(done)
      bundles.push(...next)
      expect(lines(path).toSorted()).toEqual(bundles.toSorted())
    }
    expect(readdirSync(folder)).toEqual(['all.jsonl'])
  })

  it.runIf(isEach)('lose no line to one that joins files into theirs', async () => {
    const path = join(folder, 'merged.jsonl')
    const bundles = numbers.map((index) => envelope({ merged: index }))
    const merge = { what: 'merge', paths: [path], out: path, whenPresent: 'replace', world: {} }
    expect(await atOnce(bundles.map((bundle) => ({ what: 'append', path, bundle })))).toEqual(done)
    const more = numbers.map((index) => envelope({ more: index }))
    const requests = more.map((bundle, index) => (index % 2 === 0 ? { what: 'append', path, bundle } : merge))
    expect(await atOnce(requests)).toEqual(done)
    const added = more.filter((_, index) => index % 2 === 0)
    expect(lines(path).toSorted()).toEqual([...bundles, ...added].toSorted())
  })

  it('keep what each of them could not sign, under names of their own', async () => {
    const identity = { signer: 's', issuer: 'i', source: null, ref: null, commit: null, trigger: null, run: 'run/1' }
    const statements = numbers.map((index) =>
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: `app-${index}`, digest: { sha256: `${index}`.repeat(64) } }],
        predicateType: 'https://example.com/x',
      }),
    )
    const out = join(folder, 'kept.jsonl')
    expect(await atOnce(statements.map((statement) => ({ what: 'keep', statement, identity, out })))).toEqual(done)
    const kept = readdirSync(folder)
      .filter((it) => it.endsWith('.unsigned.json'))
      .map((it) => JSON.parse(readFileSync(join(folder, it), 'utf8')) as { statement: { base64: string } })
      .map((it) => Buffer.from(it.statement.base64, 'base64').toString())
    expect(kept.toSorted()).toEqual(statements.toSorted())
  })
})
