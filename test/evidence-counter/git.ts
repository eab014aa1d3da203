/** Git, run with nothing of the user's own configuration: its output as text, or a row at a time. */
import { spawn, spawnSync } from 'node:child_process'

const environment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
}

/** The whole output as text. */
export function git(repository: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', repository, ...args], {
    ...{ env: environment, input, encoding: 'utf8', maxBuffer: 2 ** 31 },
  })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** The output with one piece a `separator`, so that a large one is never one text. */
export async function* pieces(
  repository: string,
  args: readonly string[],
  separator: string,
  input = '',
): AsyncGenerator<string, void, undefined> {
  const child = spawn('git', ['-C', repository, ...args], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  let rest = ''
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout as AsyncIterable<string>) {
    const parts = (rest + text).split(separator)
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest !== '') yield rest
  if ((await ended) !== 0) throw new Error(`git ${args.join(' ')}: ${errors}`)
}
