/** Starts programs for a larger process, whose page tables each of them would cost (`programs.ts`). Argument: its folder. */
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { constants, openSync, writeSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { failureOf, framed, names } from './messages.ts'
import type { Ending, News, Order, Program } from './messages.ts'

const folder = process.argv[2] ?? ''
const streams: Socket[] = []
const waiting: { readonly id: number; readonly program: Program }[] = []
const running = new Map<number, ChildProcess>()
/** Of programs that wait for their streams: they end as soon as they are there. */
const early = new Map<number, NodeJS.Signals | number>()
/** Streams of what could not be started: they end once that is heard, since a stream that ends before would be news of its own. */
const failed = new Map<number, Socket[]>()

const tell = (news: News): void => void process.send?.(news)

function startWaiting(): void {
  while (streams.length >= 3) {
    const next = waiting.shift()
    if (next === undefined) return
    const stdio = streams.splice(0, 3)
    try {
      start(next.id, next.program, stdio)
    } catch (thrown) {
      fail(next.id, thrown as Error, stdio)
    }
  }
}

function start(id: number, { file, args, cwd, env }: Program, stdio: Socket[]): void {
  const child = spawn(file, args, { cwd, env, stdio: stdio as [Socket, Socket, Socket] })
  running.set(id, child)
  tell({ started: id, pid: child.pid })
  child.once('spawn', () => stdio.forEach((it) => it.destroy()))
  child.once('error', (error) => fail(id, error, stdio))
  const asked = early.get(id)
  early.delete(id)
  if (asked !== undefined) child.kill(asked)
  child.once('exit', (code, signal) => {
    running.delete(id)
    tell({ ended: id, code, signal })
  })
}

function fail(id: number, error: Error, stdio: Socket[]): void {
  running.delete(id)
  failed.set(id, stdio)
  tell({ failed: id, error: failureOf(error) })
}

process.on('message', (order: Order) => {
  if ('heard' in order) {
    failed.get(order.heard)?.forEach((it) => it.destroy())
    failed.delete(order.heard)
  } else if ('kill' in order) {
    if (waiting.some(({ id }) => id === order.kill)) early.set(order.kill, order.signal)
    else running.get(order.kill)?.kill(order.signal)
  } else {
    waiting.push({ id: order.start, program: order.program })
    startWaiting()
  }
})
process.on('disconnect', () => {
  for (const it of running.values()) it.kill('SIGKILL')
  process.exit()
})

// Opened for both directions, so that neither side waits for the other.
const answers = openSync(join(folder, names.answers), constants.O_RDWR)
const questions = new Socket({ fd: openSync(join(folder, names.questions), constants.O_RDWR), writable: false })
let unread: Buffer = Buffer.alloc(0)
const parts: Buffer[] = []
questions.on('data', (chunk: Buffer) => {
  unread = Buffer.concat([unread, chunk])
  while (unread.length >= 4 && unread.length >= 4 + unread.readUInt32BE()) {
    const end = 4 + unread.readUInt32BE()
    parts.push(unread.subarray(4, end))
    unread = unread.subarray(end)
  }
  const [program, input] = parts
  if (program === undefined || input === undefined) return
  parts.length = 0
  answer(JSON.parse(program.toString('utf8')) as Program, input)
})

function answer({ file, args, cwd, env, timeout }: Program, input: Buffer): void {
  const { pid, status, signal, error, output } = spawnSync(file, args, {
    cwd,
    env,
    timeout,
    input,
    maxBuffer: Infinity,
  })
  // A program need not read what it is given: whether Node could write all of it before the end is a matter of luck.
  const isUnread = status !== null && (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE'
  const failure = error === undefined || isUnread ? {} : { error: failureOf(error) }
  const ending: Ending = { pid, status, signal, ...failure }
  // What could not be started has no output.
  const [, stdout, stderr] = (output as (Buffer | null)[] | null) ?? []
  const none = Buffer.alloc(0)
  let left = framed(Buffer.from(JSON.stringify(ending)), stdout ?? none, stderr ?? none)
  while (left.length > 0) left = left.subarray(writeSync(answers, left))
}

createServer({ pauseOnConnect: true, allowHalfOpen: true }, (stream) => {
  streams.push(stream)
  startWaiting()
}).listen(join(folder, names.streams), () => tell({ isReady: true }))
