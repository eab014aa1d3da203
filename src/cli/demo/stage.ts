/** Where the demonstration plays: a repository of its own in a temporary folder, and the real commands in it. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { localStateFolder, mintLocalJobToken } from '../../embedded.ts'
import { CountersignError } from '../../index.ts'
import type { Terminal } from '../terminal.ts'

const run = promisify(execFile)

export const issuer = 'https://oidc.countersign.localhost'
export const source = 'https://github.com/acme/widget'
export const artifact = 'dist/widget-1.1.0.tgz'
export const bundle = `${artifact}.sigstore.json`
const signer = `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`
export const question = ['--signer', signer, '--issuer', issuer, '--source', source]

/** Runs a command line, as `main.ts` does; handed in, because that is what starts the demonstration. */
export type Main = (argv: readonly string[], terminal: Terminal) => Promise<number>

/** The folder that plays the repository, and how its commands are run and shown. */
export interface Stage {
  readonly folder: string
  readonly state: string
  readonly say: (text: string) => void
  /** Runs a countersign command and returns its exit code; the token is what a CI job would have. */
  readonly countersign: (args: readonly string[], token?: string) => Promise<number>
  readonly git: (...args: readonly string[]) => Promise<string>
  /** Writes a file beside the repository, for its owner alone, and gives its path from there. */
  readonly beside: (name: string, text: string) => Promise<string>
  readonly now: () => Date
}

export function stageIn(folder: string, home: string, terminal: Terminal, main: Main): Stage {
  const say = (text: string): void => void terminal.stdout.write(`${text}\n`)
  // A repository of its own: neither the person's git configuration nor a CI job around this one has a say.
  const identity = {
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@acme.example',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@acme.example',
  }
  const env = { PATH: terminal.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  return {
    folder,
    state: localStateFolder(folder, env),
    say,
    async countersign(args, token) {
      say(`\n$ ${token === undefined ? '' : 'SIGSTORE_ID_TOKEN=… '}countersign ${shown(args)}`)
      const job = token === undefined ? env : { ...env, CI: 'true', SIGSTORE_ID_TOKEN: token }
      return main(args, { ...terminal, cwd: folder, env: job, stderr: terminal.stdout })
    },
    async git(...args) {
      const { stdout } = await run('git', [...args], { cwd: folder, env: { ...env, ...identity } }).catch(
        (cause: unknown) => {
          throw new CountersignError('git-failed', 'the demo needs git', { cause })
        },
      )
      return stdout.trim()
    },
    async beside(name, text) {
      const path = join(dirname(folder), 'trusted', name)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(path, text, { mode: 0o600 })
      return `../trusted/${name}`
    },
    now: terminal.now,
  }
}

/** A flag a line where there are many. */
function shown(args: readonly string[]): string {
  const line = args.join(' ')
  return args.length < 10 ? line : line.replaceAll(' --', ' \\\n    --')
}

/** A token of the embedded Sigstore for a job of that workflow on the tag. */
export async function jobToken(
  { state }: Stage,
  sha: string,
  workflow: string,
  repository = 'acme/widget',
): Promise<string> {
  return mintLocalJobToken(state, 'github', { repository, workflow, ref: 'refs/tags/v1.1.0', sha })
}
