/**
 * Changes in which AI took part: approved by persons who did not write them and did not ask for them, after the last change by AI.
 * Forges call people by accounts and commits by addresses, and both stand here as hashes: of somebody who is known by an address alone
 * nobody can tell that no account is theirs, so each such person takes one approval away.
 */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { Change } from '../../../model/predicate.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { standingApprovals } from './approvals.ts'
import { listed, nameOf, placeOf } from './change-words.ts'
import { changesOf } from './looked.ts'
import { namedSessions } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'
import { pathWords, tookPart, touches } from './touched.ts'
import { counted } from '../../../model/counted.ts'

type Asked = NonNullable<AiSection['humanReview']>[number]

export const humanReview: AiRule = {
  id: 'ai/human-review',
  hint: 'ask a person to approve it who did not write it and did not ask the AI for it, at or after the last change by AI; then run it again',
  check({ ai: asked }, { ai }) {
    return asked?.humanReview?.flatMap((it) => resultsOf(it, ai))
  },
}

const meanwhileStep =
  'author: ask a person who did not write it to approve it meanwhile: the rule asks for that in any case'

function resultsOf({ paths, approvals = 1 }: Asked, ai: AiEvidence): RuleResult[] {
  const needed = `${counted(approvals, 'approval by a person', 'approvals by persons')} who neither wrote it nor asked the AI for it`
  const told = changesOf(ai)
  if ('missing' in told) return [unseen(`${needed}${pathWords(paths)}`, told.missing)]
  // Of a release the last change by AI may be another one for each of its requests.
  const last = ai.shown === undefined ? undefined : told.all.find(tookPart)?.commit
  const since = last === undefined ? 'at or after the last change by AI' : `at commit ${last.slice(0, 12)} or later`
  const expected = `${needed}, ${since}, for changes by AI${pathWords(paths)}`
  const sayers = sessionsByCommit(ai)
  const unplaced = unplacedIn(ai, told.all)
  const concerned = told.all.filter(
    (it) => (unplaced.length > 0 || tookPart(it) || sayers.has(it.commit)) && touches(it, paths),
  )
  const failing = concerned.flatMap((change): RuleResult[] => {
    const at = placeOf(change, paths)
    const { request } = change.context
    const reviews = change.context.reviews ?? undefined
    if (reviews === undefined) {
      const found = 'reviews were not looked at, so one that is there is not counted'
      return [{ ...unseen(expected, found), at, ...(ai.shown === undefined ? {} : { alternatives: [meanwhileStep] }) }]
    }
    const authors = request?.authors ?? undefined
    const author = request?.author ?? undefined
    if (authors === undefined || author === undefined) {
      return [{ ...unseen(expected, 'nobody says which accounts wrote it'), at }]
    }
    const writers = [author, ...authors]
    const requesters = new Set([
      ...(change.sessions ?? []).map(({ requester }) => requester),
      ...(sayers.get(change.commit) ?? []),
      ...unplaced.map(({ said }) => said?.requester),
    ])
    const excluded = new Set([...writers.map(({ account }) => account), change.author, ...requesters])
    const counting = standingApprovals(reviews)
      .filter(({ order }) => order === 'after-last-ai')
      .map(({ by }) => by)
    const others = new Set(counting.filter((by) => !excluded.has(by)))
    const isByAgent = writers.every(({ agent }) => (agent ?? undefined) !== undefined)
    const strangers = strangersIn(change, requesters, isByAgent)
    if (others.size - strangers >= approvals) return []
    const doubt =
      strangers === 0 ? '' : `, and of ${strangers} who asked for it nobody can tell that they are not among them`
    const none = uncounted(reviews, excluded, ai)
    const count =
      others.size === 0 ? (none.words === '' ? 'no approval' : 'no approval that counts') : `${others.size} that count`
    const found = `${count}${none.words}${doubt}`
    const note = reviewStep({ approvals, writers, since, again: none.again }, ai)
    return [{ outcome: 'fail', code: 'review-missing', at, expected, found, note }]
  })
  if (failing.length > 0) return failing
  const found =
    concerned.length === 0 ? 'no change matches' : `${counted(concerned.length, 'change is', 'changes are')} reviewed`
  return [{ outcome: 'pass', expected, found }]
}

interface Uncounted {
  readonly words: string
  /** Who approved before the last change by AI, where the forge says how they are called. */
  readonly again: readonly string[]
}

