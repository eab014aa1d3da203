/** Running a provider's own program for a token: an argument array, no shell, bounded in time and output. */
import { spawn } from 'node:child_process'
import { CountersignError } from '../../errors.ts'
import { systemCode } from '../../platform/regular-file.ts'
import type { Environment } from './row.ts'

export interface RunOptions {
  /** The program's whole environment; its PATH finds the program. */
  readonly env: Environment
  /** Milliseconds. */
  readonly timeout: number
  /** Bytes of standard output. */
  readonly maxBytes: number
}

/** Runs a program and gives its standard output. */
export type Run = (program: string, args: readonly string[], options: RunOptions) => Promise<string>

/**
 * The standard output of a program that ended with status 0. Its standard error is dropped and no output gets into an
 * error: both may hold a token. Errors: `identity-missing` (no such program), `identity-request-failed`.
 */
export const runProgram: Run = (program, args, { env, timeout, maxBytes }) => {
  const failed = (reason: string): CountersignError =>
    new CountersignError('identity-request-failed', `${program} ${reason}`)
  return new Promise((resolve, reject) => {
    let child
    try {
      // A group of its own, so that nothing that the program started outlives the timeout.
      child = spawn(program, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    } catch (thrown) {
      reject(failed(`could not be started (${systemCode(thrown)})`))
      return
    }
    const { stdout, pid } = child
    const giveUp = (reason: string): void => {
      clearTimeout(timer)
      stdout.destroy()
      endGroup(pid)
      reject(failed(reason))
    }
    const timer = setTimeout(() => giveUp(`gave no answer within ${timeout} ms`), timeout)

    const chunks: Buffer[] = []
    let total = 0
    stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      total += chunk.length
      if (total > maxBytes) giveUp(`wrote more than ${maxBytes} bytes`)
    })
    child.on('error', (thrown) => {
      clearTimeout(timer)
      const code = systemCode(thrown)
      if (code !== 'ENOENT') reject(failed(`could not be started (${code})`))
      else reject(missing(program))
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      if (status === 0) resolve(Buffer.concat(chunks).toString('utf8'))
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
