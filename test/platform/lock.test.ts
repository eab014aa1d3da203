/** Locks: one holder at a time, taken over from the dead and from nobody else. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { acquireLock, isTaken, lockOf, withFileLock } from '../../src/platform/lock.ts'
import type { Lock, Locking } from '../../src/platform/lock.ts'
import { codeOf, codeOfAsync } from '../world/failure.ts'
import { makePipe } from '../world/named-pipe.ts'
import { worldOf } from '../../src/platform/world.ts'
import { steppedClock } from '../world/stepped-clock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const codes = { busy: 'output-busy', failed: 'output-failed', foreign: 'output-not-bundles' } as const
const patience = 1_000

function take(change: Partial<Locking> = {}): Promise<Lock> {
  return acquireLock(path, { what: 'it', codes, patience, clock: steppedClock(), system: process.platform, ...change })
}

/** A lock as another process writes it, so many milliseconds ago. */
function leave(holder: object | string, age = 0): void {
  writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder))
  const then = new Date(Date.parse(now) - age)
  utimesSync(path, then, then)
}

const now = '2026-05-01T12:00:00Z'
const clockOfToday = () => steppedClock(new Date(now))
// No process here has this id.
const elsewhere = { pid: 999_999_999, host: 'elsewhere.example', time: now, id: 'x' }

