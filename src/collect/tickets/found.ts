/** A ticket as a piece of text names it, before it is known where else it stands. */
import type { TicketRule, TicketSystem } from '../../model/context.ts'

export interface FoundTicket {
  readonly system: TicketSystem
  readonly key: string
  readonly uri: string | undefined
  readonly rule: TicketRule
}

/** From 1, without leading zeros: `#007` is an agent and `#000` a colour. */
export const ticketNumber = '[1-9]\\d{0,8}'

/** A part of the name of a repository or a group; none that a path could climb by. */
export const namePart = '(?!\\.{1,2}(?:[/#&]|$))[A-Za-z0-9_.-]{1,100}'
