/** Which commits git finds, and which of them stand for others; any number in one question. */
import { limits } from '../../model/limits.ts'
import { askGit, streamGit } from './process.ts'
import type { Git } from './process.ts'

/**
 * Those of the ids (full) that are commits and are here. Not by cat-file: in a partial clone it would ask the remote, or fail at not being
 * allowed to. Error: `git-failed`.
 */
export async function commitsHere(git: Git, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  let said = ''
  const args = ['rev-list', '--no-walk', '--ignore-missing', '--missing=allow-any', '--stdin']
  for await (const chunk of streamGit(git, args, ids.map((id) => `${id}\n`).join(''))) said += chunk.toString('latin1')
  return new Set(said.split('\n').filter((it) => it !== ''))
}

/**
 * Those of the commits (full ids) that are not in the history of another one; all of them, where more lies between than is looked through.
 * Error: `git-failed`.
 */
export async function commitsOutside(git: Git, ids: readonly string[], of: string): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const asked = new Set(ids)
  const outside = new Set<string>()
  let commits = 0
  let rest = ''
  const args = ['rev-list', `--max-count=${limits.walkedCommits}`, '--stdin']
  for await (const chunk of streamGit(git, args, [...ids, `^${of}`, ''].join('\n'))) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    commits += lines.length
    for (const line of lines) if (asked.has(line)) outside.add(line)
  }
  return commits === limits.walkedCommits ? asked : outside
}

/** Commits (full ids, each once) but for those from which another of them descends. Error: `git-failed`. */
export async function withoutAncestors(git: Git, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length < 2) return ids
  return (await askGit(git, ['merge-base', '--independent', ...ids])).split('\n').filter((it) => it !== '')
}
