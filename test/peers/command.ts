/** Runs the programs of others, and ours, as a person would: by their command lines. */
import { execFile, spawnSync } from 'node:child_process'

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  /** All that the program sees besides PATH, a home of its own and a proxy that is not there. */
  readonly env?: { readonly [name: string]: string }
  readonly home: string
  /** Milliseconds; default: a minute. */
  readonly patience?: number
}

const patience = 60_000

/** Nobody listens on the discard port: whoever wants out of this machine fails at once. */
const noWayOut = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: 'localhost,127.0.0.1',
}

/** With the network of this machine's loopback. Rejects if the program cannot be run or does not come to an end. */
export function run(program: string, args: readonly string[], options: CommandOptions): Promise<Answer> {
  const env = { PATH: process.env['PATH'], HOME: options.home, ...noWayOut, ...options.env }
  return new Promise((resolve, reject) => {
    const limits = {
      timeout: options.patience ?? patience,
      maxBuffer: 16 * 1024 * 1024,
      killSignal: 'SIGKILL' as const,
    }
    execFile(program, [...args], { cwd: options.cwd, env, ...limits }, (error, stdout, stderr) => {
      const code: unknown = error === null ? 0 : error.code
      if (typeof code === 'number') resolve({ code, stdout, stderr })
      else reject(new Error(`${program} ${args[0] ?? ''}: ${error?.message ?? 'no exit code'}\n${stderr}`))
    })
  })
}

/** Without any network, where the kernel lets us have such a place; else as `run`. */
export function runOffline(program: string, args: readonly string[], options: CommandOptions): Promise<Answer> {
  return canUnshare() ? run('unshare', [...unshare, program, ...args], options) : run(program, args, options)
}

const unshare = ['--user', '--map-root-user', '--net', '--']
let unshareWorks: boolean | undefined

/** True if programs can be run in a network namespace with nothing in it. */
export function canUnshare(): boolean {
  return (unshareWorks ??= spawnSync('unshare', [...unshare, 'true']).status === 0)
}
