/** python-tuf's own tests of its updater, run against our TUF client. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keptPath, program } from './cache.ts'
import { run } from './command.ts'
import { inPart, outside, passed } from './tuf-updater-cases.ts'
import { toolNamed } from './versions.ts'

type Outcome = 'passed' | 'in-part' | 'failed' | 'outside'

interface Result {
  readonly outcome: Outcome
  /** The reason of `outside`; what a failure says. */
  readonly why: string
}

/** No test waits for time to pass: it is for a machine that does much else. */
const patience = 10 * 60_000

const expected = new Map<string, Result>([
  ...rows(passed, { outcome: 'passed', why: '' }),
  ...rows(inPart, { outcome: 'in-part', why: '' }),
  ...Object.entries(outside).flatMap(([why, { cases }]) => rows(cases, { outcome: 'outside', why })),
])

function rows(cases: typeof passed, result: Result): readonly (readonly [string, Result])[] {
  return Object.entries(cases).flatMap(([of, names]) => names.map((name) => [`${of}.${name}`, result] as const))
}

const tuf = toolNamed('python-tuf')
const found = new Map<string, Result>()
const folder = mkdtempSync(join(tmpdir(), 'countersign-tuf-'))

beforeAll(async () => {
  const judge = join(import.meta.dirname, 'tools/python-tuf/judge.py')
  const client = fileURLToPath(new URL('tuf-client.ts', import.meta.url))
  const args = ['-I', judge, keptPath(tuf) ?? '', process.execPath, client]
  const { code, stdout, stderr } = await run(program('python-tuf'), args, { home: folder, cwd: folder, patience })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  for (const line of stdout.trim().split('\n')) {
    const { test: name, ...result } = JSON.parse(line) as Result & { readonly test: string }
    found.set(name, result)
  }
}, patience)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  const sum = (outcome: Outcome): number => [...found.values()].filter((it) => it.outcome === outcome).length
  process.stdout.write(
    `${tuf.title} ${tuf.version}: ${found.size} cases of its updater: ${sum('passed')} passed, ${sum('in-part')} in part, ` +
      `${sum('outside')} not applicable, ${sum('failed')} failed\n`,
  )
})

test('no case is missing here, and none is gone there', () => {
  expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
})

describe.each([...Map.groupBy(expected, ([name]) => name.replace(/\.test_.*$/s, ''))])('%s', (_of, cases) => {
  test.each(cases)('%s', (name, result) => {
    expect(found.get(name)).toEqual(result)
  })
})
