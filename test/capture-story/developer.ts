/** What happens on a developer's machine and at the forge, from the clone to the tag. Hooks do all that there is to do about sessions. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { editorThat, newClone } from '../capture/clone.ts'
import type { Clone } from '../capture/clone.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { secret, startAgent } from './agent.ts'
import { squashMerge } from './forge.ts'
import type { Forge } from './forge.ts'

/** What the clone of a developer goes without: its hooks, which somebody removed, or the wish to push records. */
export type MissingHere = 'hooks' | 'push'

export interface Told {
  readonly clone: Clone
  readonly bare: Scratch
  /** A line for a file of allowed signers. */
  readonly signer: string
  /** What the push printed. */
  readonly pushed: string
  /** The commits of the request, the oldest first: title → what stands in the trailers. */
  readonly commits: readonly (readonly [title: string, ...trailers: string[]])[]
}

const program = fileURLToPath(new URL('../../bin/countersign.js', import.meta.url))

export async function tellStory(forge: Forge, name: string, missing?: MissingHere): Promise<Told> {
  const bare = forge.found(name)
  const clone = newClone()
  const push = async (...specs: readonly string[]): Promise<string> => {
    const options = { cwd: clone.root, env: clone.env, timeout: 120_000 }
    return (await promisify(execFile)('git', ['push', '-q', 'origin', ...specs], options)).stderr
  }
  clone.write('.gitignore', 'dist/\n.claude/\n')
  clone.commit('Say what is no source', 'README.md', 'widget\n')
  clone.git(['add', '.gitignore'])
  clone.git(['commit', '-q', '--amend', '--no-edit'])
  clone.git(['tag', 'v1.0.0'])
  clone.git(['remote', 'add', 'origin', forge.url(name)])
  await push('main', 'v1.0.0')

  const key = join(clone.home, 'id_ed25519')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ann', '-f', key])
  clone.git(['config', 'user.signingkey', key])
  mkdirSync(join(clone.root, '.claude'))
  const flags = missing === 'push' ? [] : ['--push-records']
  const install = [program, 'hooks', 'install', '--sign', 'ssh', ...flags]
  const run = (argv: readonly string[]) =>
    execFileSync(process.execPath, argv, { cwd: clone.root, env: clone.env, stdio: 'pipe' })
  run(install)
  if (missing === 'hooks') run([program, 'hooks', 'remove'])

  clone.git(['switch', '-q', '-c', 'widgets'])
  await work(clone, push)
  const pushed = await push('widgets')
  const commits = clone
    .git(['log', '--reverse', '--format=%H', 'origin/main..widgets'])
    .trim()
    .split('\n')
    .map((id) => [clone.message(id).split('\n')[0] ?? '', ...clone.trailers(id)] as const)
  squashMerge(bare, 12, 'widgets', 'Parse widgets')
  bare.git(['tag', 'v1.1.0', 'main'])
  return {
    clone,
    bare,
    pushed,
    commits,
    signer: `ann@example.org namespaces="git" ${readFileSync(`${key}.pub`, 'utf8')}`,
  }
}

/** A session, a commit of the agent, one of a person, an amend, a fixup, a commit by hand, and a rebase onto what came meanwhile. */
async function work(clone: Clone, push: (...specs: readonly string[]) => Promise<string>): Promise<void> {
  const agent = startAgent(clone)
  const parse = 'export const parse = (text) => JSON.parse(text)\n'
  agent.writes(`Parse the widgets; the token is ${secret}`, 'I chose JSON.parse.', 'src/parse.js', parse)
  clone.git(['add', '-A'])
  clone.git(['commit', '-q', '-m', 'Parse'], agent.env)
  clone.git(['commit', '-q', '--amend', '-m', 'Parse widgets'])

  agent.writes('Refuse long ones', 'I refuse what is over a kilobyte.', 'src/limit.js', 'export const limit = 1024\n')
  clone.git(['add', '-A'])
  clone.git(['commit', '-q', '-m', 'Limit widgets'])
  clone.commit('Typed by hand', 'NOTES.md', 'what I think of widgets\n')
  agent.writes('Say why', 'The reason stands above it.', 'src/why.js', 'export const why = "memory is dear"\n')
  clone.git(['add', '-A'])
  clone.git(['commit', '-q', '--fixup', 'HEAD~2'], agent.env)

  clone.git(['switch', '-q', 'main'])
  clone.commit('Meanwhile', 'LICENSE', 'Apache-2.0\n')
  await push('main')
  clone.git(['switch', '-q', 'widgets'])
  const editor = editorThat(clone, 'true')
  clone.git(['rebase', '-q', '-i', '--autosquash', 'main'], { ...editor, GIT_SEQUENCE_EDITOR: 'true' })
}
