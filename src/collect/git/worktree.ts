/** Whether the working tree is what HEAD says, found out without running what the repository's configuration names. */
import { stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { forEachField } from './fields.ts'
import { openRepository } from './repository.ts'
import type { Repository } from './repository.ts'
import { runGit, streamGit } from './process.ts'
import type { Git } from './process.ts'

/** Submodules within submodules deeper than this are no checkout that a release is built from. */
const submoduleDepth = 16
const pathBytes = 65_536

const statusArgs = [
  'status',
  '--porcelain',
  '-z',
  '--untracked-files=normal',
  '--ignore-submodules=dirty',
  '--no-renames',
]

/**
 * Whether tracked files differ from HEAD or untracked ones are not ignored, here or in a submodule that is checked out.
 * `except` are absolute paths that do not count: what a build made is no change of what it was built from. Submodules are
 * asked one by one: git's own recursion would run the filters of their configuration. Errors: `git-failed`.
 */
export async function isDirty(repository: Repository, except: readonly string[] = [], depth = 0): Promise<boolean> {
  const excluded = except
    .map((path) => relative(repository.root, path))
    .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path))
    .map((path) => `:(top,literal,exclude)${path.split(sep).join('/')}`)
  // An untracked folder is named as a whole by default, and then an exception inside it would not be seen.
  const untracked = `--untracked-files=${excluded.length === 0 ? 'normal' : 'all'}`
  const args = [...statusArgs, untracked, ...(excluded.length === 0 ? [] : ['--', ':(top)', ...excluded])]
  for await (const chunk of streamGit(await withoutLocalFilters(repository.git), args)) {
    if (chunk.length > 0) return true
  }
  for (const path of await submodulesOf(repository)) {
    const folder = join(repository.root, path)
    if ((await stat(join(folder, '.git')).catch(() => undefined)) === undefined) continue // not checked out
    if (depth === submoduleDepth) throw new CountersignError('git-failed', 'submodules are nested too deep')
    const { env, signal } = repository.git
    const submodule = await openRepository(folder, signal === undefined ? { env } : { env, signal })
    if (submodule.root !== repository.root && (await isDirty(submodule, except, depth + 1))) return true
  }
  return false
}

async function submodulesOf(repository: Repository): Promise<string[]> {
  const paths: string[] = []
  await forEachField(streamGit(repository.git, ['ls-files', '--stage', '-z']), pathBytes, (entry) => {
    const tab = entry.indexOf('\t')
    if (entry.subarray(0, 7).toString('latin1') === '160000 ') paths.push(entry.subarray(tab + 1).toString('utf8'))
  })
  return paths
}

/**
 * `git status` passes a file whose times changed through the `clean` filter of its attributes. A filter that the
 * repository's own configuration defines is a program of unknown origin and is switched off; Git LFS may run, because
 * `actions/checkout` writes exactly that filter there. Without its filter a file looks changed, never unchanged.
 */
async function withoutLocalFilters(git: Git): Promise<Git> {
  const answer = await runGit(git, ['config', '--null', '--show-scope', '--get-regexp', '^filter\\.'])
  const fields = answer.status === 0 ? answer.stdout.toString('utf8').split('\0') : []
  const filters = new Set<string>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key, value] = split(fields[at + 1] ?? '', '\n')
    const isLocal = fields[at] === 'local' || fields[at] === 'worktree'
    const isLfs = /^git-lfs (clean|filter-process)( --skip)?( -- %f)?$/.test(value)
    if (isLocal && /\.(clean|process)$/.test(key) && !isLfs) filters.add(key.slice(0, key.lastIndexOf('.')))
  }
  return filters.size === 0 ? git : configured(git, [...filters].flatMap(switchedOff))
}

function switchedOff(filter: string): [string, string][] {
  return [
    [`${filter}.clean`, ''],
    [`${filter}.process`, ''],
    [`${filter}.required`, 'false'],
  ]
}

/** By the environment, because `-c name=value` cannot name a filter with `=` in its name. */
function configured(git: Git, settings: readonly (readonly [string, string])[]): Git {
  const first = Number(git.env['GIT_CONFIG_COUNT'] ?? 0) || 0
  const variables = settings.flatMap(([key, value], index): [string, string][] => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ])
  const count = String(first + settings.length)
  return { ...git, env: { ...git.env, ...Object.fromEntries(variables), GIT_CONFIG_COUNT: count } }
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
