/** A command line in a world of its own: what it wrote, and its exit code. */
import { main } from '../../src/cli/main.ts'
import type { Terminal as OwnTerminal } from '../../src/cli/terminal.ts'

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

type Input = string | Uint8Array | (() => AsyncIterable<Uint8Array>)

/** The folder that it runs in; beyond that, parts of the world in place of the process's own. */
export interface Terminal extends Partial<Omit<OwnTerminal, 'cwd' | 'stdin' | 'stdout' | 'stderr'>> {
  readonly cwd: string
  /** A terminal that shows colours; by default a pipe. */
  readonly isTTY?: true
  /** Of that terminal. */
  readonly columns?: number
  /** What stands in its standard input. */
  readonly input?: Input
}

/** Runs `countersign …` in this process. */
export async function countersign(
  { isTTY, columns, input, ...world }: Terminal,
  ...argv: readonly string[]
): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr'): OwnTerminal['stdout'] => ({
    write: (text) => (written[name] += text),
    ...(isTTY === undefined ? {} : { isTTY }),
    ...(columns === undefined ? {} : { columns }),
  })
  const exitCode = await main(argv, {
    env: {},
    now: () => new Date(),
    fetch: globalThis.fetch,
    stdin: () => inputOf(input),
    interrupted: () => Promise.resolve(),
    ...world,
    stdout: output('stdout'),
    stderr: output('stderr'),
  })
  return { exitCode, ...written }
}

async function* inputOf(input: Input | undefined): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  if (input === undefined) throw new Error('nobody has written anything there')
  if (typeof input === 'function') yield* input()
  else yield Buffer.from(input)
}

/** What differs between two runs made the same: digests, commits, times, folders. */
export function withoutChance(text: string, folder?: string): string {
  return (folder === undefined ? text : text.replaceAll(folder, '<folder>'))
    .replace(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replace(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replace(/\bsince (\S+ \()?[0-9a-f]{12}\b/g, 'since $1<commit>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/(?<=#)[0-9a-f-]{36}\b/g, '<uuid>')
}
