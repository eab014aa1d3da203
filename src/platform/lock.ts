/**
 * One process at a time: a lock is a file that names its holder, beside what it guards. Creating a file that must be new is
 * atomic on local disks, on NFS from version 3 on, and on Windows, where advisory locks are not there or not shared.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { CountersignError, attempt } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { memberAt, parseJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { Clock } from './clock.ts'
import { systemCode } from './files.ts'
import { openFlags, refuseLink } from './system.ts'

/** What is locked, and how long anybody waits for it. */
export interface Locking {
  /** What the lock guards, for errors: `the embedded Sigstore`, or a path. */
  readonly what: string
  /** Codes of the errors: somebody else holds it; it cannot be made; what lies in its place is no lock. */
  readonly codes: { readonly busy: ErrorCode; readonly failed: ErrorCode; readonly foreign: ErrorCode }
  /** Milliseconds that a living holder is waited for. */
  readonly patience: number
  /**
   * Milliseconds after which a lock is taken over although nobody can tell whether its holder lives, as one on another machine;
   * without it such a holder is believed for ever, because it may well hold what it has for days.
   */
  readonly abandonedAfter?: number
  /** What patience and age are measured by. */
  readonly clock: Clock
  readonly waiting?: Waiting
  readonly system: NodeJS.Platform
}

/** By what a file's lock is measured, and on which system: a world has both. */
export interface Machine extends Clock {
  readonly platform: NodeJS.Platform
}

/** Whoever is told that somebody else holds the lock. */
export interface Waiting {
  /** Once, before the first wait: whoever waits may be ended at any moment, and may have something to keep. */
  readonly begins?: () => Promise<void>
  /** Once, when it has lasted: what stands still is not what hangs. */
  readonly lasts?: () => void
}

export interface Lock {
  /** Throws the code for busy if somebody took the lock away meanwhile: what was read under it may be out of date. */
  assertHeld(): void
  release(): void
}

/** Path of the lock beside a file. */
export function lockOf(path: string): string {
  return `${path}.lock`
}

const fileCodes = { busy: 'output-busy', failed: 'output-failed', foreign: 'output-failed' } as const

/**
 * Runs while nobody else changes a file: for whoever reads it, and writes what follows from that. Writing ends with a
 * `lock.assertHeld` as the last thing before the file gets its name. Errors: `output-busy`, `output-failed`.
 */
export function withFileLock<T>(
  path: string,
  machine: Machine,
  run: (lock: Lock) => Promise<T>,
  { patience = limits.outputLockPatience, waiting = {} }: Partial<Pick<Locking, 'patience' | 'waiting'>> = {},
): Promise<T> {
  const abandonedAfter = limits.outputLockAbandoned
  return withLock(
    lockOf(path),
    { what: path, codes: fileCodes, patience, abandonedAfter, clock: machine, waiting, system: machine.platform },
    run,
  )
}

/** Ids of the locks that this process holds: in a container the dead holder may well have had our own process id. */
const held = new Set<string>()

const pollEvery = 50
/** Milliseconds of waiting that nobody needs to hear of. */
const unsaid = 1_000
/** A holder writes its name right after creating the file; a file that stays empty is left from a crash. */
const namelessFor = 10_000

async function withLock<T>(path: string, locking: Locking, run: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await acquireLock(path, locking)
  try {
    return await run(lock)
  } finally {
    lock.release()
  }
}

/**
 * Takes the lock, waiting for its holder. A holder on this machine that runs no more is taken over at once. Errors: the codes
 * of `locking`.
 */
