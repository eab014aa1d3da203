/** The tickets of each change of a release, from its message and from what people wrote about its request; and what trackers say of them. */
import type { Change } from '../../model/change.ts'
import type { Ticket, TicketParent } from '../../model/context.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { ReaderReport } from '../../model/session.ts'
import type { RequestTexts } from '../forge/context-row.ts'
import { forEachOf } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import type { Tracker } from './open-tracker.ts'
import type { TicketPlace } from './place.ts'
import { ticketsIn } from './tickets-in.ts'
import type { TicketText } from './tickets-in.ts'

export interface TicketSearch {
  readonly changes: readonly Change[]
  /** Of changes by their commits: what the forge has of their requests. */
  readonly texts: ReadonlyMap<string, RequestTexts>
  readonly place: TicketPlace
  /** Undefined where nobody may be asked what tickets are part of. */
  readonly tracker: Tracker | undefined
}

export interface CollectedTickets {
  /** Of changes by their commits; of one whose texts are too long nothing is said. */
  readonly tickets: ReadonlyMap<string, readonly Ticket[]>
  readonly readers: readonly ReaderReport[]
}

/** Error: `git-failed`. */
export async function collectTickets(
  repository: Repository,
  { changes, texts, place, tracker }: TicketSearch,
): Promise<CollectedTickets> {
  const requests = new Map(changes.map((it) => [it.commit, it.request]))
  const found = new Map<string, readonly Ticket[]>()
  let missed = 0
  await forEachOf(repository, requests.keys(), ({ commit }, message, whole) => {
    const { tickets, isWhole } = ticketsIn(
      [{ said: 'commit', text: message.toString('utf8'), sha256: sha256Hex(message) }, ...textsOf(texts.get(commit))],
      place,
      requests.get(commit),
    )
    if (whole && isWhole) found.set(commit, tickets)
    else missed += 1
  })
  const claims = [...found.values()].reduce((sum, it) => sum + it.length, 0)
  const outcome = missed > 0 ? 'could-not-look' : claims === 0 ? 'nothing' : 'found'
  const detail = missed > 0 ? { detail: `of ${missed} of ${changes.length} changes more is written than is read` } : {}
  const report: ReaderReport = { reader: 'tickets', outcome, claims, ...detail }
  const asked = await askedAbout(found, tracker)
  return { tickets: asked.tickets, readers: [report, asked.report] }
}

function textsOf(texts: RequestTexts | undefined): TicketText[] {
  const { branch, title, text } = texts ?? {}
  const written = [title, text].filter((it) => it !== undefined).map((it) => ({ said: 'request' as const, text: it }))
  const all = [...(branch === undefined ? [] : [{ said: 'branch' as const, text: branch }]), ...written]
  return all.map((it) => ({ ...it, sha256: sha256Hex(it.text) }))
}

interface Asked {
  readonly tickets: ReadonlyMap<string, readonly Ticket[]>
  readonly report: ReaderReport
}

async function askedAbout(
  tickets: ReadonlyMap<string, readonly Ticket[]>,
  tracker: Tracker | undefined,
): Promise<Asked> {
  const report = { reader: 'tracker', claims: 0 } as const
  if (tracker === undefined) {
    const detail = 'no token of a tracker was given'
    return { tickets, report: { ...report, outcome: 'not-collected', detail } }
  }
  const { parents, failure } = await tracker.ask([...tickets.values()].flat())
  const claims = [...parents.values()].filter((it) => it !== undefined).length
  const outcome = failure !== undefined ? 'could-not-look' : claims === 0 ? 'nothing' : 'found'
  const withParents = [...tickets].map(
    ([commit, own]) =>
      [commit, own.map((it) => withParent(it, tracker.owns(it) ? parents.get(it.key) : undefined))] as const,
  )
  return {
    tickets: new Map(withParents),
    report: {
      ...report,
      outcome,
      claims,
      ...(failure === undefined ? {} : { detail: `the tracker did not say all: ${failure}` }),
    },
  }
}

function withParent(ticket: Ticket, parent: TicketParent | undefined): Ticket {
  return parent === undefined ? ticket : { ...ticket, parent }
}
