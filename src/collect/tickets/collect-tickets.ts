/** The tickets of each change of a release, from its message and from what people wrote about its request; and what trackers say of them. */
import type { Change } from '../../model/change.ts'
import type { Ticket, TicketParent } from '../../model/context.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { ReaderReport } from '../../model/session.ts'
import type { RequestTexts } from '../forge/context-row.ts'
import { forEachOf } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import type { MessageRoom } from './message-room.ts'
import type { Tracker } from './open-tracker.ts'
import type { TicketPlace } from './place.ts'
import { ticketsIn } from './tickets-in.ts'
import type { TicketsFound, TicketText } from './tickets-in.ts'

export interface TicketSearch {
  readonly changes: readonly Change[]
  /** Of changes by their commits: what the forge has of their requests. */
  readonly texts: ReadonlyMap<string, RequestTexts>
  readonly place: TicketPlace
  /** What is known of the messages of these changes; git is asked for the others. */
  readonly messages: Pick<MessageRoom, 'of'>
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
  { changes, texts, place, messages, tracker }: TicketSearch,
): Promise<CollectedTickets> {
  const requests = new Map(changes.map((it) => [it.commit, it.request]))
  const unknown = new Set<string>()
  const read = new Map<string, TicketsFound>()
  let missed = 0
  const look = (commit: string, message: Buffer | 'quiet'): void => {
    if (message === 'quiet' && !texts.has(commit)) {
      read.set(commit, nothingNamed)
      return
    }
    const own = message === 'quiet' ? [] : [commitText(message)]
    read.set(commit, ticketsIn([...own, ...textsOf(texts.get(commit))], place, requests.get(commit)))
  }
  for (const commit of requests.keys()) {
    const message = messages.of(commit)
    if (message === undefined) unknown.add(commit)
    else if (message !== 'cut') look(commit, message)
  }
  await forEachOf(repository, unknown, ({ commit }, message, whole) => {
    if (whole) look(commit, message)
  })
  const found = new Map<string, readonly Ticket[]>()
  for (const commit of requests.keys()) {
    const { tickets, isWhole } = read.get(commit) ?? notRead
    if (isWhole) found.set(commit, tickets)
    else missed += 1
  }
  const claims = [...found.values()].reduce((sum, it) => sum + it.length, 0)
  const outcome = missed > 0 ? 'could-not-look' : claims === 0 ? 'nothing' : 'found'
  const detail = missed > 0 ? { detail: `of ${missed} of ${changes.length} changes more is written than is read` } : {}
  const report: ReaderReport = { reader: 'tickets', outcome, claims, ...detail }
  const asked = await askedAbout(found, tracker)
  return { tickets: asked.tickets, readers: [report, asked.report] }
}

const notRead: TicketsFound = { tickets: [], isWhole: false }
/** Of most commits: their message names nothing, and nobody wrote more about them. */
const nothingNamed: TicketsFound = { tickets: [], isWhole: true }

/** Most messages name nothing, and their digest is not told. */
function commitText(message: Buffer): TicketText {
  let digest: string | undefined
  return {
    said: 'commit',
    text: message.toString('utf8'),
    get sha256() {
      return (digest ??= sha256Hex(message))
    },
  }
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
