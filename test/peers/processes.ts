/** The server processes of one run: started one after the other, each in its own process group, and never left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { signalGroup } from './process-group.ts'

export interface Service {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: { readonly [name: string]: string }
  /** An address that answers 200 once it serves, or a sign in its log. */
  readonly ready: string | RegExp
}

export interface Processes {
  /** Resolves when the service is ready, with its log so far; rejects with the end of its log. */
  start(service: Service): Promise<string>
  /** Ends them all, the last one first. */
  readonly stop: () => Promise<void>
}

const startPatience = 30_000
const stopPatience = 5_000

/** `logs`: folder for one file a service. */
export function openProcesses(logs: string): Processes {
  // Detached: a Ctrl-C meant for the runner must not end the one who cleans up after it.
  const guard = spawn(process.execPath, [fileURLToPath(new URL('guard.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  guard.unref()
  const running: { readonly group: number; readonly ended: Promise<unknown> }[] = []

  return {
    async start(service) {
      const log = join(logs, `${service.name}.log`)
      const output = openSync(log, 'a')
      // Its standard input stays open as long as this process: some end with it.
      const child = spawn(service.command, [...service.args], {
        detached: true,
        stdio: ['pipe', output, output],
        env: { ...process.env, ...service.env },
      })
      closeSync(output)
      const state: { failure?: string } = {}
      child.once('error', ({ message }) => {
        state.failure = message
      })
      child.once('exit', (code, signal) => {
        state.failure = `it ended with ${code ?? signal ?? 'nothing'}`
      })
      if (child.pid !== undefined) {
        guard.stdin.write(`${child.pid}\n`)
        running.push({ group: child.pid, ended: child.exitCode === null ? once(child, 'exit') : Promise.resolve() })
      }
      const read = (): string => readFileSync(log, 'utf8')
      for (const start = Date.now(); Date.now() - start < startPatience;) {
        if (state.failure !== undefined) throw notReady(service, state.failure, read())
        if (await isReady(service.ready, read)) return read()
        await sleep(100)
      }
      throw notReady(service, `not ready after ${startPatience} ms`, read())
    },
    async stop() {
      for (const { group, ended } of running.splice(0).reverse()) {
        signalGroup(group, 'SIGTERM')
        await Promise.race([ended, sleep(stopPatience, undefined, { ref: false })])
        signalGroup(group, 'SIGKILL')
        guard.stdin.write(`${-group}\n`)
      }
      guard.stdin.end()
    },
  }
}

async function isReady(ready: string | RegExp, log: () => string): Promise<boolean> {
  if (ready instanceof RegExp) return ready.test(log())
  return fetch(ready, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

function notReady({ name }: Service, reason: string, log: string): Error {
  return new Error(`${name} did not start: ${reason}\n${log.split('\n').slice(-20).join('\n')}`)
}
