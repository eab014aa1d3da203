/**
 * From the commits of a range to those that went into them by a squash: what stood in a pull request's own commits is not in the
 * history of the release, and most AI sessions are named there. A number in a title is only a hint; what counts is proved.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Linkage } from '../../model/record.ts'
import type { ReaderReport } from '../../model/session.ts'
import { newCommitColumn } from '../git/commit-column.ts'
import { forEachOf } from '../git/history.ts'
import type { Remote } from '../git/remote.ts'
import type { Repository } from '../git/repository.ts'
import type { Forge } from '../forge/row.ts'
import { findAtForge, noForgeRequests } from './forge-requests.ts'
import type { ForgeRequests } from './forge-requests.ts'
import { headGraph, tipsOf } from './head-graph.ts'
import { findRequests } from './named-requests.ts'
import type { NamedRequests, Unseen } from './named-requests.ts'
import { requestHeads } from './request-heads.ts'
import type { RequestHeads } from './request-heads.ts'
import { mergedRequest, requestsIn } from './request-hints.ts'
import type { RequestName } from './request-hints.ts'
import { newRebases } from './rebase-proof.ts'
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
  /** The head of it that proves that, full id, in this clone; and of merges the request that each names, with what was merged. */
  readonly heads: ReadonlyMap<string, NamedHead>
}

/** Nobody has proved of a merge yet that what was merged is that request. */
export interface NamedHead {
  readonly name: RequestName
  readonly head: string
}

export interface WalkOptions {
  /** Where the range begins, and its end. */
  readonly since: string | null
  readonly until: string
  readonly remote: Remote
  /** Asked about changes that the remote leaves open, where it is fetched from. */
  readonly forge?: Forge | undefined
}

type Say = (code: keyof typeof walkFindings, commit: string, detail: string) => void

export async function openWalk(
  repository: Repository,
  { since, until, remote, forge }: WalkOptions,
  finding: Say,
): Promise<Walk> {
  const heads = await attempt(repository, () => requestHeads(repository))
  const isHere = (name: RequestName): boolean => !(heads instanceof CountersignError) && heads.has(name)
  const areAnyHere = !(heads instanceof CountersignError) && heads.size > 0
  /** Those that name a request whose head is here, or may be asked for, in the order in which they were seen. */
  const named = new Map<string, readonly RequestName[]>()
  let otherNamed = 0
  const requests = new Map<string, RequestName>()
  const headOf = new Map<string, NamedHead>()
  const rebased = newRebases(repository)
  /** What can be one: neither a merge nor a first commit. */
  const single = newCommitColumn(repository.objectFormat)

  function see(header: CommitHeader, message: Buffer): void {
    const { commit, parents } = header
    // Without heads there is nothing that it could have been.
    if (areAnyHere || remote.does === 'fetch') rebased.see(header)
    if (forge !== undefined && parents.length === 1) single.push(commit)
    const [, second] = parents
    const merging = parents.length === 2 && headOf.size < limits.changes ? mergedRequest(message) : undefined
    if (merging !== undefined && second !== undefined) headOf.set(commit, { name: merging, head: second })
    const hints = requestsIn(message)
    if (hints === undefined) return
    const isSquash = parents.length === 1
    const change = isSquash ? commit : parents.length === 2 && hints.isOfMerge ? second : undefined
    if (change === undefined) return
    const isWanted = !isSquash || remote.does !== 'nothing' || named.has(change) || hints.names.some(isHere)
    if (isWanted) named.set(change, hints.names)
    else otherNamed += 1
  }

  async function follow(visit: (visited: Visited) => void): Promise<ReaderReport> {
    const report = heads instanceof CountersignError ? heads : await attempt(repository, () => followAll(heads, visit))
    if (!(report instanceof CountersignError)) return report
    // Each visit by then was proved, and stays.
    return { reader: requestsReader, outcome: 'could-not-look', claims: requests.size, detail: report.message }
  }

  async function followAll(own: RequestHeads, visit: (visited: Visited) => void): Promise<ReaderReport> {
    const { heads, proved, unproved, unseen } = await findRequests(repository, remote, {
      named,
      otherNamed,
      own,
      since,
    })
    keep(proved)
    for (const [change, why] of unproved) finding('squash-unproved', change, why)
    const changeOf = await changesOf(repository, until, proved, new Set(), finding)
    await visitAll(repository, changeOf, 'squash', visit)
    const rewritten = heads.size === 0 ? noChanges : await rebased.changes(tipsOf(heads, until), changeOf)
    await visitAll(repository, rewritten, 'rebase', visit)
    const found = new Set([...proved.keys(), ...rewritten.values()])
    const isKnown = (change: string): boolean => found.has(change) || unproved.has(change)
    const known = new Map([...changeOf, ...rewritten])
    const more = await followForge(isKnown, known, visit)
    for (const change of [...more.proved.keys(), ...more.rewritten.values()]) found.add(change)
    return reportOf(found.size, [unseen(found), more.unseen])
  }

  async function followForge(
    isKnown: (change: string) => boolean,
    known: ReadonlyMap<string, string>,
    visit: (visited: Visited) => void,
  ): Promise<ForgeRequests> {
    if (forge === undefined) return noForgeRequests
    const open = Array.from({ length: single.length }, (_, row) => single.at(row)).filter((it) => !isKnown(it))
    const found = await findAtForge(repository, { forge, remote, rebased, since, until, known }, open)
    keep(found.proved)
    for (const [change, why] of found.unproved) finding('squash-unproved', change, why)
    await visitAll(repository, found.rewritten, 'rebase', visit)
    const taken = new Set([...known.keys(), ...found.rewritten.keys()])
    await visitAll(repository, await changesOf(repository, until, found.proved, taken, finding), 'squash', visit)
    return found
  }

  function keep(proved: NamedRequests['proved']): void {
    for (const [change, { name, head }] of proved) {
      requests.set(change, name)
      headOf.set(change, { name, head })
    }
  }

  return { see, follow, requests, heads: headOf }
}

const noChanges: ReadonlyMap<string, string> = new Map()

function reportOf(claims: number, missed: readonly (Unseen | undefined)[]): ReaderReport {
  const unseen = missed.filter((it) => it !== undefined)
  const report = { reader: requestsReader, claims }
  if (unseen.length === 0) return { ...report, outcome: claims === 0 ? 'nothing' : 'found' }
  const failed = unseen.some(({ outcome }) => outcome === 'could-not-look')
  const detail = unseen.map((it) => it.detail).join('; ')
  return { ...report, outcome: failed ? 'could-not-look' : 'not-fetched', detail }
}

/**
 * Commit → the change that it went into; those that are taken went into others. Requests are stacked on one another, and a commit
 * belongs to the first that was merged: so the changes are gone through from the oldest on, and each has what those before it have not.
 */
async function changesOf(
  repository: Repository,
  until: string,
  proved: NamedRequests['proved'],
  taken: ReadonlySet<string>,
  finding: Say,
): Promise<ReadonlyMap<string, string>> {
  const heads = new Map([...proved].map(([change, { head }]) => [change, head]))
  if (heads.size === 0) return heads
  const parentsOf = await headGraph(repository, until, heads.values())
  const changeOf = new Map<string, string>()
  const seen = new Set<string>()
  for (const [change, head] of [...heads].reverse()) {
    const queue = [head]
    for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
      const parents = parentsOf.get(commit)
      if (parents === undefined || seen.has(commit)) continue
      seen.add(commit)
      if (!taken.has(commit)) changeOf.set(commit, change)
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
