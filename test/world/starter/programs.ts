/**
 * In a process that tests share, `child_process` starts programs by way of a small one. Linux copies the page tables of whoever
 * starts a program: from half a gigabyte a git costs ten times what it takes itself, and a run starts many thousands. What is
 * started, and what it gets and gives, is the same.
 */
import childProcess from 'node:child_process'
import type { ExecFileSyncOptions, SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePipe } from '../named-pipe.ts'
import { errorOf, framed, names } from './messages.ts'
import type { Ending, News, Order, Program } from './messages.ts'
import { Started } from './started.ts'

/** The process's own functions: for programs that need more than the small one does. */
export const { spawn, spawnSync, execFileSync } = childProcess

const done: readonly string[] = ['cwd', 'env', 'stdio', 'windowsHide', 'input', 'encoding', 'maxBuffer', 'timeout']
const streams: readonly unknown[] = ['pipe', 'ignore']

type Options = Omit<SpawnSyncOptions, 'stdio'> & { readonly stdio: readonly unknown[] }
type Call = readonly [file: string, args: readonly string[], options: Options]

/** The arguments of such a function, where the small process does all that they ask for. */
function plainCall([file, args, given]: readonly unknown[]): Call | undefined {
  if (typeof file !== 'string' || !Array.isArray(args)) return undefined
  const options = (given ?? {}) as SpawnSyncOptions
  const { stdio: named = 'pipe' } = options
  const stdio: readonly unknown[] = Array.isArray(named) ? named : [named, named, named]
  const isPlain = stdio.length === 3 && stdio.every((it) => streams.includes(it))
  if (!isPlain || !Object.keys(options).every((it) => done.includes(it))) return undefined
  return [file, args as string[], { ...options, stdio }]
}

const programOf = ([file, args, { cwd, env, timeout }]: Call): Program => ({
  ...(timeout === undefined ? {} : { timeout }),
  ...{ file, args, cwd: cwd === undefined ? process.cwd() : fileURLToPathOf(cwd) },
  env: env ?? process.env,
})
const fileURLToPathOf = (it: string | URL): string => (typeof it === 'string' ? it : fileURLToPath(it))

/** Starts the small process, and puts its functions in the place of the process's own. */
export async function useStarter(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-starter-'))
  const [socket, ...pipes] = [names.streams, names.questions, names.answers].map((it) => join(folder, it))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  // Other systems start programs without a copy, and the name of a socket is short.
  if (process.platform !== 'linux' || socket === undefined || socket.length > 100) return
  pipes.forEach(makePipe)
  const script = fileURLToPath(new URL('starter.ts', import.meta.url))
  const starter = spawn(process.execPath, ['--max-semi-space-size=1', script, folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const running = new Map<number, Started>()
  await new Promise<void>((resolve, reject) => {
    starter.on('message', (news: News) => ('isReady' in news ? resolve() : hear(news)))
    starter.once('exit', () => reject(new Error('whoever starts programs has ended')))
  })
  starter.unref()
  starter.channel?.unref()

  function hear(news: Exclude<News, { isReady: true }>): void {
    if ('started' in news) {
      const program = running.get(news.started)
      if (program !== undefined) program.pid = news.pid
      return
    }
    const id = 'ended' in news ? news.ended : news.failed
    const program = running.get(id)
    running.delete(id)
    if (running.size === 0) starter.channel?.unref()
    if ('ended' in news) program?.ended(news.code, news.signal)
    else {
      program?.failed(news.error)
      order({ heard: id })
    }
  }

  const order = (it: Order): void => void starter.send(it)
  let count = 0
  function start(...given: Parameters<typeof spawn>): unknown {
    const call = plainCall(given)
    if (call?.[2].stdio.includes('ignore') !== false || call[2].timeout !== undefined) return spawn(...given)
    const id = (count += 1)
    const program = new Started(socket!, (signal) => order({ kill: id, signal }))
    running.set(id, program)
    starter.channel?.ref()
    order({ start: id, program: programOf(call) })
    return program
  }

  const [questions, answers] = [openSync(pipes[0]!, constants.O_WRONLY), openSync(pipes[1]!, constants.O_RDONLY)]
  process.on('exit', () => [questions, answers].forEach(closeSync))
  function read(bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes)
    for (let at = 0; at < bytes;) {
      const more = readSync(answers, buffer, at, bytes - at, null)
      if (more === 0) throw new Error('whoever starts programs has ended')
      at += more
    }
    return buffer
  }
  const readPart = (): Buffer => read(read(4).readUInt32BE())

  function startAndWait(...given: readonly unknown[]): SpawnSyncReturns<unknown> {
    const call = plainCall(given)
    if (call === undefined) return Reflect.apply(spawnSync, undefined, given) as SpawnSyncReturns<unknown>
    const { input = '', encoding, stdio } = call[2]
    let question = framed(Buffer.from(JSON.stringify(programOf(call))), Buffer.from(input as string))
    while (question.length > 0) question = question.subarray(writeSync(questions, question))
    const { error, ...ending } = JSON.parse(readPart().toString('utf8')) as Ending
    const [stdout, stderr] = [1, 2].map((at) => {
      const part = readPart()
      // What could not be started wrote nothing, and not an empty text.
      if (ending.pid === 0) return undefined
      if (stdio[at] === 'ignore') return null
      return encoding === undefined || encoding === null || encoding === 'buffer' ? part : part.toString(encoding)
    })
    const failed = error === undefined ? {} : { error: errorOf(error) }
    return { ...ending, stdout, stderr, output: [null, stdout, stderr] as never, ...failed }
  }

  function startAndExpect(...given: Parameters<typeof execFileSync>): unknown {
    const [file, args, options] = given as unknown as [string, readonly string[], ExecFileSyncOptions]
    if (plainCall(given) === undefined) return execFileSync(...given)
    const ending = startAndWait(file, args, options)
    if (ending.error !== undefined) throw Object.assign(ending.error, ending)
    if (ending.status === 0) return ending.stdout
    const command = ['Command failed:', file, ...args].join(' ')
    const said = String(ending.stderr)
    throw Object.assign(new Error(said === '' ? command : `${command}\n${said}`), ending)
  }

  Object.assign(childProcess, { spawn: start, spawnSync: startAndWait, execFileSync: startAndExpect })
  syncBuiltinESMExports()
}
