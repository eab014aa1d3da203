/**
 * From the commits of a range to those that went into them by a squash: what stood in a pull request's own commits is not in the
 * history of the release, and most AI sessions are named there. A number in a title is only a hint; what counts is proved.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Linkage } from '../../model/record.ts'
import type { ReaderReport } from '../../model/session.ts'
import { forEachOf } from '../git/history.ts'
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'
import { requestHeads } from './request-heads.ts'
import type { RequestHeads } from './request-heads.ts'
import { requestsIn } from './request-hints.ts'
import type { RequestName } from './request-hints.ts'
import { newRebases } from './rebase-proof.ts'
import { proveSquashes } from './squash-proof.ts'
import type { Candidate } from './squash-proof.ts'
import type { CommitHeader, Visited } from './visited.ts'

/** Among the readers of a range, though it reads no records: what it did not see, nobody saw. */
export const requestsReader = 'pull-requests'

/** What can be found about a change and its request that does not count. */
export const walkFindings = {
  'squash-unproved': 'a change whose pull request, as it stands here, gives other files',
  'squash-too-large': 'a pull request with more commits than are looked at',
} as const

export interface Walk {
  /** To be called for every commit of the range, newest first. */
  see(header: CommitHeader, message: Buffer): void
  /** Visits the commits that went into those that were seen, and tells how far that went. Error: `git-failed`, where the run was stopped. */
  follow(visit: (visited: Visited) => void): Promise<ReaderReport>
  /** The request that each proved change was, by its commit. */
  readonly requests: ReadonlyMap<string, RequestName>
}

type Say = (code: keyof typeof walkFindings, commit: string, detail: string) => void

export async function openWalk(repository: Repository, until: string, finding: Say): Promise<Walk> {
  const heads = await attempt(repository, () => requestHeads(repository))
  const isHere = (name: RequestName): boolean => !(heads instanceof CountersignError) && heads.has(name)
  /** Those that name a request whose head is here, in the order in which they were seen. */
  const named = new Map<string, readonly RequestName[]>()
  let otherNamed = 0
  const requests = new Map<string, RequestName>()
  const rebased = newRebases(repository)

  function see(header: CommitHeader, message: Buffer): void {
    const { commit, parents } = header
    // Without heads there is nothing that it could have been.
    if (!(heads instanceof CountersignError) && heads.size > 0) rebased.see(header)
    const hints = requestsIn(message)
    if (hints === undefined) return
    const [, merged] = parents
    const isSquash = parents.length === 1
    const change = isSquash ? commit : parents.length === 2 && hints.isOfMerge ? merged : undefined
    if (change === undefined) return
    if (!isSquash || named.has(change) || hints.names.some(isHere)) named.set(change, hints.names)
    else otherNamed += 1
  }

  /** Change → the head that it was proved to be. */
  async function prove(heads: RequestHeads): Promise<ReadonlyMap<string, string>> {
    const candidates: (Candidate & { readonly name: RequestName })[] = []
    for (const [change, names] of named) {
      for (const name of names) {
        const head = heads.get(name)
        if (head !== undefined) candidates.push({ change, head, name })
      }
    }
    const proofs = await proveSquashes(repository, candidates)
    const proved = new Map<string, string>()
    const open = new Map<string, string>()
    for (const [index, { change, head, name }] of candidates.entries()) {
      const proof = proofs[index]
      if (proof === 'same-tree' || proof === 'merge') {
        if (!proved.has(change)) requests.set(change, name)
        if (!proved.has(change)) proved.set(change, head)
      } else if (proof !== 'not-squash' && !open.has(change)) {
        open.set(
          change,
          proof === 'unknown' ? `request ${name} cannot be merged here` : `request ${name} gives other files`,
        )
      }
    }
    for (const [change, detail] of open) if (!proved.has(change)) finding('squash-unproved', change, detail)
    return proved
  }

  async function follow(visit: (visited: Visited) => void): Promise<ReaderReport> {
    const report = heads instanceof CountersignError ? heads : await attempt(repository, () => followAll(heads, visit))
    if (!(report instanceof CountersignError)) return report
    // Each visit by then was proved, and stays.
    return { reader: requestsReader, outcome: 'could-not-look', claims: requests.size, detail: report.message }
  }

  async function followAll(heads: RequestHeads, visit: (visited: Visited) => void): Promise<ReaderReport> {
    const missing = otherNamed + [...named.values()].filter((names) => !names.some(isHere)).length
    const proved = await prove(heads)
    const changeOf = await changesOf(repository, until, proved, finding)
    await visitAll(repository, changeOf, 'squash', visit)
    const rewritten = await rebased.changes(tipsOf(heads.values(), until), changeOf)
    await visitAll(repository, rewritten, 'rebase', visit)
    return reportOf(new Set([...proved.keys(), ...rewritten.values()]).size, otherNamed + named.size, missing)
  }

  return { see, follow, requests }
}

