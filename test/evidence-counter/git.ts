/** Git, run with nothing of the user's own configuration: its output as text, or a row at a time. */
import { spawn, spawnSync } from 'node:child_process'
import { deflateSync } from 'node:zlib'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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

/**
 * A snapshot may lack large files, and git then ends at the first. An empty file is put in the place of each, in a copy and never
 * in the repository itself; git does not compare the name of a loose object with its content.
 */
export async function withStandIns<T>(repository: string, missing: Set<string>, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      const id = /(?:unable to read|could not read|read object|missing blob object)[^0-9a-f]*([0-9a-f]{40})/.exec(
        String(thrown),
      )?.[1]
      if (id === undefined || !standIn(repository, id)) throw thrown
      missing.add(id)
    }
  }
}

/** False where one is there already: then it was not what git missed. */
export function standIn(repository: string, id: string): boolean {
  const path = join(repository, '.git/objects', id.slice(0, 2), id.slice(2))
  if (existsSync(path)) return false
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, deflateSync(Buffer.from('blob 0\0')))
  return true
}
