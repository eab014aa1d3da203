/** The commits of a release: which they are, and their messages in one pass. */
import { readFile } from 'node:fs/promises'
import { CountersignError } from '../../errors.ts'
import type { ReleaseRange } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import { forEachField } from './fields.ts'
import { commitOf, headOf } from './repository.ts'
import type { Repository } from './repository.ts'
import { askGit, gitFailure, runGit, streamGit } from './process.ts'

export interface RangeOptions {
  /** The commit that is released; default HEAD. */
  readonly until?: string
  /** A commit, tag or branch from outside; the default is the nearest tag below HEAD. */
  readonly since?: string | undefined
  /** What to do when the range reaches the point where a shallow history is cut off. */
  readonly allowShallow: 'refuse' | 'record'
}

export interface ResolvedRange {
  readonly range: ReleaseRange
  /** Commits of the range are missing, because the clone is shallow; how many is unknown. */
  readonly cut: boolean
}

/**
 * The range that a release at `until` is made of: reachable from it, not from `since` (`git log HEAD ^since`), whether or
 * not `since` is an ancestor. Without `since` it is the nearest tag that is reachable from HEAD and not HEAD itself, as
 * `git describe` counts; without such a tag the range is the whole history. Errors: `revision-unknown`,
 * `history-shallow`, `git-no-commit`, `git-failed`.
 */
export async function resolveRange(repository: Repository, options: RangeOptions): Promise<ResolvedRange> {
  const until = options.until ?? (await headOf(repository))
  const start =
    options.since === undefined ? await nearestTag(repository, until) : await startOf(repository, options.since)
  const range: ReleaseRange = { since: start?.commit ?? null, sinceName: start?.name, until }
  const cut = await reachesBoundary(repository, range)
  if (cut && options.allowShallow === 'refuse') {
    throw new CountersignError('history-shallow', 'the clone is shallow and ends inside of the range')
  }
  return { range, cut }
}

interface Start {
  readonly commit: string
  readonly name: string
}

async function startOf(repository: Repository, name: string): Promise<Start> {
  const isName = name !== '' && name.length <= 1_024 && !name.startsWith('-') && !/\p{Cc}/u.test(name)
  const commit = isName ? await commitOf(repository, name) : undefined
  if (commit === undefined) {
    throw new CountersignError('revision-unknown', `${JSON.stringify(name.slice(0, 200))} names no commit here`, {
      ...(repository.shallow ? { hint: 'the clone is shallow: fetch the whole history and the tags' } : {}),
    })
  }
  return { commit, name }
}

/** More tags at one commit than anybody writes, and few enough for one command line. */
const tagsAtHead = 500

/** A release is built at its own tag, so the tags at HEAD say nothing of where it starts. */
async function nearestTag(repository: Repository, head: string): Promise<Start | undefined> {
  const { git } = repository
  const listed = await askGit(git, ['for-each-ref', `--points-at=${head}`, '--format=%(refname:strip=2)', 'refs/tags'])
  const excluded = listed === '' ? [] : listed.split('\n')
  for (;;) {
    if (excluded.length > tagsAtHead) throw unclear(`HEAD has more than ${tagsAtHead} tags`)
    const args = ['describe', '--tags', '--long', '--always', '--abbrev=64', ...excluded.map((it) => `--exclude=${it}`)]
    const answer = await runGit(git, [...args, head])
    if (answer.status !== 0) throw gitFailure(['describe'], answer)
    const described = answer.stdout.toString('utf8').trim()
    if (described === head) return undefined
    const name = /^(.+)-\d+-g[0-9a-f]+$/.exec(described)?.[1]
    const commit = name === undefined ? undefined : await commitOf(repository, `refs/tags/${name}`)
    // An annotated tag carries a name of its own; where its ref was renamed, describe prints one that leads nowhere.
    if (name === undefined || commit === undefined) throw unclear('the nearest tag has another name than its ref')
    if (commit !== head) return { commit, name }
    excluded.push(name) // a tag of a tag
  }
}

function unclear(reason: string): CountersignError {
  return new CountersignError('revision-unknown', reason, { hint: 'say where the release starts by --since' })
}

async function reachesBoundary(repository: Repository, range: ReleaseRange): Promise<boolean> {
  const boundary = await shallowBoundary(repository)
  if (boundary.size === 0) return false
  let found = false
  const lines = streamGit(repository.git, ['log', '-z', '--format=%H', ...revisions(range)])
  await forEachField(lines, 128, (commit) => {
    if (boundary.has(commit.toString('latin1'))) found = true
  })
  return found
}

/** The commits whose parents are missing in a shallow clone (gitrepository-layout(5), `shallow`). */
export async function shallowBoundary(repository: Repository): Promise<ReadonlySet<string>> {
  if (!repository.shallow) return new Set()
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'shallow']
  const text = await readFile(await askGit(repository.git, args), 'latin1').catch(() => undefined)
  if (text === undefined) throw new CountersignError('git-failed', 'the list of shallow commits cannot be read')
  return new Set(text.split('\n').filter((line) => line !== ''))
}

/**
 * Calls `visit` for each commit of the range, newest first, with its message in UTF-8 (git converts from the encoding that
 * the commit declares). Of a message beyond the limit only both ends come, with `whole` false. The bytes are good during
 * the call. Returns the number of commits. Errors: `git-failed`.
 */
export async function forEachCommit(
  repository: Repository,
  range: ReleaseRange,
  visit: (commit: string, message: Buffer, whole: boolean) => void,
): Promise<number> {
  let total = 0
  let commit: string | undefined
  const args = ['log', '-z', '--encoding=UTF-8', '--format=%H%x00%B', ...revisions(range)]
  await forEachField(streamGit(repository.git, args), limits.commitMessageBytes, (field, whole) => {
    if (commit === undefined) {
      commit = field.toString('latin1')
      return
    }
    total += 1
    visit(commit, field, whole)
    commit = undefined
  })
  return total
}

function revisions(range: ReleaseRange): string[] {
  return ['--end-of-options', range.until, ...(range.since === null ? [] : [`^${range.since}`]), '--']
}
