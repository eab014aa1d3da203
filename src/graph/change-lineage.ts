/** One change of a lineage: who asked, which sessions wrote it, who reviewed and accepted it, what ran on it, where it went. */
import type { LineageGap, MissingLink } from '../model/lineage.ts'
import type { Change, ChangeProvenance } from '../model/predicate.ts'
import { byText } from '../model/text-order.ts'
import { factsOf } from './nodes.ts'
import type { Gathering } from './nodes.ts'

/** The change with all that hangs on it; `sessionOf` finds the node of a session by its URI. Returns its id. */
export function gatherChange(change: Change, all: Gathering, sessionOf: (uri: string) => string): string {
  const { commit, lines, author, context } = change
  const id = all.node('change', commit, `change ${commit.slice(0, 12)}`, {
    facts: factsOf({ ...lines, request: change.pullRequest }),
  })
  if (author !== undefined) all.edge(personNode(author, undefined, all), 'authored', id)
  const asked = requestNode(change, id, all)
  for (const ticket of context.tickets ?? []) {
    const { key, system, uri, relation, parent, said } = ticket
    const node = all.node('ticket', `${system}:${key}`, `ticket ${key}`, { said, facts: factsOf({ system, uri }) })
    // What its text or its branch names is what the request was asked for.
    all.edge(node, 'asked-for', said === 'commit' ? id : (asked ?? id), { said, facts: factsOf({ relation }) })
    if (parent === undefined || parent === null) continue
    const whole = all.node('requirement', `${system}:${parent.key}`, `${parent.kind ?? 'requirement'} ${parent.key}`, {
      said: parent.said,
      facts: factsOf({ system, uri: parent.uri }),
    })
    all.edge(whole, 'holds', node, { said: parent.said })
  }
  for (const { uri, role, requester, linkage, lines: added } of change.sessions ?? []) {
    const session = sessionOf(uri)
    const wrote = added !== undefined && added > 0
    all.edge(session, wrote ? 'wrote' : 'took-part', id, { facts: factsOf({ lines: added, role, linkage }) })
    if (requester !== undefined) all.edge(personNode(requester, undefined, all), 'asked', session)
  }
  const reviews = reviewNodes(change, id, all)
  for (const { name, outcome, reporter, at, commit: ran, said } of context.checks ?? []) {
    const node = all.node('check', JSON.stringify([ran, reporter ?? '', name]), `check ${name}`, {
      ...{ said, time: at ?? undefined, facts: factsOf({ outcome, reporter, commit: ran }) },
    })
    all.edge(id, 'ran-on', node)
  }
  for (const { environment, state, at, commit: deployed, said } of context.deployments ?? []) {
    const node = all.node(
      'deployment',
      JSON.stringify([environment, deployed, at ?? '']),
      `deployment ${environment}`,
      {
        ...{ said, time: at ?? undefined, facts: factsOf({ state, commit: deployed }) },
      },
    )
    all.edge(id, 'deployed-to', node, { said })
  }
  followed(change, reviews, all, sessionOf)
  return id
}

function personNode(hash: string, agent: string | null | undefined, all: Gathering): string {
  const short = hash.replace(/^hmac-sha256:/, '').slice(0, 12)
  const label = agent === undefined || agent === null ? `person ${short}` : `${agent} ${short}`
  return all.node('person', hash, label, { facts: factsOf({ agent }) })
}

function requestNode({ pullRequest, context }: Change, change: string, all: Gathering): string | undefined {
  const { request } = context
  if (pullRequest === undefined) return undefined
  const label = `request ${/(\d+)$/.exec(pullRequest)?.[1] ?? pullRequest}`
  const id = all.node('request', pullRequest, label, {
    ...{ said: request?.said, time: request?.mergedAt ?? undefined },
    facts: factsOf({ uri: pullRequest, target: request?.target, labels: request?.labels?.join(', ') }),
  })
  all.edge(id, 'became', change)
  const { author, mergedBy } = request ?? {}
  if (author !== undefined && author !== null) all.edge(personNode(author.account, author.agent, all), 'authored', id)
  if (mergedBy !== undefined && mergedBy !== null) {
    all.edge(personNode(mergedBy.account, mergedBy.agent, all), 'accepted', change, { said: request?.said })
  }
  return id
}

