/**
 * The world outside the program as one argument (DESIGN rule 12): public functions take any part of it and fill in the rest
 * here, once; everything below gets a whole one.
 */
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import type { Environment } from './environment.ts'
import type { RunProgram } from './program.ts'
import { ownSystem } from './system.ts'

export interface World extends Clock {
  /** Where relative paths start. */
  readonly cwd: string
  readonly env: Environment
  /** The operating system. */
  readonly platform: NodeJS.Platform
  /** In [0, 1). */
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch
  /** Runs another program, such as that of a CI provider that gives out a token. */
  readonly run: RunProgram
  /** Is told, one line each, what a person should know although nothing failed. */
  readonly warn: (message: string) => void
  /** Is told, often, what is being done: a `step` to be shown while it lasts, a `wait` that a log should have as well. */
  readonly progress: (message: string, kind: 'step' | 'wait') => void
}

/** The process as a world, with what is given in its place. */
export function worldOf(given: Partial<World> = {}): World {
  return {
    ...systemClock,
    cwd: process.cwd(),
    env: process.env,
    platform: ownSystem,
    random: Math.random,
    fetch: globalThis.fetch,
    // Loaded at the first call: child processes cost a third of a start-up, and who verifies runs none.
    run: async (...args) => (await import('./program.ts')).runProgram(...args),
    warn: () => undefined,
    progress: () => undefined,
    ...given,
  }
}