function reportOf(proved: number, named: number, missing: number): ReaderReport {
  const report = { reader: requestsReader, claims: proved }
  if (missing === 0) return { ...report, outcome: proved === 0 ? 'nothing' : 'found' }
  return {
    ...report,
    outcome: 'not-fetched',
    detail: `${missing} of ${named} changes name a request whose head is not in this clone`,
  }
}

/**
 * Commit → the change that it went into. Requests are stacked on one another, and a commit belongs to the first that was merged: so
 * the changes are taken from the oldest on, and each has what those before it have not.
 */
async function changesOf(
  repository: Repository,
  until: string,
  heads: ReadonlyMap<string, string>,
  finding: Say,
): Promise<ReadonlyMap<string, string>> {
  const parentsOf = await graphOf(repository, until, heads.values())
  const changeOf = new Map<string, string>()
  for (const [change, head] of [...heads].reverse()) {
    const queue = [head]
    for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
      const parents = parentsOf.get(commit)
      if (parents === undefined || changeOf.has(commit)) continue
      changeOf.set(commit, change)
      queue.push(...parents)
    }
  }
  if (parentsOf.size === limits.walkedCommits) {
    for (const [change, head] of heads) {
      if (!parentsOf.has(head))
        finding('squash-too-large', change, `more than ${limits.walkedCommits} commits went into the range`)
    }
  }
  return changeOf
}

/** The commits below the heads that are not in the history of the release, with their parents; as many as are looked at. */
async function graphOf(
  repository: Repository,
  until: string,
  heads: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parentsOf = new Map<string, readonly string[]>()
  const args = ['rev-list', '--parents', `--max-count=${limits.walkedCommits}`, '--stdin']
  let rest = ''
  for await (const chunk of streamGit(repository.git, args, tipsOf(heads, until))) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [commit = '', ...parents] = line.split(' ')
      parentsOf.set(commit, parents)
    }
  }
  return parentsOf
}

function tipsOf(heads: Iterable<string>, until: string): string {
  return [...new Set(heads), `^${until}`, ''].join('\n')
}

async function visitAll(
  repository: Repository,
  changeOf: ReadonlyMap<string, string>,
  linkage: Linkage,
  visit: (visited: Visited) => void,
): Promise<void> {
  const visited = await forEachOf(repository, changeOf.keys(), (header, message, whole) => {
    const change = changeOf.get(header.commit)
    if (change !== undefined) visit({ ...header, change, linkage, message, whole })
  })
  if (visited < changeOf.size) throw new CountersignError('git-failed', 'git log gave fewer commits than before')
}

/** What git failed at, unless the run was stopped. */
async function attempt<T>(repository: Repository, step: () => Promise<T>): Promise<T | CountersignError> {
  try {
    return await step()
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'git-failed') throw thrown
    if (repository.git.signal?.aborted === true) throw thrown
    return thrown
  }
}