/** Why approvals do not count, each for the first reason that there is: whoever sees one at the forge asks. */
function uncounted(
  reviews: NonNullable<Change['context']['reviews']>,
  excluded: ReadonlySet<string | undefined>,
  ai: AiEvidence,
): Uncounted {
  const standing = new Set(standingApprovals(reviews))
  const again: string[] = []
  const reasons = reviews.flatMap((it): { readonly why: string; readonly who: string | undefined }[] => {
    if (it.verdict !== 'approved') return []
    const who = nameOf(it.by, ai)
    if ((it.agent ?? undefined) !== undefined) return [{ why: 'an agent', who }]
    if (!standing.has(it)) return [{ why: 'took it back', who }]
    if (it.order === 'before-last-ai') {
      if (who !== undefined) again.push(who)
      return [{ why: 'approved before the last change by AI', who }]
    }
    if (it.order !== 'after-last-ai')
      return [{ why: 'approved a commit of which nobody can tell whether it is the last by AI', who }]
    return excluded.has(it.by) ? [{ why: 'wrote it or asked for it', who }] : []
  })
  const counts = [...Map.groupBy(reasons, ({ why }) => why)].map(([why, all]) => {
    const names = [...new Set(all.flatMap(({ who }) => who ?? []))]
    return `${names.length === 0 ? all.length : listed(names)} (${why})`
  })
  return { words: counts.length === 0 ? '' : `; not counted: ${counts.join(', ')}`, again }
}

/** Who is asked, and for what. An approval by an agent is no answer to it, so that it says "a person". */
function reviewStep(
  {
    approvals,
    writers,
    since,
    again,
  }: {
    readonly approvals: number
    readonly writers: readonly { readonly account: string }[]
    readonly since: string
    readonly again: readonly string[]
  },
  ai: AiEvidence,
): string {
  const names = [...new Set(writers.flatMap(({ account }) => nameOf(account, ai) ?? []))]
  const others = names.length === 0 ? 'who did not write it' : `other than ${listed(names)}, who wrote it,`
  const rest = ai.shown === undefined ? '' : '; then run the job again'
  if (again.length > 0)
    return `author: ask ${listed([...new Set(again)])}, or another person who did not write it, to approve it, ${since}${rest}`
  const who = approvals === 1 ? 'a person' : `${approvals} persons`
  return `author: ask ${who} ${others} to approve it at the forge, ${since}${rest}; an agent's approval does not count`
}

/** Sessions of no change, which may have been in any; one that started others was where they were. */
function unplacedIn(ai: AiEvidence, changes: readonly Change[]): readonly NamedSession[] {
  const commits = new Set(changes.map(({ commit }) => commit))
  const named = new Set(changes.flatMap(({ sessions }) => (sessions ?? []).map(({ uri }) => uri)))
  const all = namedSessions(ai)
  const [placed, others] = [
    all.filter((it) => named.has(it.uri) || it.said?.commits.some((commit) => commits.has(commit)) === true),
    all.filter((it) => !named.has(it.uri) && it.said?.commits.some((commit) => commits.has(commit)) !== true),
  ]
  const parents = new Set(placed.map(({ said }) => said?.parent))
  return others.filter(({ uri, said }) => !parents.has(said?.id ?? uri) && !parents.has(uri))
}

/** Who asked for the sessions that say themselves in which changes they took part. */
function sessionsByCommit(ai: AiEvidence): ReadonlyMap<string, readonly (string | undefined)[]> {
  const all = new Map<string, (string | undefined)[]>()
  for (const { said } of namedSessions(ai)) {
    for (const commit of said?.commits ?? []) all.set(commit, [...(all.get(commit) ?? []), said?.requester])
  }
  return all
}

/**
 * Persons who asked for it and may be among the reviewers. The author of a change with one parent is whose account the forge names; the
 * author of a merge is whoever merged.
 */
function strangersIn(
  { author, parents }: Change,
  requesters: ReadonlySet<string | undefined>,
  isByAgent: boolean,
): number {
  const isMerge = parents === undefined || parents.length > 1
  const named = [...requesters].filter((it) => it !== undefined && (isMerge || isByAgent || it !== author))
  // An agent wrote it, and who asked it nobody says.
  const hidden = isByAgent && (requesters.size === 0 || requesters.has(undefined)) ? 1 : 0
  return named.length + hidden
}