export async function acquireLock(path: string, locking: Locking): Promise<Lock> {
  const { what, codes, patience, clock, waiting } = locking
  const id = randomUUID()
  const holder = { pid: process.pid, host: hostname(), time: clock.now().toISOString(), id }
  const mine = JSON.stringify(holder)
  const start = clock.elapsed()
  let hasBegun = false
  let isSaid = false
  while (!create(path, mine, locking)) {
    const found = read(path, locking)
    if (found !== undefined && isLeftBehind(path, found, locking)) {
      takeAway(path, found, locking)
      // Right away once more, unless others try to take it over at this moment.
      if (read(path, locking) === undefined) continue
    }
    if (clock.elapsed() - start >= patience) {
      throw new CountersignError(codes.busy, `another process uses ${what}`, {
        hint: `wait for it, or remove ${path} if you are sure that nobody does`,
      })
    }
    if (!hasBegun) await waiting?.begins?.()
    hasBegun = true
    if (!isSaid && clock.elapsed() - start >= unsaid) {
      waiting?.lasts?.()
      isSaid = true
    }
    await clock.sleep(pollEvery)
  }
  held.add(id)
  return {
    assertHeld(): void {
      if (read(path, locking)?.text !== mine) throw new CountersignError(codes.busy, `${what} lost its lock`)
    },
    release(): void {
      held.delete(id)
      // What cannot be looked at is not ours to remove, and a failure here would hide what was done under the lock.
      const found = attempt(() => read(path, locking))
      if (found !== undefined && !(found instanceof CountersignError) && found.text === mine) remove(path)
    },
  }
}

function create(path: string, text: string, { what, codes, system }: Locking): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    const code = systemCode(thrown)
    if (isTaken(code, system)) return false
    throw new CountersignError(codes.failed, `${what} cannot be locked (${code})`, { cause: thrown })
  }
}

/** On Windows a file that somebody is just removing is there for a moment more, and cannot be created or opened. */
export function isTaken(code: string, platform: NodeJS.Platform): boolean {
  return code === 'EEXIST' || (platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code))
}

interface Found {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** What lies in the place of the lock, undefined if nothing does any more. */
function read(path: string, locking: Locking): Found | undefined {
  try {
    // Whoever can write beside the file can put anything here: no link is followed, and no pipe waited for.
    refuseLink(path, 'refuse', locking.system)
    const file = openSync(path, openFlags(constants.O_RDONLY, 'refuse', locking.system))
    try {
      const status = fstatSync(file)
      if (!status.isFile() || status.size > limits.lockBytes) throw foreign(path, locking)
      const buffer = Buffer.alloc(limits.lockBytes)
      const length = readSync(file, buffer, 0, buffer.length, 0)
      return { text: buffer.toString('utf8', 0, length), modified: status.mtimeMs }
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'ENOENT' || (code !== 'EEXIST' && isTaken(code, locking.system))) return undefined
    throw thrown instanceof CountersignError ? thrown : foreign(path, locking)
  }
}

/** A file of somebody else's that happens to have this name, such as `yarn.lock`, is never removed. */
function foreign(path: string, { what, codes }: Locking): CountersignError {
  return new CountersignError(codes.foreign, `${what} cannot be locked: ${path} is there, and is no lock`, {
    hint: 'move that file away, or choose another place',
  })
}

/** Error: `foreign`. */
function isLeftBehind(path: string, { text, modified }: Found, locking: Locking): boolean {
  const { abandonedAfter, clock } = locking
  const age = clock.now().getTime() - modified
  if (text === '') return age > namelessFor
  const holder = attempt(() => parseJson(Buffer.from(text), 'the lock', limits.lockBytes))
  const [pid, host, id] = ['pid', 'host', 'id'].map((name) => memberAt(holder, name))
  const isHolder = typeof pid === 'number' && pid > 0 && typeof host === 'string' && typeof id === 'string'
  if (!isHolder) throw foreign(path, locking)
  if (abandonedAfter !== undefined && age > abandonedAfter) return true
  if (host !== hostname()) return false
  return pid === process.pid ? !held.has(id) : !isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return systemCode(thrown) !== 'ESRCH'
  }
}

/**
 * Removes a lock that was left behind, and only that one. Many may find it so at the same moment, and the second of them would
 * remove the lock that the first has made since: so they do it one at a time, and each looks again.
 */
function takeAway(path: string, found: Found, locking: Locking): void {
  const guard = `${path}.takeover`
  try {
    writeFileSync(guard, '', { flag: 'wx', mode: 0o600 })
  } catch {
    // It takes no longer than two calls: a guard that stays is left from a crash.
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && locking.clock.now().getTime() - since > namelessFor) remove(guard)
    return
  }
  try {
    if (read(path, locking)?.text === found.text) remove(path)
  } finally {
    remove(guard)
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It stays, and is taken over once it is old enough.
  }
}
