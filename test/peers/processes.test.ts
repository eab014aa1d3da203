/** No server is left behind, whatever becomes of the runner. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openProcesses } from './processes.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-processes-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A service with a child of its own, and deaf to SIGTERM; prints both process ids. */
const stubborn = {
  name: 'stubborn',
  command: 'sh',
  args: ['-c', 'trap "" TERM; sleep 300 & echo "pids $$ $!"; wait'],
  ready: /^pids (\d+) (\d+)$/m,
}

test('stop ends a service and its children, even one that ignores the request', async () => {
  const processes = openProcesses(folder)
  const pids = pidsIn(await processes.start(stubborn))
  expect(pids.map(isAlive)).toEqual([true, true])
  await processes.stop()
  expect(await areGone(pids)).toBe(true)
})

test('a runner that is killed leaves nothing behind', async () => {
  const script = join(folder, 'runner.ts')
  const { name, command, args } = stubborn
  writeFileSync(
    script,
    `import { openProcesses } from ${JSON.stringify(join(import.meta.dirname, 'processes.ts'))}
const log = await openProcesses(${JSON.stringify(folder)}).start({
  ...${JSON.stringify({ name, command, args })},
  ready: /^pids/m,
})
process.stdout.write(log)
setInterval(() => undefined, 1_000)
`,
  )
  const runner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = (await once(runner.stdout, 'data')) as [Buffer]
  const pids = pidsIn(printed.toString())
  expect(pids.map(isAlive)).toEqual([true, true])
  runner.kill('SIGKILL')
  expect(await areGone(pids)).toBe(true)
})

test('a service that ends at once is reported with what it said', async () => {
  const processes = openProcesses(folder)
  const broken = { name: 'broken', command: 'sh', args: ['-c', 'echo no such disk; exit 7'], ready: /never/ }
  await expect(processes.start(broken)).rejects.toThrow(/broken did not start: it ended with 7\nno such disk/)
  await processes.stop()
})

test('a program that is not there is reported', async () => {
  const processes = openProcesses(folder)
  const missing = { name: 'missing', command: join(folder, 'missing'), args: [], ready: /never/ }
  await expect(processes.start(missing)).rejects.toThrow(/missing did not start: .*ENOENT/)
  await processes.stop()
})

function pidsIn(log: string): number[] {
  return (stubborn.ready.exec(log) ?? []).slice(1).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function areGone(pids: readonly number[]): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < 20_000;) {
    if (pids.length > 0 && !pids.some(isAlive)) return true
    await sleep(100)
  }
  return false
}
