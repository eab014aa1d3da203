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
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { resolveRange } from '../src/collect/git/history.ts'
import { openRepository } from '../src/collect/git/repository.ts'
import { collectSessions } from '../src/collect/sessions/index.ts'
import { git, randomFrom } from './bench-repositories.ts'
import { against, median } from './bench-timing.ts'
import type { Against } from './bench-timing.ts'

export interface ReaderBench {
  readonly name: string
  /** Milliseconds, median of three runs in turns with the baseline. */
  readonly ours: number
  readonly baseline: number
  readonly ratio: number
  /** Peak of a process that does nothing but read, without git's own processes. */
  readonly rssMb: number
  /** The whole command that attests the history, by this build and by another one. */
  readonly against: Against | undefined
}

/** `other` is another checkout that is built. */
export async function benchReaders(commits = 50_000, other?: string): Promise<ReaderBench> {
  const folder = await historyOf(commits)
  const repository = await openRepository(folder)
  const range = await resolveRange(repository, { allowShallow: 'refuse', adopt: true })
  const ours: number[] = []
  const baseline: number[] = []
  for (let round = 0; round < 3; round += 1) {
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

const identity = 'Ann <ann@example.org>'
const firstDate = 1_700_000_000

/** A folder with the history; made once, then used again. */
export async function historyOf(commits: number): Promise<string> {
  const folder = join(tmpdir(), `countersign-bench-readers-v2-${commits}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    await git(draft, ['init', '--quiet', '--initial-branch=main'])
    const random = randomFrom(20_261_121)
    const notes: { mark: number; path: string; lines: number }[] = []
    await git(draft, ['fast-import', '--quiet', '--export-marks=marks'], commitStream(commits, random, notes))
    const ids = new Map((await readFile(join(draft, 'marks'), 'utf8')).split('\n').map(markAndId))
    await git(draft, ['fast-import', '--quiet'], noteStream(notes, ids))
    await rm(join(draft, 'marks'))
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

function* commitStream(
  commits: number,
  random: () => number,
  notes: { mark: number; path: string; lines: number }[],
): Generator<string> {
  for (let mark = 1; mark <= commits; mark += 1) {
    const path = `src/file-${Math.floor(random() * 300)}.ts`
    const lines = 5 + Math.floor(random() * 35)
    const source = Array.from({ length: lines }, (_, line) => `export const v${mark}_${line} = ${line}\n`).join('')
    const message = messageOf(mark, commits, random)
    if (random() < 0.05) notes.push({ mark, path, lines })
    yield (
      `commit refs/heads/main\nmark :${mark}\ncommitter ${identity} ${firstDate + mark * 60} +0000\n` +
      `data ${Buffer.byteLength(message)}\n${message}\nM 644 inline ${path}\ndata ${source.length}\n${source}\n`
    )
  }
}

const trailers: readonly ((session: string) => string)[] = [
  () => 'Co-Authored-By: Claude Opus 4.6 (1M context) <noreply@anthropic.com>',
  (session) => `Claude-Session: https://claude.ai/code/session_${session}`,
  (session) => `Copilot-Session: ${session}\nCo-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>`,
  () => 'Assisted-by: Codex:gpt-5.4',
  (session) => `AI-Session-ID: gemini:${session}\nAI-Tool-Version: gemini/1.2.3 (gemini-3-pro)`,
]

function messageOf(mark: number, commits: number, random: () => number): string {
  const body = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, line) => `Why it was done, sentence ${line}.`)
  const session = `b2a1c0de-0000-4000-8000-${String(Math.floor((mark * 900) / commits)).padStart(12, '0')}`
  const trailer = trailers[Math.floor(random() * trailers.length)]?.(session) ?? ''
  const footer = random() < 0.3 ? trailer : 'Signed-off-by: Ann <ann@example.org>'
  return `Change number ${mark}\n\n${body.join('\n')}\n\n${footer}\n`
}

function* noteStream(
  notes: readonly { mark: number; path: string; lines: number }[],
  ids: ReadonlyMap<number, string>,
): Generator<string> {
  yield `commit refs/notes/ai\ncommitter ${identity} ${firstDate} +0000\ndata 0\n`
  for (const { mark, path, lines } of notes) {
    const id = ids.get(mark) ?? ''
    const key = `s_${String(mark).padStart(14, '0')}`
    const agent = { tool: 'claude', id: `00000000-0000-4000-8000-${String(mark % 500).padStart(12, '0')}` }
    const metadata = {
      schema_version: 'authorship/3.0.0',
      base_commit_sha: id,
      prompts: {},
      sessions: { [key]: { agent_id: { ...agent, model: 'claude-opus-4-6' } } },
    }
    const note = `${path}\n  ${key}::t_00000000000000 1-${lines}\n---\n${JSON.stringify(metadata, null, 2)}`
    yield `N inline ${id}\ndata ${note.length}\n${note}\n`
  }
}

function markAndId(line: string): [number, string] {
  const [mark = '', id = ''] = line.split(' ')
  return [Number(mark.slice(1)), id]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [commits] = process.argv.slice(2)
  console.log(await benchReaders(commits === undefined ? undefined : Number(commits)))
}
