/** The tables of the source: made from the names of files, and no file forgotten. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { portalRows } from '../../src/collect/portals/index.ts'
import { transcriptFormats } from '../../src/collect/transcripts/formats/index.ts'
import { buildTypeRows } from '../../src/policy/build-types/index.ts'
import { predicateRows } from '../../src/predicates/index.ts'
import { providerRows } from '../../src/providers/index.ts'
import { vendorRows } from '../../src/vouch/vendors/index.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))
const script = fileURLToPath(new URL('../../scripts/tables.ts', import.meta.url))

/** Folder of each table, with its rows. */
const tables: readonly (readonly [string, readonly unknown[]])[] = [
  ['providers', providerRows],
  ['predicates', predicateRows],
  ['policy/build-types', buildTypeRows],
  ['collect/sessions/readers', sessionReaders],
  ['collect/portals', portalRows],
  ['collect/transcripts/formats', transcriptFormats],
  ['vouch/vendors', vendorRows],
]

describe.each(tables)('the table of %s', (folder, rows) => {
  const index = readFileSync(join(source, folder, 'index.ts'), 'utf8')
  const files = [...index.matchAll(/^import \{ \w+ \} from '\.\/([a-z0-9-]+)\.ts'$/gm)].map((it) => it[1]!)

  test('has a row for each file, which exports it under its own name', async () => {
    const exported = await Promise.all(
      files.map(async (file) => {
        const module = (await import(join(source, folder, `${file}.ts`))) as Record<string, unknown>
        return module[camelCase(file)]
      }),
    )
    expect(files.length).toBeGreaterThan(0)
    expect(exported).toEqual(rows)
    exported.forEach((row, at) => expect(row).toBe(rows[at]))
  })

  test('leaves no file out that is a row', async () => {
    const others = readdirSync(join(source, folder))
      .filter((it) => it.endsWith('.ts') && it !== 'index.ts')
      .map((it) => it.slice(0, -'.ts'.length))
      .filter((it) => !files.includes(it))
    for (const file of others) {
      const module = (await import(join(source, folder, `${file}.ts`))) as Record<string, unknown>
      expect(typeof module[camelCase(file)], file).not.toBe('object')
    }
  })
})

function camelCase(file: string): string {
  return file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

interface Ran {
  readonly status: number | null
  readonly stderr: string
}

/** `npm run check:tables`, or `npm run tables`, on a copy of the folders. */
function run(copy: string, ...flags: readonly string[]): Ran {
  const { status, stderr } = spawnSync(process.execPath, [script, copy, ...flags], { encoding: 'utf8' })
  return { status, stderr }
}

function copyOfTables(): string {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-tables-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  for (const [folder] of tables) cpSync(join(source, folder), join(copy, folder), { recursive: true })
  return copy
}

test.each<[string, (copy: string) => void, string]>([
  ['a row that was added', (copy) => writeFileSync(join(copy, 'providers/zuul-ci.ts'), ''), 'providers'],
  ['a row that was removed', (copy) => rmSync(join(copy, 'providers/github.ts')), 'providers'],
  [
    'a row under another name',
    (copy) => renameSync(join(copy, 'policy/build-types/slsa-go.ts'), join(copy, 'policy/build-types/go.ts')),
    'policy/build-types',
  ],
  [
    'a table that was edited',
    (copy) => {
      const path = join(copy, 'predicates/index.ts')
      writeFileSync(path, readFileSync(path, 'utf8').replace(/\[\s*\w+,\s*/, '['))
    },
    'predicates',
  ],
])('%s is drift, which fails and changes nothing', (_, change, folder) => {
  const copy = copyOfTables()
  change(copy)
  const path = join(copy, folder, 'index.ts')
  const before = readFileSync(path, 'utf8')
  const { status, stderr } = run(copy)
  expect(status).toBe(1)
  expect(stderr).toContain(path)
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('writing the tables ends drift; a name of several words is imported in camel case', () => {
  const copy = copyOfTables()
  writeFileSync(join(copy, 'providers/zuul-ci.ts'), '')
  expect(run(copy, '--write')).toEqual({ status: 0, stderr: '' })
  const index = readFileSync(join(copy, 'providers/index.ts'), 'utf8')
  expect(index).toContain("import { zuulCi } from './zuul-ci.ts'\n")
  expect(index.match(/\bzuulCi\b/g)).toHaveLength(2)
  expect(run(copy)).toEqual({ status: 0, stderr: '' })
})

test('the tables of the source are as they are made', () => {
  expect(run(source)).toEqual({ status: 0, stderr: '' })
})
