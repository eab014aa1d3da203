/** One pass over the commits of requests that became changes, for all readings whose claims are about lines of theirs. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Step, Way } from '../change/went-in.ts'
import { readHunks } from '../git/hunks.ts'
import type { CommitPair, HunkVisitor } from '../git/hunks.ts'
import type { Repository } from '../git/repository.ts'
import { newCarriedWay } from './carried-way.ts'
import type { CarriedWay, Leg } from './carried-way.ts'
import type { CarriedReading } from './readers/row.ts'
import type { SharedFiles } from './standing-lines.ts'

/** A clone that lacks the contents of more requests than these lacks them on purpose. */
const mostFailures = 16

/** A diff that is asked for. */
interface Request extends CommitPair {
  readonly leg: Leg
  readonly way: number
  readonly isMerge: boolean
}

/**
 * Tells each reading what of the claims of its commits came to their changes. `parentOf`: change → its one parent. What git cannot
 * read stays unknown, and is not told. One git for all. Errors: `git-failed` where the run was stopped, and those of the readings.
 */
export async function carryLines(
  repository: Repository,
  ways: readonly Way[],
  parentOf: ReadonlyMap<string, string>,
  readings: readonly CarriedReading[],
): Promise<void> {
  const requests = ways.flatMap((way, index) => requestsOf(way, parentOf.get(way.change), index))
  const isAsked = ({ leg, isMerge }: Request): boolean => (leg.kind === 'branch' || leg.kind === 'copy') && !isMerge
  const asked = requests.filter(isAsked).map(({ commit }) => commit)
  for (const reading of readings) reading.begin(asked.filter((it) => reading.commits.has(it)))

  /** What is being read of one way; `claimed` is how many of the requests had their claims asked for. */
  const state = { carried: newCarriedWay(readings.length, limits.carriedLines), open: none, claimed: 0 }
  const visitor: HunkVisitor = {
    file: (path) => state.carried.file(path),
    hunk: (hunk) => state.carried.hunk(hunk),
    line: (number, key) => state.carried.line(number, key),
  }

  function claimsAt(index: number): Promise<(SharedFiles | undefined)[]> {
    const request = requests[index]
    state.claimed = index + 1
    return inTurn(readings, async (it) => {
      const isOf = request !== undefined && isAsked(request) && it.commits.has(request.commit)
      return isOf ? it.claims(request.commit) : undefined
    })
  }

  async function open(index: number): Promise<void> {
    const leg = requests[index]?.leg
    if (leg === undefined) return
    state.carried.begin(leg, await claimsAt(index))
    state.open = index
  }

  async function close(): Promise<void> {
    const last = state.open
    if (last === none) return
    state.open = none
    state.carried.end()
    if (requests[last + 1]?.way === requests[last]?.way) return
    await tell(readings, state.carried)
    state.carried = newCarriedWay(readings.length, limits.carriedLines)
  }

  /** Gives what is behind the way that failed. Notes come in the order that was named, so those of the rest of it are read too. */
  async function pass(failed: number): Promise<number> {
    let next = failed
    for (; next < requests.length && requests[next]?.way === requests[failed]?.way; next += 1) {
      if (next >= state.claimed) await claimsAt(next)
    }
    state.open = none
    state.carried = newCarriedWay(readings.length, limits.carriedLines)
    return next
  }

  for (let from = 0, failures = 0; from < requests.length;) {
    let next = from
    try {
      for await (const place of readHunks(repository, requests.slice(from), visitor)) {
        await close()
        next = from + place + 1
        await open(from + place)
      }
      await close()
      return
    } catch (thrown) {
      failures += 1
      if (!isOfGit(thrown, repository) || failures > mostFailures) throw thrown
      from = await pass(state.open === none ? next : state.open)
    }
  }
}

const none = -1

async function tell(readings: readonly CarriedReading[], carried: CarriedWay): Promise<void> {
  for (const [index, reading] of readings.entries()) {
    for (const [commit, standing] of carried.carried(index) ?? []) await reading.carried(commit, standing)
  }
}

async function inTurn<T, R>(all: readonly T[], ask: (it: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  for (const it of all) answers.push(await ask(it))
  return answers
}

function requestsOf({ change, branch, copies }: Way, parent: string | undefined, way: number): Request[] {
  // Without its parent nobody can say what it added.
  if (parent === undefined) return []
  const head = branch.at(-1)?.commit
  const request = (kind: Leg['kind'], { commit, before, isMerge }: Step): Request => ({
    ...{ commit, against: before, isMerge, way },
    leg: { kind, commit },
  })
  const ofChange = (kind: Leg['kind'], before: string): Request =>
    request(kind, { commit: change, before, isMerge: false })
  return [
    ...branch.map((it) => request('branch', it)),
    ...(head === undefined ? [] : [ofChange('move', head)]),
    ...copies.map((it) => request('copy', it)),
    ofChange('change', parent),
  ]
}

function isOfGit(thrown: unknown, { git }: Repository): boolean {
  return thrown instanceof CountersignError && thrown.code === 'git-failed' && git.signal?.aborted !== true
}
