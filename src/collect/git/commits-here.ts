/** Which commits git finds, and which of them stand for others; any number in one question. */
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

/** Commits (full ids, each once) but for those from which another of them descends. Error: `git-failed`. */
export async function withoutAncestors(git: Git, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length < 2) return ids
  return (await askGit(git, ['merge-base', '--independent', ...ids])).split('\n').filter((it) => it !== '')
}
