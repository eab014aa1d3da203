/** How benches time: whole runs, in turns, so that all see the same machine; of each the median. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** This checkout, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** Median seconds of each run. They take turns, forwards and backwards, and the first round warms up. */
export function inTurns(runs: readonly (() => unknown)[], rounds: number): readonly number[] {
  const timed = runs.map((run) => ({ run, seconds: [] as number[] }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { run, seconds } of round % 2 === 0 ? timed : timed.toReversed()) {
      const start = performance.now()
      run()
      if (round > 0) seconds.push((performance.now() - start) / 1_000)
    }
  }
  return timed.map(({ seconds }) => median(seconds))
}

export interface Surroundings {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** The standard output of a program that ends with status 0; throws with what it said if it does not. */
export function output(
  program: string,
  args: readonly string[],
  { cwd, env = process.env }: Surroundings = {},
): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 1024 ** 3 })
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${String(status)}: ${stderr}`)
  return stdout
}

/** Median seconds of one piece of work by this checkout and by another one. */
export interface Against {
  readonly ours: number
  readonly other: number
}

/**
 * The same work by two built checkouts in turns, each time in a process of its own whose whole life counts. `work` gives the
 * arguments of Node for a checkout: scripts and command lines that both of them have. Undefined where there is no other one.
 */
export function against(
  other: string | undefined,
  rounds: number,
  work: (checkout: string) => readonly string[],
  surroundings?: Surroundings,
): Against | undefined {
  if (other === undefined) return undefined
  const run = (checkout: string) => () => output(process.execPath, work(checkout), surroundings)
  const [ours = Number.NaN, its = Number.NaN] = inTurns([run(root), run(other)], rounds)
  return { ours, other: its }
}
