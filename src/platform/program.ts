/** Running another program for its output, such as a CI provider's own for a token: an argument array, no shell, bounded. */
import { spawn } from 'node:child_process'
import { CountersignError } from '../errors.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import type { Environment } from './environment.ts'
import { systemCode } from './files.ts'
import { seconds } from './http.ts'
import { absoluteSearchPath, nameOfPath, programOnPath } from './search-path.ts'

export interface RunOptions {
  /** The program's whole environment; the absolute entries of its PATH find the program. */
  readonly env: Environment
  /** Whose rules find the program. */
  readonly platform: NodeJS.Platform
  /** Milliseconds. */
  readonly timeout: number
  /** What the timeout is measured by; default the system's clock. */
  readonly clock?: Pick<Clock, 'timeout'>
  /** Bytes of standard output. */
  readonly maxBytes: number
}

/** Runs a program and gives its standard output. */
export type RunProgram = (program: string, args: readonly string[], options: RunOptions) => Promise<string>

/**
 * The standard output of a program that ended with status 0. Its standard error is dropped and no output gets into an
 * error: both may hold a token. Errors: `identity-missing` (no such program), `identity-request-failed`.
 */
export const runProgram: RunProgram = async (program, args, options) => {
  const failed = (reason: string): CountersignError =>
    new CountersignError('identity-request-failed', `${program} ${reason}`)
  return (await runFed(program, args, options, { missing: () => missing(program), failed })).toString('utf8')
}

/** What is thrown. */
interface Failures {
  readonly missing: () => CountersignError
  readonly failed: (reason: string) => CountersignError
}

/** The same with bytes: `input` is what the program reads from its standard input. Errors: those that are given. */
export function runFed(
  program: string,
  args: readonly string[],
  { env, platform, timeout, clock = systemClock, maxBytes }: RunOptions,
  { missing: noProgram, failed }: Failures,
  input?: Uint8Array,
): Promise<Buffer> {
  const file = programOnPath(program, env, platform)
  if (file === undefined) return Promise.reject(noProgram())
  const ownEnv = { ...env, [nameOfPath(env, platform)]: absoluteSearchPath(env, platform) }
  return new Promise((resolve, reject) => {
    let child
    try {
      // A group of its own, so that nothing that the program started outlives the timeout.
      child = spawn(file, args, {
        env: ownEnv,
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
        detached: true,
      })
    } catch (thrown) {
      reject(failed(`could not be started (${systemCode(thrown)})`))
      return
    }
    const { stdin, stdout, pid } = child
    // A program that does not read all of it may be right all the same.
    stdin?.on('error', () => undefined)
    stdin?.end(input)
    const time = clock.timeout(timeout)
    const inTime = (): void => time.removeEventListener('abort', late)
    const giveUp = (reason: string): void => {
      inTime()
      stdout?.destroy()
      endGroup(pid)
      reject(failed(reason))
    }
    const late = (): void => giveUp(`gave no answer within ${seconds(timeout)}`)
    time.addEventListener('abort', late)

    const chunks: Buffer[] = []
    let total = 0
    stdout?.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      total += chunk.length
      if (total > maxBytes) giveUp(`wrote more than ${maxBytes} bytes`)
    })
    child.on('error', (thrown) => {
      inTime()
      const code = systemCode(thrown)
      if (code !== 'ENOENT') reject(failed(`could not be started (${code})`))
      else reject(noProgram())
    })
    child.on('close', (status, signal) => {
      inTime()
      if (status === 0) resolve(Buffer.concat(chunks))
      else reject(failed(status === null ? `was ended by ${signal ?? 'a signal'}` : `ended with status ${status}`))
    })
  })
}

function missing(program: string): CountersignError {
  return new CountersignError('identity-missing', `there is no program ${program} to ask for a token`, {
    hint: `let the job have ${program} on its PATH, or put a token into SIGSTORE_ID_TOKEN`,
  })
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
