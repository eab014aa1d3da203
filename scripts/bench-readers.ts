/**
 * Bench of the session readers over a whole history, against what git alone needs to print it.
 *
 *     node scripts/bench-readers.ts [commits]
 *
 * The repository is made once by `git fast-import`, from a seed: one file of 5 to 40 lines changes per commit, 30 % of the
 * messages hold trailers of AI tools, 5 % of the commits have a git-ai note. The baseline is the process
 * `git log -z --format=%H%x00%B` in the same repository, its output read by a pipe of Node that throws it away.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { resolveRange } from '../src/collect/git/history.ts'
import { openRepository } from '../src/collect/git/repository.ts'
import { collectSessions } from '../src/collect/sessions/index.ts'
import { historyOf } from './bench-history.ts'
import { git } from './bench-repositories.ts'
import { against, median } from './bench-timing.ts'
import type { Against } from './bench-timing.ts'

export interface ReaderBench {
  readonly name: string
  /** Milliseconds, median of nine runs in turns with the baseline: of three the median is off by a tenth, now and then by a fifth. */
  readonly ours: number
  readonly baseline: number
  readonly ratio: number
  /** Peak of a process that does nothing but read, without git's own processes. */
  readonly rssMb: number
  /** The whole command that attests the history, by this build and by another one. */
  readonly against: Against | undefined
}

const rounds = 9

/** `other` is another checkout that is built. */
export async function benchReaders(commits = 50_000, other?: string): Promise<ReaderBench> {
  const folder = await historyOf(commits)
  const repository = await openRepository(folder)
  const range = await resolveRange(repository, { allowShallow: 'refuse', adopt: true })
  const ours: number[] = []
  const baseline: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    baseline.push(await timed(() => git(folder, ['log', '-z', '--format=%H%x00%B'])))
    ours.push(await timed(() => collectSessions(repository, range)))
  }
  const [mine, its] = [median(ours), median(baseline)]
  const name = `session readers, ${commits} commits`
  return {
    name,
    ours: mine,
    baseline: its,
    ratio: mine / its,
    rssMb: await peakOfReading(folder),
    against: await attesting(folder, other),
  }
}

/** The statement about the whole history, unsigned, with a state folder that both of them read. */
async function attesting(folder: string, other: string | undefined): Promise<Against | undefined> {
  const home = await mkdtemp(join(tmpdir(), 'countersign-bench-home-'))
  const subject = `app=sha256:${'a'.repeat(64)}`
  const flags = [
    '--dry-run',
    '--allow-dirty',
    '--adopt',
    '--subject',
    subject,
    '--sigstore',
    'local',
    '--local-state',
    home,
  ]
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_GLOBAL: '/dev/null' }
  try {
    const work = (checkout: string): string[] => [join(checkout, 'bin/countersign.js'), 'attest', ...flags]
    return against(other, 5, work, { cwd: folder, env })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

const reading = `
  import { resolveRange } from './collect/git/history.ts'
  import { openRepository } from './collect/git/repository.ts'
  import { collectSessions } from './collect/sessions/index.ts'
  const repository = await openRepository(process.argv[2])
  const range = await resolveRange(repository, { allowShallow: 'refuse', adopt: true })
  await collectSessions(repository, range)
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024))
`

/** In a fresh process, from JavaScript: Node needs some 35 MB to read TypeScript. */
async function peakOfReading(folder: string): Promise<number> {
  const program = join(tmpdir(), `countersign-bench-reading-${process.pid}.mjs`)
  const resolveDir = fileURLToPath(new URL('../src', import.meta.url))
  await build({
    stdin: { contents: reading, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  })
  try {
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    for await (const chunk of child.stdout) text += String(chunk)
    return Number(text)
  } finally {
    await rm(program, { force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [commits] = process.argv.slice(2)
  console.log(await benchReaders(commits === undefined ? undefined : Number(commits)))
}
