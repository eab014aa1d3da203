/** Programs that a small process starts behave as those that this one starts: else tests would show what no user sees. */
import * as now from 'node:child_process'
import type { SpawnSyncReturns } from 'node:child_process'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { failureOf } from './messages.ts'
import * as own from './programs.ts'

const isLinux = process.platform === 'linux'
type Row = readonly [what: string, file: string, args: readonly string[], input?: string]

const programs: Row[] = [
  ['one that prints', 'sh', ['-c', 'echo out; echo err >&2']],
  ['one that fails', 'sh', ['-c', 'echo why >&2; exit 3']],
  ['one that a signal ends', 'sh', ['-c', 'kill -TERM $$']],
  ['one that reads', 'cat', [], 'text\n'.repeat(100_000)],
  ['one that does not read', 'true', [], 'text\n'.repeat(100_000)],
  ['one that is not there', 'no-such-program', []],
  ['its environment and folder', 'sh', ['-c', 'pwd; env | grep -v ^_= | sort']],
]

interface Seen {
  readonly code: unknown
  readonly signal: unknown
  readonly error: unknown
  readonly stdout: string
  readonly stderr: string
}

const errorIn = (it: Error | undefined): unknown => it && failureOf(it)

async function runWith(spawn: typeof now.spawn, file: string, args: readonly string[], input = ''): Promise<Seen> {
  const child = spawn(file, args, { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'] })
  let error: unknown
  child.on('error', (it) => (error = errorIn(it)))
  const ending = new Promise<unknown[]>((resolve) => child.on('close', (...it) => resolve(it)))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code, signal] = await ending
  expect([child.exitCode, child.signalCode]).toEqual([code, signal])
  return { code, signal, error, stdout, stderr }
}

function ranWith(spawnSync: typeof now.spawnSync, file: string, args: readonly string[], input = ''): unknown {
  const ran: SpawnSyncReturns<string> = spawnSync(file, args, { cwd: tmpdir(), input, encoding: 'utf8' })
  return { ...ran, pid: ran.pid > 0, error: errorIn(ran.error), output: undefined }
}

function thrownBy(execFileSync: typeof now.execFileSync, file: string, args: readonly string[]): unknown {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (thrown) {
    const { message, status, stderr, code } = thrown as Error & Record<string, unknown>
    return { message, status, stderr, code }
  }
}

describe.skipIf(!isLinux)('a program', () => {
  it('that is ended as soon as it is asked for ends', async () => {
    const children = Array.from({ length: 20 }, () => now.spawn('sleep', ['600'], { stdio: ['pipe', 'pipe', 'pipe'] }))
    const ends = children.map((it) => new Promise((resolve) => it.on('close', (_, signal) => resolve(signal))))
    for (const it of children) it.kill('SIGKILL')
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['SIGKILL']))
  })

  it('that is not there says so before its streams end', async () => {
    const child = now.spawn('no-such-program', [], { stdio: ['pipe', 'pipe', 'pipe'] })
    const order: string[] = []
    child.on('error', () => order.push('error'))
    child.stdout.resume().on('close', () => order.push('closed'))
    await new Promise((resolve) => child.on('close', resolve))
    expect(order).toEqual(['error', 'closed'])
  })

  it('is started by another process', () => {
    expect(now.spawn).not.toBe(own.spawn)
  })

  it.for(programs)('looks the same: %s', async ([, file, args, input]) => {
    expect(await runWith(now.spawn, file, args, input)).toEqual(await runWith(own.spawn, file, args, input))
    if (file !== 'true')
      expect(ranWith(now.spawnSync, file, args, input)).toEqual(ranWith(own.spawnSync, file, args, input))
    expect(thrownBy(now.execFileSync, file, args)).toEqual(thrownBy(own.execFileSync, file, args))
  })

  it('that ends without reading what it is given has not failed', () => {
    // Node says EPIPE of it where the input was not written yet.
    expect(ranWith(now.spawnSync, 'true', [], 'text\n'.repeat(100_000))).toMatchObject({ status: 0, error: undefined })
  })

  it('that is waited for too long is ended, and that is said', () => {
    const ended = [now, own].map(({ spawnSync }) => spawnSync('sleep', ['600'], { timeout: 1 }))
    expect(ended.map(({ signal, error }) => [signal, (error as NodeJS.ErrnoException | undefined)?.code])).toEqual(
      Array(2).fill(['SIGTERM', 'ETIMEDOUT']),
    )
  })

  it('is ended by a signal, and then no more', async () => {
    const child = now.spawn('cat', { stdio: ['pipe', 'pipe', 'pipe'] })
    const other = now.spawn('cat', [], { stdio: ['pipe', 'pipe', 'pipe'] })
    for (const it of [child, other]) {
      expect(it.kill('SIGKILL')).toBe(true)
      await new Promise((resolve) => it.once('close', resolve))
      expect([it.signalCode, it.kill()]).toEqual(['SIGKILL', false])
    }
  })
})