/** The id of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync(process.execPath, ['--print', 'process.pid'], { encoding: 'utf8' }))
}

describe('a lock', () => {
  test('names its holder, by process, host and time, and is gone when it is free', async () => {
    const lock = await take({ clock: clockOfToday() })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      pid: process.pid,
      host: hostname(),
      time: '2026-05-01T12:00:00.000Z',
      id: expect.any(String) as string,
    })
    lock.assertHeld()
    lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('is refused to others for as long as their patience, and what they find is left', async () => {
    const lock = await take()
    const clock = steppedClock()
    expect(await codeOfAsync(() => take({ clock }))).toBe('output-busy')
    expect(clock.elapsed()).toBe(patience)
    lock.assertHeld()
    lock.release()
    ;(await take()).release()
  })

  test('that somebody else holds is told before the first wait, and once more when that has lasted', async () => {
    const lock = await take()
    const clock = steppedClock()
    const told: (string | number)[] = []
    const waiting = {
      begins: () => Promise.resolve(void told.push('begins', clock.elapsed())),
      lasts: () => void told.push('lasts', clock.elapsed()),
    }
    expect(await codeOfAsync(() => take({ clock, waiting, patience: 5_000 }))).toBe('output-busy')
    expect(told).toEqual(['begins', 0, 'lasts', 1_000])
    lock.release()
    ;(await take({ waiting })).release()
    expect(told).toHaveLength(4)
  })

  test('comes to whoever waits for it', async () => {
    const first = await take()
    const sleep = (): Promise<void> => {
      first.release()
      return Promise.resolve()
    }
    const clock = { ...steppedClock(), sleep }
    const second = await take({ clock })
    second.assertHeld()
    second.release()
  })

  test('that was taken away is held no more, and that of the other is not removed', async () => {
    const lock = await take()
    leave(elsewhere)
    expect(codeOf(() => lock.assertHeld())).toBe('output-busy')
    lock.release()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(elsewhere)
  })

  test('of a process that runs is respected, and that of one that was killed is taken over at once', async () => {
    const script = `const { acquireLock } = await import(${JSON.stringify(new URL('../../src/platform/lock.ts', import.meta.url).href)})
      const { systemClock } = await import(${JSON.stringify(new URL('../../src/platform/clock.ts', import.meta.url).href)})
      await acquireLock(process.argv[1], { what: 'it', codes: {}, patience: 0, clock: systemClock, system: process.platform })
      console.log('held')
      process.stdin.resume()`
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(await codeOfAsync(take)).toBe('output-busy')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const clock = steppedClock()
    ;(await take({ clock })).release()
    expect(clock.elapsed()).toBe(0)
  })

  test('of a dead process with our own id is taken over, as in a container that was started again', async () => {
    leave({ ...elsewhere, pid: process.pid, host: hostname() })
    ;(await take()).release()
  })

  test('of another machine is believed, until it is older than any writing can be', async () => {
    leave(elsewhere, 60_000)
    const clock = clockOfToday
    expect(await codeOfAsync(() => take({ clock: clock() }))).toBe('output-busy')
    expect(await codeOfAsync(() => take({ clock: clock(), abandonedAfter: 60_000 + patience }))).toBe('output-busy')
    ;(await take({ clock: clock(), abandonedAfter: 59_999 })).release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('without a holder is left from a crash once it is old, since a holder writes its name at once', async () => {
    leave('', 5_000)
    expect(await codeOfAsync(() => take({ clock: clockOfToday() }))).toBe('output-busy')
    leave('', 10_001)
    ;(await take({ clock: clockOfToday() })).release()
  })

  test('is taken over by one of many, while the others wait', async () => {
    leave({ pid: deadPid(), host: hostname(), time: now, id: 'gone' })
    let holders = 0
    const most: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const clock = { ...steppedClock(), elapsed: () => 0 }
        const lock = await take({ clock })
        most.push((holders += 1))
        await clock.sleep(1)
        lock.assertHeld()
        holders -= 1
        lock.release()
      }),
    )
    expect(most).toEqual(Array(20).fill(1))
    expect(readdirSync(folder)).toEqual([])
  })

  test('is not taken over while another one does so; a crash in the midst of that is waited out', async () => {
    leave({ pid: deadPid(), host: hostname(), time: now, id: 'gone' })
    const guard = `${path}.takeover`
    writeFileSync(guard, '')
    utimesSync(guard, new Date(now), new Date(now))
    expect(await codeOfAsync(() => take({ clock: clockOfToday() }))).toBe('output-busy')
    ;(await take({ clock: clockOfToday(), patience: 20_000 })).release()
    expect(readdirSync(folder)).toEqual([])
  })

  test.each<[string, () => void]>([
    ['the lock file of a package manager', () => leave('# yarn lockfile v1\n', 1e9)],
    ['JSON of another kind', () => leave({ name: 'package-lock' }, 1e9)],
    ['a file longer than a lock', () => leave('x'.repeat(limits.lockBytes + 1), 1e9)],
    ['a folder', () => mkdirSync(path)],
    ['a pipe', () => makePipe(path)],
    ['a link to a device', () => symlinkSync('/dev/zero', path)],
    [
      'a link to what a dead process has left',
      () => {
        writeFileSync(join(folder, 'target'), JSON.stringify({ ...elsewhere, host: hostname() }))
        symlinkSync('target', path)
      },
    ],
  ])('is never made in the place of %s, which stays', async (_, make) => {
    make()
    const before = lstatSync(path).ino
    expect(await codeOfAsync(() => take({ abandonedAfter: 0 }))).toBe('output-not-bundles')
    expect(lstatSync(path).ino).toBe(before)
  })

  test('cannot be had where nothing can be written', async () => {
    path = join(folder, 'none', 'lock')
    expect(await codeOfAsync(take)).toBe('output-failed')
  })

  test('on Windows is there as well while somebody removes it', () => {
    expect(['EEXIST', 'EPERM', 'EACCES', 'EBUSY', 'ENOENT'].map((it) => isTaken(it, 'win32'))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
    expect(['EEXIST', 'EPERM', 'EACCES'].map((it) => isTaken(it, 'linux'))).toEqual([true, false, false])
  })
})

describe('a file that is read and written', () => {
  test('is locked meanwhile, also where that fails', async () => {
    const file = join(folder, 'all.jsonl')
    const clock = steppedClock()
    const seen = await withFileLock(file, worldOf(clock), (lock) => {
      lock.assertHeld()
      return Promise.resolve(existsSync(lockOf(file)))
    })
    expect(seen).toBe(true)
    await expect(withFileLock(file, worldOf(clock), () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(readdirSync(folder)).toEqual([])
  })

  test('is waited for, and then refused with a code, so that nothing of it is lost', async () => {
    const file = join(folder, 'all.jsonl')
    path = lockOf(file)
    const clock = clockOfToday()
    leave(elsewhere)
    expect(await codeOfAsync(() => withFileLock(file, worldOf(clock), () => Promise.resolve()))).toBe('output-busy')
    expect(clock.elapsed()).toBe(limits.outputLockPatience)
    clock.advance(limits.outputLockAbandoned)
    await withFileLock(file, worldOf(clock), () => Promise.resolve())
  })
})
