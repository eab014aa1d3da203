/**
 * Bench of `countersign gate` over 5,000 commits, a whole process, against `git log --numstat -z` of the same range: in turns, by the clock
 * and by the time that processors worked for it.
 *
 *     node scripts/bench-gate.ts [small | real | repository BASE]
 *
 * The history is made up (`bench-history.ts`), of commits as large as those of projects or of small ones; with a repository the range is
 * `BASE..HEAD` there, as in a clone of a project.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { historyOf } from './bench-history.ts'
import type { Size } from './bench-history.ts'
import { median, root } from './bench-timing.ts'

export interface GateBench {
  /** Medians: milliseconds by the clock, and of all processes together. */
  readonly ours: number
  readonly theirs: number
  readonly oursCpu: number
  readonly theirsCpu: number
  /** Peak of our process, without git's. */
  readonly rssMb: number
}

const policy = `apiVersion: countersign/policy/v1
name: bench
expires: 2100-01-01T00:00:00Z
identity: { signers: [{ repo: acme/widget, workflow: release.yml, refs: ['refs/tags/*'] }] }
ai: { readers: { mustLook: [trailer] } }
`

interface Run {
  readonly ms: number
  readonly cpuMs: number
  readonly rssMb: number
}

/** `time` is of GNU: it alone tells the peak of one process and the time of all that it started. `answers`: how it may end. */
function timed(cwd: string, program: string, args: readonly string[], answers: readonly number[] = [0]): Run {
  const start = performance.now()
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '\n%U %S %M', program, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const ms = performance.now() - start
  if (status === null || !answers.includes(status))
    throw new Error(`${program} ${args[0] ?? ''} ended with ${String(status)}: ${stderr}`)
  const [user = Number.NaN, system = Number.NaN, kilobytes = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number)
  return { ms, cpuMs: (user + system) * 1_000, rssMb: kilobytes / 1_024 }
}

/** Rounds are counted from the second on. */
const rounds = 5

export async function benchGate(
  size: Size,
  named?: { readonly repository: string; readonly base: string },
): Promise<GateBench> {
  const repository = named?.repository ?? (await historyOf(5_001, size))
  const base = named?.base ?? firstOf(repository)
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-gate-'))
  try {
    const policyFile = join(folder, 'policy.yaml')
    writeFileSync(policyFile, policy)
    const ours: Run[] = []
    const theirs: Run[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const git = timed(repository, 'git', ['log', '--numstat', '-z', `${base}..HEAD`])
      const asked = ['gate', `${base}..HEAD`, '--policy-file', policyFile, '--offline', '--format', 'json']
      const gate = timed(
        repository,
        process.execPath,
        [join(root, 'bin/countersign.js'), ...asked],
        // What a repository of somebody else holds may be a no, which takes as long.
        named === undefined ? [0] : [0, 1],
      )
      if (round === 0) continue
      theirs.push(git)
      ours.push(gate)
    }
    return {
      ours: median(ours.map((it) => it.ms)),
      theirs: median(theirs.map((it) => it.ms)),
      oursCpu: median(ours.map((it) => it.cpuMs)),
      theirsCpu: median(theirs.map((it) => it.cpuMs)),
      rssMb: Math.max(...ours.map((it) => it.rssMb)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function firstOf(repository: string): string {
  const { stdout } = spawnSync('git', ['rev-list', '--max-parents=0', 'HEAD'], { cwd: repository, encoding: 'utf8' })
  return stdout.trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [repository, base] = process.argv.slice(2)
  const named = repository === undefined || base === undefined ? undefined : { repository, base }
  console.log(await benchGate(repository === 'small' ? 'small' : 'real', named))
}
