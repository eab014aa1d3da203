/**
 * Bench of the evidence of a release at the sizes that issue 9 names, against the git commands that it cannot do without. Ours is
 * a fresh process each time, without the start of Node, so that its peak of memory can be read.
 *
 *     node scripts/bench-evidence.ts [commits of the long history]
 */
import { spawn, spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { git, longHistory, notedHistory, squashedHistory } from './bench-repositories.ts'
import { median } from './bench-timing.ts'

export interface EvidenceBench {
  readonly what: string
  readonly baseline: string
  /** Milliseconds, medians of runs in turns. */
  readonly ours: number
  readonly theirs: number
  /** Peak of ours, without git's processes. */
  readonly rssMb: number
  /** Of `ours`. */
  readonly each?: number
}

const program = `
  import { resolveRange } from './collect/git/history.ts'
  import { openRepository } from './collect/git/repository.ts'
  import { forEachCommit } from './collect/git/history.ts'
  import { requestHeads } from './collect/change/request-heads.ts'
  import { requestsIn } from './collect/change/request-hints.ts'
  import { proveSquashes } from './collect/change/squash-proof.ts'
  import { collectChanges } from './collect/sessions/index.ts'
  import { keepYoungHeapSmall } from './cli/young-heap.ts'
  // As the commands do.
  keepYoungHeapSmall()
  const [folder, what] = process.argv.slice(2)
  const repository = await openRepository(folder)
  const range = await resolveRange(repository, { allowShallow: 'refuse', adopt: true })
  const candidates = []
  if (what === 'squashes') {
    const heads = await requestHeads(repository)
    await forEachCommit(repository, range, ({ commit }, message) => {
      const head = heads.get(requestsIn(message)?.names[0])
      if (head !== undefined) candidates.push({ change: commit, head })
    })
  }
  const start = performance.now()
  const found = what === 'squashes' ? await proveSquashes(repository, candidates, range.since) : await collectChanges(repository, range)
  const ms = performance.now() - start
  const wrong = what === 'squashes' ? found.filter((it) => it !== 'merge' && it !== 'same-tree').length : 0
  if (wrong > 0) throw new Error(wrong + ' squashes were not proved')
  process.stdout.write(JSON.stringify({ ms, rssMb: process.resourceUsage().maxRSS / 1024 }))
`

const rounds = 3

export async function benchEvidence(commits = 200_000): Promise<EvidenceBench[]> {
  const script = join(tmpdir(), `countersign-bench-evidence-${process.pid}.mjs`)
  await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../src', import.meta.url)), loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile: script, logLevel: 'error' },
  })
  try {
    return [await benchLong(script, commits), await benchNoted(script), await benchSquashes(script)]
  } finally {
    await rm(script, { force: true })
  }
}

async function benchLong(script: string, commits: number): Promise<EvidenceBench> {
  const folder = await longHistory(commits)
  const timed = await inTurns(script, [folder, 'range'], () => git(folder, logArgs))
  return { what: `the evidence of ${commits} commits`, baseline: 'git log -z', ...timed }
}

const logArgs = ['log', '-z', '--format=%H%x00%B']

async function benchNoted(script: string): Promise<EvidenceBench> {
  const [commits, notes] = [5_337, 10_685]
  const folder = await notedHistory(commits, notes)
  const ids = textOf(folder, ['rev-list', 'HEAD'])
  const blobs = textOf(folder, ['ls-tree', '-r', '--format=%(objectname)', 'refs/notes/ai'])
  const timed = await inTurns(script, [folder, 'range'], async () => {
    await git(folder, logArgs)
    await git(folder, ['ls-tree', '-r', 'refs/notes/ai'])
    await git(folder, ['cat-file', '--batch'], [blobs])
    await git(folder, ['diff-tree', '--stdin', '-r', '-U0'], [ids])
  })
  const baseline = 'log -z + ls-tree -r + cat-file --batch + diff-tree --stdin -U0'
  return { what: `the evidence of ${commits} commits, ${notes} notes with conversations`, baseline, ...timed }
}

async function benchSquashes(script: string): Promise<EvidenceBench> {
  const squashes = 2_000
  const folder = await squashedHistory(squashes)
  const heads = new Map(
    textOf(folder, ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/pull'])
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.split(/[/ ]/)[2] ?? '', line.split(' ')[1] ?? '']),
  )
  const pairs = textOf(folder, ['log', '--format=%P %s'])
    .split('\n')
    .flatMap((line) => {
      const [, parent, number] = /^(\S+) .*\(#(\d+)\)$/.exec(line) ?? []
      return parent === undefined ? [] : [`${parent} ${heads.get(number ?? '') ?? ''}`]
    })
  const args = ['merge-tree', '--write-tree', '--stdin', '--no-messages']
  const timed = await inTurns(script, [folder, 'squashes'], () => git(folder, args, [`${pairs.join('\n')}\n`]))
  return {
    ...{ what: `the proof of ${squashes} squashes`, baseline: 'git merge-tree --stdin', ...timed },
    each: timed.ours / squashes,
  }
}

async function inTurns(
  script: string,
  args: readonly string[],
  baseline: () => Promise<void>,
): Promise<Pick<EvidenceBench, 'ours' | 'theirs' | 'rssMb'>> {
  const ours: number[] = []
  const theirs: number[] = []
  const peaks: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    await baseline()
    theirs.push(performance.now() - start)
    const { ms, rssMb } = await answerOf(script, args)
    ours.push(ms)
    peaks.push(rssMb)
  }
  return { ours: median(ours), theirs: median(theirs), rssMb: Math.max(...peaks) }
}

async function answerOf(script: string, args: readonly string[]): Promise<{ ms: number; rssMb: number }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return JSON.parse(text) as { ms: number; rssMb: number }
}

function textOf(cwd: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1024 ** 3 })
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} failed`)
  return stdout
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [commits] = process.argv.slice(2)
  console.log(await benchEvidence(commits === undefined ? undefined : Number(commits)))
}
