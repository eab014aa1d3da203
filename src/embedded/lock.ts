/**
 * One process at a time may continue a log: two would hand out two different trees. The lock is a file that names its
 * holder; one whose process is gone is taken over.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import * as z from 'zod/mini'
import { asFailure, CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { systemClock } from '../platform/clock.ts'
import type { Clock } from '../platform/clock.ts'

/** How long to wait for whoever has the lock. */
export interface Waiting {
  /** Milliseconds; default `limits.localLockPatience`. */
  readonly patience?: number
  /** What the patience, and the age of a lock without a holder, are measured by. */
  readonly clock?: Clock
}

export interface Lock {
  /** Throws `local-state-busy` if somebody took the lock away meanwhile. */
  assertHeld(): void
  release(): void
}

const holder = z.object({ pid: z.int().check(z.positive()), host: z.string(), id: z.string() })

/** Ids of the locks that this process holds: in a container the dead holder may well have had our own process id. */
const held = new Set<string>()

const pollEvery = 50
/** A holder writes its name right after creating the file; a file that stays without one is left from a crash. */
const namelessFor = 10_000

/**
 * Takes the lock, waiting for its holder. Errors: `local-state-busy`, `output-failed`. A holder on another machine or in
 * another container cannot be looked at and is believed to live.
 */
export async function acquireLock(path: string, waiting: Waiting = {}): Promise<Lock> {
  const { patience = limits.localLockPatience, clock = systemClock } = waiting
  const id = randomUUID()
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id })
  const deadline = clock.elapsed() + patience
  while (!create(path, mine)) {
    const found = read(path)
    if (found !== undefined && isLeftBehind(path, found, clock.now())) {
      takeAway(path, found)
    } else if (clock.elapsed() >= deadline) {
      throw new CountersignError('local-state-busy', 'another process uses this embedded Sigstore', {
        hint: `wait for it, or remove ${path} if you are sure that nobody does`,
      })
    } else {
      await clock.sleep(pollEvery)
    }
  }
  held.add(id)
  return {
    assertHeld(): void {
      if (read(path) !== mine) throw new CountersignError('local-state-busy', 'the embedded Sigstore lost its lock')
    },
    release(): void {
      held.delete(id)
      if (read(path) === mine) rmSync(path, { force: true })
    },
  }
}

function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) return false
    throw asFailure(thrown, 'output-failed', 'the embedded Sigstore cannot be locked')
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    throw asFailure(thrown, 'local-state-malformed', 'the lock of the embedded Sigstore cannot be read')
  }
}

function isLeftBehind(path: string, text: string, now: Date): boolean {
  const parsed = holder.safeParse(jsonOf(text))
  if (!parsed.success) {
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    return modified !== undefined && now.getTime() - modified > namelessFor
  }
  const { pid, host, id } = parsed.data
  if (host !== hostname()) return false
  return pid === process.pid ? !held.has(id) : !isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return !hasCode(thrown, 'ESRCH')
  }
}

/** Removes a lock that was left behind, and only that one: another process may have replaced it since we read it. */
function takeAway(path: string, text: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path)
  } catch {
    // Somebody was faster; the next round sees what is there now.
  } finally {
    rmSync(aside, { force: true })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
