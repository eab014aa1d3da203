/** A named pipe, by which a program that a test runs says something, and its end says that the program is gone. */
import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** Makes a pipe at the path. */
export function makePipe(path: string): void {
  execFileSync('mkfifo', [path])
}

export interface PipeReader {
  /** The first line that somebody writes into the pipe. */
  readonly line: Promise<string>
  /** Nobody has the pipe open any more. */
  readonly end: Promise<void>
}

/** Waits for writers without blocking this process. */
export function readPipe(path: string): PipeReader {
  const lines = createInterface({ input: createReadStream(path) })
  return {
    line: new Promise((resolve) => lines.once('line', resolve)),
    end: new Promise((resolve) => lines.once('close', resolve)),
  }
}
