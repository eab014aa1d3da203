/** `npm run new -- KIND NAME`: what it makes keeps the contract of its kind, and nothing that is there is lost. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { isEach, part } from '../world/runs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

function make(into: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const script = join(root, 'scripts/new.ts')
  return spawnSync(process.execPath, [script, ...args, into], { cwd: root, encoding: 'utf8' })
}

/** A copy of the source, and of the tests that the contract needs. */
function workshop(...more: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-new-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const it of [
    'src',
    'schemas',
    'test/contracts',
    'test/world',
    'test/collect/sessions',
    'scripts',
    'package.json',
    'vitest.config.ts',
    ...more,
  ]) {
    cpSync(join(root, it), join(folder, it), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

test.runIf(isEach)('a new reader keeps the contract from its first minute on', () => {
  const folder = workshop()
  const { status, stdout } = make(folder, 'reader', 'tab-nine')
  expect(status).toBe(0)
  for (const path of stdout.split('\n\n')[0]!.split('\n')) expect(existsSync(join(folder, path)), path).toBe(true)
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '' } })
  expect(run('scripts/tables.ts', '--write').status).toBe(0)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout: said } = run(vitest, 'run', 'test/contracts/session-reader.test.ts', '-t', 'tab-nine-note')
  expect(said).toMatch(/(?:1[2-9]|2\d) passed, 0 failed/)
  const read = `import { readTabNineNote } from './src/collect/sessions/tab-nine/note-format.ts'
    import { knownTools } from './src/collect/sessions/tools.ts'
    const read = (note) => readTabNineNote(Buffer.from(JSON.stringify(note)), knownTools)
    const mine = { recorder: 'tab-nine', version: 2, session: 'ann@example.org', toolVersion: 'ann@example.org' }
    console.log(JSON.stringify([read(mine), read({ ...mine, recorder: 'another' }) === undefined]))`
  const later = JSON.parse(run('--input-type=module', '--eval', read).stdout) as object
  expect(later).toMatchObject([{ isNewer: true, invalidIds: 1, agents: [{ tool: 'tab-nine' }] }, true])
  expect(JSON.stringify(later)).not.toContain('example.org')
  // The row of the tool waits for somebody to say where its name was found: `tools.test.ts` is red until then.
  expect(readFileSync(join(folder, 'src/collect/sessions/agent-rows.ts'), 'utf8')).toMatch(
    /{ id: ['"]tab-nine['"], source: ['"]say here [a-z ]+['"] },\n\];?\n$/,
  )
})

const tables = ['scripts/tables.ts', '--write']
const kinds: readonly [string, string[], string[], RegExp][] = [
  ['provider', tables, ['contracts/ci-provider.test.ts', 'providers'], /made-here/],
  ['build-type', tables, ['policy/build-types.test.ts'], /made-here\.example/],
  [
    'rule',
    ['scripts/schemas.ts', '--write'],
    ['policy/provenance/made-here.test.ts', 'policy/nothing-to-look-at.test.ts', 'policy/lint.test.ts'],
    /takes one of those[^]*refuses another/,
  ],
]
test.runIf(isEach).each(kinds)('a new %s is green from its first minute on', (kind, whole, tests, names) => {
  const folder = workshop('test', 'docs/policy', 'policies', 'bin', 'fixtures', 'dist')
  const { status, stderr } = make(folder, kind, 'made-here')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '' } })
  expect(run(...whole).status).toBe(0)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tried = run(vitest, 'run', '--reporter', 'verbose', ...tests.map((it) => `test/${it}`))
  expect(tried.status).toBe(0)
  expect(tried.stdout).toMatch(names)
})

test('a row whose place is gone is told, and so is what to write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-new-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { status, stderr } = make(folder, 'provider', 'made-here')
  expect(status).toBe(0)
  expect(stderr).toContain('test/contracts/ci-provider.test.ts')
  expect(stderr).toContain('MADE_HERE_TOKEN')
})

test('a file that is there stays as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-new-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  expect(make(folder, 'reader', 'mine').status).toBe(0)
  const note = join(folder, 'src/collect/sessions/mine/note-format.ts')
  writeFileSync(note, 'my own')
  rmSync(join(folder, 'test'), { recursive: true })
  expect(make(folder, 'reader', 'mine').status).toBe(1)
  expect(readFileSync(note, 'utf8')).toBe('my own')
  expect(readdirSync(folder)).not.toContain('test')
})

test.for(part(['report', 'toString', ''], 3))('%j is no kind', (kind) => {
  expect(make('.', kind, 'made-here').status).toBe(2)
})

test.for(part(['../up', 'Upper', 'a b', '', '-a', 'a/b'], 3))('%j is no name of a reader', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-new-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  expect(make(folder, 'reader', name).status).toBe(2)
  expect(readdirSync(folder)).toEqual([])
})