interface Timed {
  readonly id: string
  readonly kind: 'session' | 'review'
  readonly time: string
}

function reviewNodes({ commit, context }: Change, change: string, all: Gathering): Timed[] {
  return (context.reviews ?? []).flatMap((it, at) => {
    const { by, agent, role, verdict, order, said } = it
    const id = all.node('review', `${commit}/${at}`, `review: ${verdict.replaceAll('-', ' ')}`, {
      ...{ said, time: it.at ?? undefined, facts: factsOf({ verdict, order, role, agent, commit: it.commit }) },
    })
    all.edge(change, 'went-to', id)
    all.edge(personNode(by, agent, all), 'reviewed', id, { said })
    return typeof it.at === 'string' ? [{ id, kind: 'review' as const, time: it.at }] : []
  })
}

/** Human decisions stand between sessions: whoever went on after a review, and whatever was reviewed after a session. */
function followed(change: Change, reviews: readonly Timed[], all: Gathering, sessionOf: (uri: string) => string): void {
  const sessions = (change.sessions ?? []).flatMap(({ uri }): Timed[] => {
    const id = sessionOf(uri)
    const time = all.timeOf(id)
    return time === undefined ? [] : [{ id, kind: 'session', time }]
  })
  const ordered = [...sessions, ...reviews]
    .map((it) => ({ ...it, moment: Date.parse(it.time) }))
    .filter(({ moment }) => !Number.isNaN(moment))
    .sort((a, b) => a.moment - b.moment || byText(a.id, b.id))
  for (const [at, { id, kind }] of ordered.entries()) {
    const next = ordered[at + 1]
    if (next !== undefined && (kind === 'review' || next.kind === 'review')) all.edge(id, 'followed-by', next.id)
  }
}

/** What a change in which AI took part lacks; of others nothing is expected. */
export function gapsOf(change: Change, id: string, readers: ChangeProvenance['readers']): LineageGap[] {
  const { context, sessions = [] } = change
  if (sessions.length === 0) return []
  const [reviews, tickets] = [context.reviews ?? [], context.tickets ?? []]
  const isTold = (item: unknown): boolean => item !== undefined && item !== null
  const isHuman = reviews.filter(({ agent }) => agent === undefined || agent === null)
  const has: { readonly [link in MissingLink]: boolean } = {
    session: sessions.some(({ uri }) => uri.startsWith('urn:ai-session:')),
    requester: sessions.some(({ requester }) => requester !== undefined),
    ticket: tickets.length > 0,
    // Of no ticket nobody can say what it is part of.
    requirement: tickets.length === 0 || tickets.some(({ parent }) => isTold(parent)),
    request: change.pullRequest !== undefined,
    review: isHuman.length > 0,
    'review-after-ai': isHuman.some(({ order, verdict }) => order === 'after-last-ai' && verdict === 'approved'),
    acceptance: isTold(context.request?.mergedBy),
    check: (context.checks ?? []).length > 0,
    deployment: (context.deployments ?? []).length > 0,
  }
  const saw = (reader: string): boolean =>
    readers.some((it) => it.reader === reader && (it.outcome === 'found' || it.outcome === 'nothing'))
  // What a reader found elsewhere says nothing of this change: of its own context what is absent was not looked at.
  const looked: typeof has = {
    ...{ session: true, requester: true, ticket: saw('tickets'), requirement: saw('tracker') },
    ...{ request: saw('pull-requests'), acceptance: isTold(context.request) },
    ...{ review: isTold(context.reviews), 'review-after-ai': isTold(context.reviews) },
    ...{ check: isTold(context.checks), deployment: isTold(context.deployments) },
  }
  return (Object.keys(has) as MissingLink[])
    .filter((link) => !has[link])
    .map((missing) => ({ change: id, missing, why: looked[missing] ? 'none' : 'not-looked' }))
}
