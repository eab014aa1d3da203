import { EventEmitter } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { errorOf } from './messages.ts'
import type { Failure } from './messages.ts'

type Signal = NodeJS.Signals | number

/** A program that runs elsewhere, as `child_process` shows one. */
export class Started extends EventEmitter {
  readonly stdin: Socket
  readonly stdout: Socket
  readonly stderr: Socket
  pid: number | undefined
  exitCode: number | null = null
  signalCode: NodeJS.Signals | null = null
  killed = false
  readonly #end: (signal: Signal) => void
  /** Its own end, and those of what it writes. */
  #awaited = 3

  /** `path`: of the socket that its streams connect to, in their order. */
  constructor(path: string, end: (signal: Signal) => void) {
    super()
    this.#end = end
    const stream = (): Socket => connect({ path, allowHalfOpen: true })
    this.stdin = stream()
    this.stdout = stream()
    this.stderr = stream()
    // Nothing comes from it but its end.
    this.stdin.resume()
    this.stdin.once('end', () => this.stdin.destroy())
    for (const it of [this.stdout, this.stderr]) {
      it.once('end', () => it.destroy())
      it.once('close', () => this.#isOver())
    }
  }

  kill(signal: Signal = 'SIGTERM'): boolean {
    if (this.exitCode !== null || this.signalCode !== null) return false
    this.#end(signal)
    this.killed = true
    return true
  }

  ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.exitCode = code
    this.signalCode = signal
    this.stdin.destroy()
    this.emit('exit', code, signal)
    this.#drain()
  }

  failed(failure: Failure): void {
    this.exitCode = Number(failure['errno'] ?? -1)
    this.stdin.destroy()
    this.emit('error', errorOf(failure))
    this.#drain()
  }

  /** What nobody reads comes to its end too. */
  #drain(): void {
    process.nextTick(() => {
      for (const it of [this.stdout, this.stderr]) if (it.readable) it.resume()
    })
    this.#isOver()
  }

  #isOver(): void {
    this.#awaited -= 1
    if (this.#awaited === 0) this.emit('close', this.exitCode, this.signalCode)
  }
}
