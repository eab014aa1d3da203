/**
 * What the forge says of the changes of a release: of the request that each came of, who reviewed it, what ran on its commits, where it
 * was deployed; and the rules of the branch. Half an answer is none, for what is missing may be what says no; and what nobody asked is
 * not collected.
 */
import { CountersignError } from '../../errors.ts'
import type { Change } from '../../model/change.ts'
import type {
  BranchRules,
  ChangeContext,
  CheckRun,
  DeploymentContext,
  ReleaseContext,
  RequestContext,
  Review,
} from '../../model/context.ts'
import { forgeReaders, noRequestKnown } from '../../model/context.ts'
import { limits } from '../../model/limits.ts'
import type { ReaderReport } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'
import { headGraph } from '../change/head-graph.ts'
import type { NamedHead } from '../change/walk.ts'
import type { ForgeContext, RequestTexts, Said, SaidRequest } from '../forge/context-row.ts'
import type { Repository } from '../git/repository.ts'
import type { AiCommits } from '../sessions/ai-commits.ts'
import { broughtIn, isOfRequest, mainLine } from './merged-commits.ts'
import type { BroughtIn } from './merged-commits.ts'
import { reviewOrderIn } from './review-order.ts'
import { newTally } from './tally.ts'
import type { Tally } from './tally.ts'
import { linksIn } from './text-links.ts'

export interface OpenRequest extends NamedHead {
  /** What it goes to: full id. */
  readonly base: string
}

export interface ContextSearch {
  /** Newest first. */
  readonly changes: readonly Change[]
  /** The request that each is, or as a merge names, and its head. */
  readonly heads: ReadonlyMap<string, NamedHead>
  /** The open request whose commits the changes are, where it is not merged yet: the forge must know this head of it. */
  readonly open?: OpenRequest | undefined
  /** The branch that a queue merges the changes into: the requests of its own merges are open, and none of them is merged yet. */
  readonly queue?: string | undefined
  readonly ai: AiCommits
  /** Name of the branch that it comes from; undefined where it is not known, as for a tag. */
  readonly branch: string | undefined
  readonly progress: (text: string) => void
}

export interface CollectedContext {
  readonly context: ReleaseContext
  /** Of changes by their commits: what people wrote about their requests. For those who look for tickets; nothing of it is kept. */
  readonly texts: ReadonlyMap<string, RequestTexts>
}

/** Nobody was asked. */
export function noContext(detail: string): ReleaseContext {
  const readers = forgeReaders.map((reader): ReaderReport => ({
    reader,
    outcome: 'not-collected',
    claims: 0,
    detail,
  }))
  return { changes: new Map(), branch: undefined, readers }
}

/** It fails by saying less, and says of what. */
export async function collectContext(
  repository: Repository,
  forge: ForgeContext,
  { changes, heads, open, queue, ai, branch, progress }: ContextSearch,
): Promise<CollectedContext> {
  const tallies = {
    request: newTally('request', 'requests', noRequestKnown),
    reviews: newTally('reviews', 'requests', noRequestKnown),
    ...{ checks: newTally('checks', 'commits'), deployments: newTally('deployments', 'commits') },
  }
  const found = new Map<string, ChangeContext>()
  const texts = new Map<string, RequestTexts>()
  const sides = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>()
  // One answer is about all of its commits.
  const ofOpen = {
    request: once(() => forge.request(numberOf(open))),
    reviews: once(() => forge.reviews(numberOf(open))),
  }
  // What is asked first is answered for sure: of AI more is asked than of the rest.
  const brought: ReadonlyMap<string, BroughtIn> = open === undefined ? broughtIn(changes, heads) : new Map()
  const queued = queue === undefined ? new Set<string>() : mainLine(changes)
  const isNamed = ({ commit }: Change): boolean => heads.has(commit) || brought.has(commit)
  const inTurn = changes.toSorted((a, b) => rankOf(a, isNamed(a)) - rankOf(b, isNamed(b)))
  for (const [at, change] of inTurn.entries()) {
    progress(`asking the forge about the context of change ${at + 1} of ${changes.length}`)
    const said = await contextOf(change)
    if (said !== undefined) found.set(change.commit, said)
  }
  const rules = await branchOf(forge, branch ?? onlyTarget(found))
  return {
    texts,
    context: {
      ...{ changes: found, branch: rules.rules },
      readers: [
        ...[tallies.request, tallies.reviews, tallies.checks].map((it) => it.report()),
        forge.deployments === undefined ? notAtThisForge : tallies.deployments.report(),
        rules.report,
      ],
    },
  }

  async function contextOf(change: Change): Promise<ChangeContext | undefined> {
    const own = brought.get(change.commit)
    const named = namedOf(change.commit) ?? own?.named ?? open
    // By a merge that brought it in, all is asked as of that merge.
    const as = own?.merge ?? change
    const request = named === undefined ? undefined : await requestOf(change, as, named)
    // What is said of another request than the one that was proved is not of this change.
    const reviews = named === undefined || request === undefined ? undefined : await reviewsOf(change, as, named)
    const commits = [...new Set([change.commit, ...(named === undefined ? [] : [named.head])])]
    const checks = await eachOf(commits, tallies.checks, (it) => forge.checks(it))
    const { deployments: deployed } = forge
    const deployments =
      deployed === undefined ? undefined : await eachOf([change.commit], tallies.deployments, (it) => deployed(it))
    const isNothing = [request, reviews, checks, deployments].every((it) => it === undefined)
    return isNothing ? undefined : { request, reviews, checks, tickets: undefined, deployments }
  }

  /** GitLab merges the one commit that it has squashed a request into: that one is the request, and not the merge. */
  function namedOf(commit: string): NamedHead | undefined {
    const named = heads.get(commit)
    return named === undefined || heads.get(named.head)?.name === named.name ? undefined : named
  }

  async function requestOf(change: Change, as: Change, named: NamedHead): Promise<RequestContext | undefined> {
    const { name, head } = named
    const isOpen = named === open
    const said = await tallies.request.ask(async () => {
      if (isOpen) return proved(await ofOpen.request(), head, undefined)
      const answer = await forge.request(name.slice(1))
      if (queued.has(as.commit)) return goingTo(queue, proved(answer, head, undefined))
      return proved(answer, head, as.parents.length > 1 ? as.commit : undefined)
    })
    if (said === undefined) return undefined
    // Of what the forge does not list nobody has said that it is missing.
    if (as !== change && !isOfRequest(change.commit, said.commits, await sideOf(as, head))) return undefined
    tallies.request.count(1)
    texts.set(change.commit, said.texts)
    return { ...said.request, links: linksIn(said.texts.text) }
  }

  async function reviewsOf(change: Change, as: Change, named: NamedHead): Promise<readonly Review[] | undefined> {
    const { name, head } = named
    const said = await tallies.reviews.ask(() => (named === open ? ofOpen.reviews() : forge.reviews(name.slice(1))))
    if (said === undefined) return undefined
    tallies.reviews.count(said.length)
    const graph = said.length === 0 ? new Map<string, readonly string[]>() : await sideOf(as, head)
    const order = reviewOrderIn({ change: change.commit, head, graph, ai })
    return said
      .map((it): Review => ({ ...it, order: order(it.commit) }))
      .sort((a, b) => (a.at === undefined || b.at === undefined ? 0 : byText(a.at, b.at)))
  }

  /** Once for all that a merge brought in, or that an open request has. */
  function sideOf(as: Change, head: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const before = head === open?.head ? open.base : as.parents[0]
    const key = `${before ?? ''}..${head}`
    const known = sides.get(key)
    if (known !== undefined) return known
    const side = commitsOf(repository, before, head)
    sides.set(key, side)
    return side
  }
}

