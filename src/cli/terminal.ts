/** Everything that a command touches outside itself, so that a test can give it another one. */
import { indentedJson, oneLine, unsteeringJson } from '../report.ts'
import type { Style } from '../report.ts'
import type { World } from '../verify.ts'
import { withFlags } from './flags.ts'

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Of a terminal: how wide it is. */
  readonly columns?: number | undefined
}

/** Parts of the world that a command hands on to the library; what is missing is the process's own. */
type Handed = Pick<World, 'env' | 'cwd' | 'now' | 'fetch'> &
  Partial<Pick<World, 'elapsed' | 'sleep' | 'timeout' | 'random' | 'progress'>>

export interface Terminal extends Handed {
  /** The value. */
  readonly stdout: Output
  /** The talk. */
  readonly stderr: Output
  /** Standard input; nothing is read from it before it is asked for. */
  readonly stdin: () => AsyncIterable<Uint8Array>
  /** Resolves when the person wants a running server to end (SIGINT, SIGTERM). */
  readonly interrupted: () => Promise<void>
}

/** The terminal that the process was started in. */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: () => process.stdin,
    now: () => new Date(),
    fetch: fetchThroughProxy,
    interrupted: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      }),
  }
}

/** Node's fetch does not look at HTTPS_PROXY and its kin unless it is told to, and older versions cannot be told. */
async function fetchThroughProxy(...args: Parameters<typeof fetch>): Promise<Response> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
  if (!proxied && names.some((name) => (process.env[name] ?? '') !== '')) {
    proxied = true
    const http = await import('node:http')
    if ('setGlobalProxyFromEnv' in http) http.setGlobalProxyFromEnv()
  }
  return fetch(...args)
}

let proxied = false

/** What the library gets of it; its warnings are talk. */
export function worldOf(terminal: Terminal): Partial<World> {
  const { stdout, stderr, stdin, interrupted, ...handed } = terminal
  return { ...handed, warn: (message) => say(terminal, `warning: ${message}`) }
}

/** One line of talk (DESIGN rule 10). */
export function say({ stderr }: Terminal, text: string): void {
  stderr.write(`countersign: ${oneLine(withFlags(text))}\n`)
}

/** JSON as an output wants it: a person's terminal has it indented, a program the very text on one line. */
export function jsonFor(output: Output, json: string): string {
  const lines = output.isTTY === true ? indentedJson(json).split('\n') : [json]
  return `${lines.map(unsteeringJson).join('\n')}\n`
}

/** SGR codes on and off (ECMA-48). node:util's styleText would cost a fifth of the start-up. */
const paints = { good: [32, 39], bad: [31, 39], faint: [2, 22], strong: [1, 22] } as const

/** Narrower, a line would be a word; wider, the eye would lose it. */
const widths = { least: 60, most: 200 } as const

/**
 * Columns that text is folded to: those that COLUMNS says, else those of the terminal. What is piped is not folded, unless
 * COLUMNS is set: a program reads it line by line.
 */
function widthOf({ isTTY, columns }: Output, env: Terminal['env']): number | undefined {
  const asked = /^[1-9]\d{0,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : undefined
  const width = asked ?? (isTTY === true ? columns : undefined)
  return width === undefined || width === 0 ? undefined : Math.min(Math.max(width, widths.least), widths.most)
}

/** Colours on a terminal that wants them (NO_COLOR, no-color.org), plain text else; folded to its width. */
export function styleOf(output: Output, env: Terminal['env']): Style {
  const coloured = output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  const paint = ([on, off]: readonly [number, number]) => {
    return (text: string): string => (coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  }
  const width = widthOf(output, env)
  return {
    ...(width === undefined ? {} : { width }),
    good: paint(paints.good),
    bad: paint(paints.bad),
    faint: paint(paints.faint),
    strong: paint(paints.strong),
    options: withFlags,
  }
}
