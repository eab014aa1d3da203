/**
 * `npm run test:mutants`: breaks the security rules of the source one at a time, each in a copy of the project, and runs the
 * tests that ought to notice. What nobody noticed is listed in docs/mutants.md.
 *
 *     node scripts/mutants.ts [--only TEXT] [--kept FILE] [--write] [--check]
 *
 * `--only` takes those whose file or rule holds the text, `--write` writes the page, `--check` only says which edits no longer
 * fit the source. A whole run takes an hour: `--kept` is a file to which each fate is added, and whose fates count for a rule whose
 * edit, source file and tests are the same as they were, so that a run can be ended and gone on with. Stryker can run on these tests, but it changes operators and not rules: some thousand mutants of which most
 * mean nothing, and hours.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Edit } from './mutants/edit.ts'
import { edits } from './mutants/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/mutants.md')

/** A test run that takes longer hangs, which is a way to notice. */
const longestRun = 240_000

type Fate = 'noticed' | 'survived'

const only = valueOf('--only')
const chosen = edits.filter(({ file, rule }) => only === undefined || file.includes(only) || rule.includes(only))
const stale = chosen.filter((edit) => occurrences(edit) !== 1)
for (const { file, find } of stale) process.stderr.write(`does not stand once in ${file}: ${JSON.stringify(find)}\n`)
if (process.argv.includes('--check') || stale.length > 0) process.exit(stale.length > 0 ? 1 : 0)

if (!existsSync(join(root, 'dist'))) {
  process.stderr.write('some tests start what was built: npm run build, then this again\n')
  process.exit(2)
}
const keptFile = valueOf('--kept')
const kept = keptFates(keptFile)
const fates = new Map<Edit, Fate>()
for (const edit of chosen) {
  const fate = kept.get(keyOf(edit))
  if (fate !== undefined) fates.set(edit, fate)
}
const queue = chosen.filter((it) => !fates.has(it))
const workers = Array.from({ length: availableParallelism() }, async () => {
  const copy = copyProject()
  try {
    for (let edit = queue.shift(); edit !== undefined; edit = queue.shift()) {
      const fate = await fateOf(edit, copy)
      fates.set(edit, fate)
      if (keptFile !== undefined) appendFileSync(keptFile, `${keyOf(edit)} ${fate}\n`)
      process.stdout.write(
        `${fates.size}/${chosen.length} ${fate === 'noticed' ? '  ' : '! '}${edit.file}: ${edit.rule}\n`,
      )
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})
await Promise.all(workers)
const survivors = chosen.filter((it) => fates.get(it) === 'survived')
const unexplained = survivors.filter((it) => it.explained === undefined)
process.stdout.write(
  `${chosen.length} rules broken, ${chosen.length - survivors.length} noticed, ${survivors.length} survived, ${unexplained.length} of them unexplained\n`,
)
if (process.argv.includes('--write') && only === undefined) writePage(survivors)
process.exitCode = unexplained.length === 0 ? 0 : 1

function occurrences({ file, find }: Edit): number {
  return readFileSync(join(root, 'src', file), 'utf8').split(find).length - 1
}

/** Of everything that decides a fate but the rest of the source. */
function keyOf({ file, find, replace, tests }: Edit): string {
  const texts = [join('src', file), ...tests.map((it) => join('test', it))].map((path) =>
    statSync(join(root, path)).isFile() ? readFileSync(join(root, path), 'utf8') : path,
  )
  return createHash('sha256')
    .update(JSON.stringify([file, find, replace, tests, texts]))
    .digest('hex')
}

function keptFates(path: string | undefined): Map<string, Fate> {
  if (path === undefined || !existsSync(path)) return new Map()
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return new Map(lines.map((line) => line.split(' ') as [string, Fate]))
}

/** Everything that git knows or would add, with the modules and the build of this checkout. */
function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-mutants-'))
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  for (const path of listed.toString('utf8').split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path), { force: true, verbatimSymlinks: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
  return copy
}

async function fateOf({ file, find, replace, tests, isBuilt }: Edit, copy: string): Promise<Fate> {
  const path = join(copy, 'src', file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(find, () => replace),
  )
  try {
    if (isBuilt === true) build(copy)
    for (const test of tests) if (!(await passes(test, copy))) return 'noticed'
    return 'survived'
  } finally {
    writeFileSync(path, text)
    if (isBuilt === true) cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
  }
}

function build(copy: string): void {
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] })
}

function passes(test: string, cwd: string): Promise<boolean> {
  return new Promise((resolve) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--bail', '1', join('test', test)], {
      cwd,
      stdio: 'ignore',
      detached: true,
      // A desk tries a part of each table, and the row that notices may be in the other.
      env: { ...process.env, COUNTERSIGN_TEST_RUNS: 'all' },
    })
    const hang = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), longestRun)
    child.on('close', (status) => {
      clearTimeout(hang)
      resolve(status === 0)
    })
  })
}

function writePage(survived: readonly Edit[]): void {
  const files = Map.groupBy(edits, (it) => it.file.split('/').slice(0, 2).join('/'))
  const rows = [...files].sort().map(([file, all]) => {
    const lost = all.filter((it) => survived.includes(it)).length
    return `| ${file} | ${all.length} | ${all.length - lost} | ${lost} |`
  })
  const list = survived.map(
    ({ file, rule, explained }) => `- \`${file}\`: ${rule}. ${explained ?? '**No test notices this.**'}`,
  )
  writeFileSync(
    page,
    [
      '# Mutants',
      '',
      'Each security rule of the source is taken out, one at a time, and the tests nearest to it are run',
      '(`npm run test:mutants -- --write` writes this page). The table of edits is `scripts/mutants/`.',
      '',
      `${edits.length} rules, ${edits.length - survived.length} noticed, ${survived.length} survived.`,
      '',
      '| where | rules | noticed | survived |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
      '## Survivors',
      '',
      ...(list.length === 0 ? ['None.'] : list),
      '',
    ].join('\n'),
  )
}

function valueOf(flag: string): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}
