/**
 * The tickets that a change names, in its message, in the name of its branch and in the text of its request. What anybody writes is
 * a claim: nothing here says that such a ticket exists, or that it asked for this change.
 */
import type { Ticket } from '../../model/context.ts'
import { limits } from '../../model/limits.ts'
import { mergedBranch } from '../sessions/messages/merged-branch.ts'
import { countingLines } from './counting-lines.ts'
import { keysInBranch } from './keys.ts'
import type { TicketPlace } from './place.ts'
import { ticketsInLine } from './tickets-in-line.ts'
import type { NamedTicket } from './tickets-in-line.ts'

export interface TicketText {
  readonly said: 'commit' | 'branch' | 'request'
  readonly text: string
  /** Of its bytes, in lower-case hex. */
  readonly sha256: string
}

export interface TicketsFound {
  /** Each once, those of commits first. Without parents. */
  readonly tickets: readonly Ticket[]
  /** Whether all of the texts was read and all that they name is there. */
  readonly isWhole: boolean
}

/** A commit stays as it is, a branch is named once, and a request can be edited after all is done. */
const strength: { readonly [K in TicketText['said']]: number } = { commit: 0, branch: 1, request: 2 }

/**
 * Linear in the texts, of which `limits.commitMessageBytes` characters are read. A ticket that several texts name is told of the
 * strongest. `request` is the name of the change's own request (`#12`), which is no ticket of it.
 */
export function ticketsIn(texts: readonly TicketText[], place: TicketPlace, request?: string): TicketsFound {
  const found = new Map<string, Ticket>()
  const own = request === undefined ? undefined : `${place.repository.join('/')}${request}`
  let isWhole = true
  for (const text of texts.toSorted((a, b) => strength[a.said] - strength[b.said])) {
    if (text.text.length > limits.commitMessageBytes) isWhole = false
    for (const named of namedIn(text, place)) {
      if (named.key === own && named.system === place.forge) continue
      const id = idOf(named)
      const known = found.get(id)
      if (known !== undefined) found.set(id, joined(known, named, text))
      else if (found.size < limits.contextItems) found.set(id, ticketOf(named, text))
      else isWhole = false
    }
  }
  return { tickets: withoutDoubles([...found.values()]), isWhole }
}

function* namedIn({ said, text: whole }: TicketText, place: TicketPlace): Generator<NamedTicket> {
  const text = whole.slice(0, limits.commitMessageBytes)
  const branch = said === 'branch' ? text.slice(0, longestBranch) : said === 'commit' ? mergedBranch(text) : undefined
  for (const it of branch === undefined ? [] : keysInBranch(branch, place.trackers))
    yield { ...it, relation: undefined }
  if (said === 'branch') return
  let isTitle = true
  for (const line of countingLines(text)) {
    if (line !== '') yield* ticketsInLine(line, isTitle, place)
    isTitle = false
  }
}

/** git takes a few hundred bytes, and forges no more than 255. */
const longestBranch = 1_024

/** Hosts and forges do not tell cases apart in names of repositories, and a key is written in capitals. */
function idOf({ system, key, uri }: NamedTicket): string {
  return uri?.toLowerCase().replace(/^http:/, 'https:') ?? `${system} ${key.toLowerCase()}`
}

function ticketOf({ system, key, rule, uri, relation }: NamedTicket, { said, sha256 }: TicketText): Ticket {
  return { said, sha256, system, key, rule, uri, relation, parent: undefined }
}

/** What one text says of a ticket in several places belongs together; what another says would have another digest. */
function joined(known: Ticket, named: NamedTicket, { said, sha256 }: TicketText): Ticket {
  if (known.said !== said || known.sha256 !== sha256) return known
  return { ...known, relation: known.relation ?? named.relation }
}

/** A key of which nobody knows the tracker is the one that stands beside it with its address, if there is one such. */
function withoutDoubles(tickets: readonly Ticket[]): Ticket[] {
  const located = Map.groupBy(
    tickets.filter((it) => it.uri !== undefined),
    (it) => it.key,
  )
  const unlocated = new Map(
    tickets.filter((it) => it.uri === undefined && it.rule !== 'reference').map((it) => [it.key, it]),
  )
  return tickets.flatMap((it) => {
    const same = located.get(it.key) ?? []
    const [other] = same
    const twin = unlocated.get(it.key)
    if (other === undefined || twin === undefined || same.length > 1) return [it]
    if (twin.said !== other.said || twin.sha256 !== other.sha256) {
      // The weaker text could be edited into an address that whoever wrote the stronger one never meant.
      return it === (strengthOf(twin) <= strengthOf(other) ? twin : other) ? [it] : []
    }
    return it === other ? [{ ...other, relation: other.relation ?? twin.relation }] : []
  })
}

function strengthOf({ said }: Ticket): number {
  return said === 'commit' || said === 'branch' || said === 'request' ? strength[said] : 3
}
