/** A checkout and the commits in it, as git tells them. */
import { realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import type { Environment } from '../../platform/environment.ts'
import { ownSystem } from '../../platform/system.ts'
import { once, readingOf } from './lent-gits.ts'
import { gitFailure, gitIn, runGit } from './process.ts'
import type { Git } from './process.ts'

/** A checkout that git accepts; made by {@link openRepository}. */
export interface Repository {
  /** Absolute path of the working tree. */
  readonly root: string
  readonly objectFormat: 'sha1' | 'sha256'
  /** The full name of the ref that HEAD is; undefined for a detached HEAD, and where it names no commit. */
  readonly ref: string | undefined
  /** History is cut off somewhere. */
  readonly shallow: boolean
  /** Absolute path of the attributes that no commit holds; the file may be missing. */
  readonly ownAttributes: string
  readonly git: Git
}

/** Whose environment and system git is started in, both of them; default: those of this process. */
export type OpenOptions = (
  | { readonly env: Environment; readonly platform: NodeJS.Platform }
  | { readonly env?: undefined; readonly platform?: undefined }
) & {
  /** Ends every git that the repository runs. */
  readonly signal?: AbortSignal
}

/**
 * The repository whose working tree holds `cwd`. Errors: `git-no-repository` (no repository, a bare one, no such folder, one
 * that names another folder as its working tree), `git-failed` (git is missing, or refuses the folder because of its owner).
 */
export async function openRepository(cwd: string, options: OpenOptions = {}): Promise<Repository> {
  const folder = await stat(cwd).catch(() => undefined)
  if (folder?.isDirectory() !== true) throw new CountersignError('git-no-repository', 'there is no such folder')
  const git = gitIn(cwd, {
    ...{ env: options.env ?? process.env, platform: options.platform ?? ownSystem, signal: options.signal },
  })
  const args = openingArgs(['--symbolic-full-name', 'HEAD'])
  const said = await runGit(git, args)
  const isUnborn = said.status !== 0 && said.stderr.includes("ambiguous argument 'HEAD'")
  const answer = isUnborn ? await runGit(git, openingArgs([])) : said
  if (answer.status !== 0) {
    if (/not a git repository|must be run in a work tree|cannot use bare repository/.test(answer.stderr)) {
      throw new CountersignError('git-no-repository', 'there is no checkout of a git repository here')
    }
    throw gitFailure(args, answer)
  }
  const lines = /^(\S+)\n(\S+)\n(?:(HEAD|refs\/[^\n]+)\n)?(.*?\/info\/attributes)\n(.*)\n$/s
  const [, objectFormat, shallow, head, ownAttributes = '', root = ''] =
    lines.exec(answer.stdout.toString('utf8')) ?? []
  if (objectFormat !== 'sha1' && objectFormat !== 'sha256') {
    throw new CountersignError('git-failed', 'the object format of the repository is not known')
  }
  if (!(await isSameFolder(root, await nearestCheckout(cwd)))) {
    throw new CountersignError('git-no-repository', 'the repository here says that its working tree is another folder')
  }
  const ref = head === 'HEAD' ? undefined : head
  return { root, objectFormat, ref, shallow: shallow === 'true', ownAttributes, git: { ...git, cwd: root } }
}

/** Paths come last: they alone may hold line ends. */
function openingArgs(head: readonly string[]): string[] {
  const paths = ['--path-format=absolute', '--git-path', 'info/attributes', '--show-toplevel']
  return ['rev-parse', '--show-object-format', '--is-shallow-repository', ...head, ...paths]
}

/**
 * The folder, at or above this one, that has a `.git`. Git itself believes `core.worktree`, and then everything that it says
 * of the working tree is about files that nobody builds from.
 */
async function nearestCheckout(cwd: string): Promise<string | undefined> {
  for (let folder = await realpath(cwd); ; folder = dirname(folder)) {
    if ((await stat(join(folder, '.git')).catch(() => undefined)) !== undefined) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** Whether there is a `.git` at or above a folder, whatever git makes of it. */
export async function isInCheckout(cwd: string): Promise<boolean> {
  const folder = await stat(cwd).catch(() => undefined)
  if (folder?.isDirectory() !== true) throw new CountersignError('git-no-repository', 'there is no such folder')
  return (await nearestCheckout(cwd)) !== undefined
}

/** By their numbers: one folder has many paths where names differ in case or have a short form. */
async function isSameFolder(one: string, other: string | undefined): Promise<boolean> {
  if (other === undefined) return false
  const [a, b] = await Promise.all([one, other].map((it) => stat(it, { bigint: true }).catch(() => undefined)))
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino
}

/** Commit id of HEAD. Errors: `git-no-commit`, `git-failed`. */
export async function headOf(repository: Repository): Promise<string> {
  const commit = await commitOf(repository, 'HEAD')
  if (commit === undefined) throw new CountersignError('git-no-commit', 'HEAD names no commit')
  return commit
}

/** The full id of the commit that a revision names, undefined if it names none. The revision must not begin with `-`. */
export async function commitOf(repository: Repository, revision: string): Promise<string | undefined> {
  // What a full id names stays, and that it names a commit, too: within a reading it is asked once.
  if (known(repository, revision) !== undefined) return revision
  const commit = await askForCommit(repository, revision)
  if (commit !== undefined) await once(repository.git, keyOf(commit), () => Promise.resolve(commit))
  return commit
}

function known({ git }: Repository, commit: string): unknown {
  return readingOf(git)?.known.get(keyOf(commit))
}

function keyOf(commit: string): string {
  return `commit ${commit}`
}

async function askForCommit(repository: Repository, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  const answer = await runGit(repository.git, args)
  const id = answer.stdout.toString('utf8').replace(/\n$/, '')
  // `^main` is a revision for rev-parse too, and its answer begins with the same sign.
  return answer.status === 0 && isObjectId(repository, id) ? id : undefined
}

/** Whether text is a full object id of this repository. */
export function isObjectId(repository: Repository, text: string): boolean {
  return text.length === (repository.objectFormat === 'sha1' ? 40 : 64) && /^[0-9a-f]+$/.test(text)
}