function numberOf(named: NamedHead | undefined): string {
  return named?.name.slice(1) ?? ''
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => (asked ??= ask())
}

/** Those of a request: what it was merged into has not. None where nobody can tell, so that nobody can tell what a review saw. */
async function commitsOf(
  repository: Repository,
  before: string | undefined,
  head: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (before === undefined) return new Map()
  try {
    return await headGraph(repository, before, [head])
  } catch (thrown) {
    const isOfGit = thrown instanceof CountersignError && thrown.code === 'git-failed'
    if (!isOfGit || repository.git.signal?.aborted === true) throw thrown
    return new Map()
  }
}

/** Those that name AI first, then other requests. */
function rankOf({ parts }: Change, isNamed: boolean): number {
  return (parts.length > 0 ? 0 : 2) + (isNamed ? 0 : 1)
}

/** A number is a hint until the head is that of the request; and a merge may have any text, so that the forge must know it, too. */
function proved(said: Said<SaidRequest>, head: string, merge: string | undefined): Said<SaidRequest> {
  const { value } = said
  if (value === undefined) return said
  if (!head.startsWith(value.head)) return { value: undefined, trouble: 'it names another head than this clone has' }
  if (merge === undefined || value.became.some((it) => merge.startsWith(it))) return said
  return { value: undefined, trouble: 'it names another merge than the one that names the request' }
}

/** A queue merges what goes to its own branch. */
function goingTo(branch: string | undefined, said: Said<SaidRequest>): Said<SaidRequest> {
  if (said.value === undefined || said.value.request.target === branch) return said
  return { value: undefined, trouble: 'it goes to another branch than the queue' }
}

/** All of them, or nothing. */
async function eachOf<T extends CheckRun | DeploymentContext>(
  commits: readonly string[],
  tally: Tally,
  ask: (commit: string) => Promise<Said<readonly T[]>>,
): Promise<readonly T[] | undefined> {
  const all: T[] = []
  let isWhole = true
  for (const commit of commits) {
    const said = await tally.ask(() => ask(commit))
    if (said === undefined) isWhole = false
    else all.push(...said)
  }
  if (!isWhole) return undefined
  if (all.length > limits.contextItems) {
    tally.miss('it names more than are looked at')
    return undefined
  }
  tally.count(all.length)
  return all
}

const notAtThisForge: ReaderReport = {
  ...{ reader: 'deployments', outcome: 'not-collected', claims: 0 },
  detail: 'this forge is not asked for them',
}

/** The one branch that all requests went to; undefined where there are several. */
function onlyTarget(changes: ReadonlyMap<string, ChangeContext>): string | undefined {
  const targets = new Set([...changes.values()].flatMap(({ request }) => request?.target ?? []))
  const [target] = targets
  return targets.size === 1 ? target : undefined
}

async function branchOf(
  forge: ForgeContext,
  branch: string | undefined,
): Promise<{ readonly rules: BranchRules | undefined; readonly report: ReaderReport }> {
  if (branch === undefined) {
    const detail = 'it is not known from which branch the release comes'
    return { rules: undefined, report: { reader: 'branch-rules', outcome: 'not-collected', claims: 0, detail } }
  }
  const tally = newTally('branch-rules', 'branches')
  const rules = await tally.ask(() => forge.branchRules(branch))
  if (rules !== undefined) tally.count(1)
  return { rules, report: tally.report() }
}
