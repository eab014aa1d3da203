/** The walk from the commits of a range to those that went into them, on repositories that are made for it. */
import { openWalk } from '../../src/collect/change/walk.ts'
import type { Forge } from '../../src/collect/forge/row.ts'
import { forEachCommit, resolveRange } from '../../src/collect/git/history.ts'
import { noRemote } from '../../src/collect/git/remote.ts'
import type { Remote } from '../../src/collect/git/remote.ts'
import type { ReaderReport } from '../../src/model/session.ts'
import { scratchRepository } from './scratch-repository.ts'
import type { Scratch } from './scratch-repository.ts'

export interface Walked {
  /** `title of the commit that is looked at → title of the change (linkage)`. */
  readonly visits: readonly string[]
  readonly report: ReaderReport
  readonly findings: readonly string[]
  /** `title of the change #12`, for those that are known to be one. */
  readonly requests: readonly string[]
}

export async function walked(
  scratch: Scratch,
  since?: string,
  remote: Remote = noRemote,
  forge?: Forge,
): Promise<Walked> {
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse', ...(since === undefined ? {} : { since }) })
  const findings: string[] = []
  const titles = new Map<string, string>()
  const place = { since: range.since, until: range.until, remote, forge }
  const walk = await openWalk(repository, place, (code, commit) => findings.push(`${code} ${titles.get(commit)}`))
  await forEachCommit(repository, range, (header, message) => {
    titles.set(header.commit, titleOf(message))
    walk.see(header, message)
  })
  const visits: string[] = []
  const report = await walk.follow(({ change, message, linkage }) =>
    visits.push(`${titleOf(message)} → ${titles.get(change)} (${linkage})`),
  )
  const requests = [...walk.requests].map(([change, name]) => `${titles.get(change)} ${name}`).sort()
  return { visits: visits.sort(), report, findings, requests }
}

function titleOf(message: Buffer): string {
  return message.toString('utf8').split('\n')[0] ?? ''
}

/** Two commits on a branch of their own, the head published as forges do, and the branch checked out. */
export function request(
  scratch: Scratch,
  ref: string,
  commits: readonly (readonly [string, Record<string, string>])[],
): string {
  scratch.git(['checkout', '--quiet', '--detach'])
  let head = ''
  for (const [title, files] of commits) head = scratch.commit(title, files)
  scratch.git(['update-ref', ref, head])
  scratch.git(['checkout', '--quiet', 'main'])
  return head
}

/** What a forge does on "squash and merge": one commit, whatever the branch of it was. */
export function squash(scratch: Scratch, head: string, message: string): string {
  scratch.git(['merge', '--quiet', '--squash', head])
  return scratch.commit(message)
}

/** A repository with a commit. */
export const started = (): Scratch => {
  const scratch = scratchRepository()
  scratch.commit('start', { 'a.txt': 'a\n', 'b.txt': 'b\n' })
  return scratch
}
