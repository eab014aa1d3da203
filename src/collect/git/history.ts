/** The commits of a release: which they are, and their messages in one pass. */
import { readFile, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import type { CommitHeader } from '../change/visited.ts'
import type { ReleaseRange } from '../../model/facts.ts'
import { missingTagsWords, otherTagWords } from '../../model/range-words.ts'
import type { RangeReason } from '../../model/session.ts'
import { commitReader } from './commit-object.ts'
import { forEachField } from './fields.ts'
import { beginObjects, forEachObject } from './hashed-commits.ts'
import { commitOf, headOf } from './repository.ts'
import { mergeBase, releaseStart } from './release-start.ts'
import type { ReleaseStart } from './release-start.ts'
import type { Repository } from './repository.ts'
import { askGit, runGit, streamGit } from './process.ts'

export interface RangeOptions {
  /** The commit that is released; default HEAD. */
  readonly until?: string
  /** The ref that the job was started for. */
  readonly ref?: string | undefined
  /** A commit, tag or branch from outside; the default is the release before (`release-start.ts`). */
  readonly since?: string | undefined
  /** Begin with the first commit, however many there are. */
  readonly adopt?: boolean | undefined
  readonly tagPattern?: string | undefined
  /**
   * Only commits that change something here count: paths from the root of the repository; those that begin with `./` or `../`
   * from `cwd`, and absolute ones within the repository. The root itself leaves nothing out.
   */
  readonly paths?: readonly string[] | undefined
  /** Absolute path of the folder that `./` is; default: the root. */
  readonly cwd?: string | undefined
  /** Whether the remote has tags; asked where no earlier release is known and the clone has none. Not there: nobody can say. */
  readonly remoteTags?: (() => Promise<boolean | undefined>) | undefined
  /** `later`: whoever reads the commits finds it out by {@link baseOf}; of a start that was not asked for it is known all the same. */
  readonly base?: 'later' | undefined
  /** What to do when the range reaches the point where a shallow history is cut off. */
  readonly allowShallow: 'refuse' | 'record'
}

/** A history of more commits without an earlier release is hardly one release. */
export const adoptedCommits = 1_000

/**
 * The range that a release at `until` is made of: reachable from it, not from `since` (`git log HEAD ^since`), whether or
 * not `since` is an ancestor. Without a release before, it is the whole history, up to a number of commits. Errors:
 * `revision-unknown`, `tag-pattern-invalid`, `release-start-unknown`, `path-missing`, `history-shallow`, `git-no-commit`,
 * `git-failed`.
 */
export async function resolveRange(repository: Repository, options: RangeOptions): Promise<ReleaseRange> {
  const until = options.until ?? (await headOf(repository))
  const named = await Promise.all((options.paths ?? []).map((it) => pathFromRoot(repository, it, options.cwd)))
  const paths = named.includes('') ? [] : named
  const start = await startOf(repository, until, options)
  const found = { since: start?.commit ?? null, sinceName: start?.name, base: start?.base, until, paths }
  for (const path of paths) await refuseUnknown(repository, found, path)
  const cut = await reachesBoundary(repository, found)
  if (cut && options.allowShallow === 'refuse') {
    throw new CountersignError('history-shallow', 'the clone is shallow and ends inside of the range')
  }
  if (start !== undefined) return { ...found, reason: start.reason, cut }
  if (cut) return { ...found, reason: 'unknown', cut }
  if (options.adopt === true) return { ...found, reason: 'adopted', cut }
  const otherTag = await lastTag(repository, until)
  const reason = otherTag === undefined ? await reasonWithoutTags(repository, options) : 'adopted'
  if (await hasMoreCommits(repository, found, adoptedCommits)) {
    const hint =
      otherTag !== undefined
        ? `${otherTagWords(otherTag)}, or where the release begins (${option('since')})`
        : reason === 'adopted'
          ? undefined
          : missingTagsWords()
    throw new CountersignError(
      'release-start-unknown',
      `no earlier release is tagged here, and the history has more than ${adoptedCommits} commits`,
      { option: 'since', ...(hint === undefined ? {} : { hint }) },
    )
  }
  return { ...found, reason, cut, ...(otherTag === undefined ? {} : { otherTag }) }
}

/** No release before is one thing where there is none, and another where no tag is in the clone to tell. */
async function reasonWithoutTags({ git }: Repository, { remoteTags }: RangeOptions): Promise<RangeReason> {
  if (remoteTags === undefined) return 'adopted'
  const any = await askGit(git, ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/tags'])
  if (any !== '') return 'adopted'
  const hasTags = await remoteTags()
  if (hasTags === undefined) return 'tags-unknown'
  return hasTags ? 'tags-not-fetched' : 'adopted'
}

type Start = Omit<ReleaseStart, 'reason'> & { readonly reason: RangeReason }

async function startOf(repository: Repository, commit: string, options: RangeOptions): Promise<Start | undefined> {
  const { since, adopt, ref, tagPattern } = options
  if (since !== undefined) return namedStart(repository, since, commit, options.base)
  return adopt === true ? undefined : releaseStart(repository, { commit, ref, tagPattern })
}

async function namedStart(
  repository: Repository,
  name: string,
  until: string,
  when: RangeOptions['base'],
): Promise<Start> {
  const commit = await namedCommit(repository, name, 'since')
  const base = when === 'later' ? undefined : ((await mergeBase(repository, commit, until)) ?? undefined)
  return { commit, name, base, reason: 'asked' }
}

/**
 * Where the history of a range that was asked for parts from its start, undefined where the start is an ancestor. It is one if a commit of the
 * range has it as a parent, which whoever has read them knows; only else git is asked, who walks over all of them for it. Error: `git-failed`.
 */
export async function baseOf(
  repository: Repository,
  { since, until, reason, base }: ReleaseRange,
  parents: readonly (readonly string[])[],
): Promise<string | undefined> {
  if (since === null || reason !== 'asked') return base
  if (parents.some((it) => it.includes(since))) return undefined
  return (await mergeBase(repository, since, until)) ?? undefined
}

/** The commit that a name from outside means. Error: `revision-unknown`. */
async function namedCommit(repository: Repository, name: string, asked: 'since' | 'until'): Promise<string> {
  const isName = name !== '' && name.length <= 1_024 && !name.startsWith('-') && !/\p{Cc}/u.test(name)
  const commit = isName ? await commitOf(repository, name) : undefined
  if (commit === undefined) {
    throw new CountersignError('revision-unknown', `${JSON.stringify(name.slice(0, 200))} names no commit here`, {
      option: asked,
      ...(repository.shallow ? { hint: 'the clone is shallow: fetch the whole history and the tags' } : {}),
    })
  }
  return commit
}

/**
 * Where a range ends that somebody named: the commit, and the full name of its ref where it is one, since a tag says which version
 * is released. Errors: `revision-unknown`, `git-failed`.
 */
export async function namedEnd(
  repository: Repository,
  name: string,
): Promise<{ readonly commit: string; readonly ref: string | undefined }> {
  const commit = await namedCommit(repository, name, 'until')
  // A full id is no name of a ref, also where somebody gave a branch such a name.
  if (name === commit) return { commit, ref: undefined }
  const args = ['rev-parse', '--verify', '--quiet', '--symbolic-full-name', '--end-of-options', name]
  const ref = (await runGit(repository.git, args)).stdout.toString('utf8').replace(/\n$/, '')
  return { commit, ref: ref.startsWith('refs/') ? ref : undefined }
}

/** A path as git has it: from the root, with `/`; empty for the root. Error: `path-missing`, for one that leads out of it. */
async function pathFromRoot({ root }: Repository, path: string, cwd = root): Promise<string> {
  if (path === '' || path.length > 4_096 || /\p{Cc}/u.test(path)) throw noPath(path)
  const isFromHere = isAbsolute(path) || /^\.{1,2}(?:\/|$)/.test(path)
  const here = await realpath(cwd).catch(() => cwd)
  const found = isFromHere ? relative(root, await realOf(resolve(here, path))).split(sep) : path.split('/')
  const parts = found.filter((it) => it !== '' && it !== '.')
  if (parts.includes('..') || isAbsolute(found.join(sep)) || (parts.length === 0 && !isFromHere)) throw noPath(path)
  return parts.join('/')
}

/** The folder that holds it without links, as git names the root; what it is itself may be gone, or a link that is in the tree. */
async function realOf(path: string): Promise<string> {
  const folder = dirname(path)
  if (folder === path) return path
  const real = await realpath(folder).catch(() => undefined)
  return join(real ?? (await realOf(folder)), path.slice(folder.length))
}

/** A path that never was there would leave an empty release, whatever it was meant to be. Error: `path-missing`. */
async function refuseUnknown(repository: Repository, range: Commits, path: string): Promise<void> {
  const { git } = repository
  const inTree = await runGit(git, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${range.until}:${path}`])
  if (inTree.status === 0) return
  // What the range has taken away is a part of it.
  const last = await askGit(git, ['rev-list', '--max-count=1', ...revisions({ ...range, paths: [path] })])
  if (last === '') throw noPath(path)
}

function noPath(path: string): CountersignError {
  return new CountersignError('path-missing', `${JSON.stringify(path.slice(0, 200))} is no path in the repository`, {
    option: 'folders',
    hint: 'a path counts from the root of the repository, one that begins with ./ from here, and * is no wildcard in it',
  })
}

/** The tag that was made last of those that lie below a commit. */
async function lastTag({ git }: Repository, commit: string): Promise<string | undefined> {
  const below = [`--merged=${commit}`, `--no-contains=${commit}`, '--sort=-creatordate', '--count=1']
  const name = await askGit(git, ['for-each-ref', ...below, '--format=%(refname:strip=2)', 'refs/tags'])
  return name === '' ? undefined : name
}

async function hasMoreCommits({ git }: Repository, range: Commits, most: number): Promise<boolean> {
  const args = ['rev-list', '--count', `--max-count=${most + 1}`, ...revisions(range)]
  return Number(await askGit(git, args)) > most
}

async function reachesBoundary(repository: Repository, range: Commits): Promise<boolean> {
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
 * Calls `visit` for each commit of the range, newest first, each hashed again, with its message in UTF-8 (from the encoding that
 * the commit declares). Of a message beyond the limit only both ends come, with `whole` false. The bytes are good during
 * the call. Returns the number of commits. Errors: `object-altered`, `git-failed`.
 */
export async function forEachCommit(
  repository: Repository,
  range: Commits,
  visit: (header: CommitHeader, message: Buffer, whole: boolean) => void,
): Promise<number> {
  return readCommits(repository, revisions(range), undefined, visit)
}

/** Git lists a range that begins somewhere only when it knows all of it: started here, it is done sooner in this reading. */
export function beginCommits(repository: Repository, range: Commits, see?: (ids: Buffer) => void): void {
  beginObjects(repository, revisions(range), see)
}

/** The same for commits that are named one by one, the newest first. */
export async function forEachOf(
  repository: Repository,
  commits: Iterable<string>,
  visit: (header: CommitHeader, message: Buffer, whole: boolean) => void,
): Promise<number> {
  const input = [...commits, ''].join('\n')
  if (input === '') return 0
  return readCommits(repository, ['--no-walk=sorted', '--stdin'], input, visit)
}

async function readCommits(
  repository: Repository,
  args: readonly string[],
  input: string | undefined,
  visit: (header: CommitHeader, message: Buffer, whole: boolean) => void,
): Promise<number> {
  // Where a shallow history is cut off, git knows of no parents.
  const boundary = await shallowBoundary(repository)
  const read = commitReader(repository.objectFormat === 'sha1' ? 40 : 64)
  return forEachObject(repository, args, input, (commit, object, end) => {
    const { header, message, whole } = read(commit, object, end)
    visit(boundary.size > 0 && boundary.has(commit) ? { ...header, parents: [] } : header, message, whole)
  })
}

/** What decides which commits are in a range. */
export type Commits = Pick<ReleaseRange, 'since' | 'until' | 'paths'>

function revisions({ since, until, paths }: Commits): string[] {
  // Without --full-history git follows but one side of a merge, where both came to the same.
  const whole = paths.length === 0 ? [] : ['--full-history']
  const excluded = since === null ? [] : [`^${since}`]
  return [...whole, '--end-of-options', until, ...excluded, '--', ...paths.map((it) => `:(top,literal)${it}`)]
}
