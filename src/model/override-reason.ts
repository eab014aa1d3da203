/** What an override of disclosure says, as far as letters tell: a reason is a sentence, and not the id of a ticket alone. */
import type { SaidOverride } from './change.ts'
import { limits } from './limits.ts'

/** Letters of a reason, without those of tickets and addresses. */
export function overrideLetters(reason: string): Pick<SaidOverride, 'letters' | 'isTicketOnly'> {
  const rest = reason.replace(tickets, ' ')
  const letters = rest.match(/\p{L}/gu)?.length ?? 0
  return { letters, isTicketOnly: letters === 0 && rest !== reason }
}

/** A rule that takes reasons takes none of these. */
export function saysTooLittle({ letters, isTicketOnly }: Pick<SaidOverride, 'letters' | 'isTicketOnly'>): boolean {
  return letters < limits.overrideReasonLetters || isTicketOnly
}

/** Addresses, keys of trackers, numbers of issues. */
const tickets = /[a-z][a-z0-9+.-]{0,20}:\/\/\S+|\b[A-Za-z][A-Za-z0-9_]{0,20}-\d+\b|[\w./-]{0,80}[#!&]\d+/gi
