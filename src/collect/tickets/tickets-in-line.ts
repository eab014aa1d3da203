/** One line of text → the tickets that it names, word by word: each word is looked at once. */
import { ticketAt } from './addresses.ts'
import type { FoundTicket } from './found.ts'
import { keyIn } from './keys.ts'
import type { TicketPlace } from './place.ts'
import { referenceIn } from './references.ts'
import { betweenReferences, betweenRequests, notTickets, relationIn } from './relation-words.ts'
import type { Relation } from './relation-words.ts'

export interface NamedTicket extends FoundTicket {
  readonly relation: string | undefined
}

/** An address of any kind, or what stands between blanks and brackets. */
const words = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s<>"'`|{}()[\]\\^]+|[^\s,;:()[\]{}<>"'|–—，、。；：（）「」『』【】]+/giu
/** Marks around a word that are none of it: emphasis, and the end of a sentence. */
const marks = new Set('.!?*_~‘’“”«»…！？')
/** An item of a list, or what begins as the title of a conventional commit does. */
const titleInBody = /^[ \t]{0,8}(?:[-*][ \t]|[a-z]{2,20}(?:\([^()]{1,60}\))?!?: )/

/**
 * Whether text can name a ticket at all, which most does not: before each number of one stands a sign that binds it to a name, and
 * else it stands in an address. Also of bytes that are read as Latin-1, since all these signs are ASCII.
 */
export function mayNameTicket(text: string): boolean {
  return /[-#&][1-9]|:\/\//.test(text)
}

/** In the title, and where a squash lists the titles of its commits, `(#12)` is the request that brought it in. */
export function* ticketsInLine(line: string, isTitle: boolean, place: TicketPlace): Generator<NamedTicket> {
  if (!mayNameTicket(line)) return
  const isOfTitles = isTitle || titleInBody.test(line)
  const text = line.trimEnd()
  let before = ''
  let open: Relation | 'no-ticket' | undefined
  for (const { 0: raw, index } of text.matchAll(words)) {
    const end = index + raw.length
    const word = withoutMarks(raw)
    const colon = text[end] === ':'
    const relation = open === 'no-ticket' ? undefined : open
    // `2>&1` is a shell's.
    const found = text[index - 1] === '>' ? undefined : foundIn(word, relation, place)
    if (found !== undefined) {
      const isRequest =
        found.rule === 'reference' &&
        (open === 'no-ticket' || (isOfTitles && word.startsWith('#') && isInBrackets(text, index, end, isTitle)))
      if (!isRequest) yield { ...found, relation: relation?.word }
      if (/[.!?]$/.test(raw)) open = undefined
      before = ''
      continue
    }
    const lower = word.toLowerCase()
    const isEnd = /[.!?]$/.test(raw)
    const next = isEnd ? undefined : relationIn(before, lower, colon)
    // `fix: PROJ-12 …`: the kind of a change, as conventional commits begin, and what it is about.
    const isKind = isTitle && index === 0 && colon && lower === 'fix'
    if (next !== undefined) open = isKind ? { ...next, isSure: false } : next
    else if (notTickets.has(lower)) open = 'no-ticket'
    else if (isEnd || !(betweenReferences.has(lower) || (open === 'no-ticket' && betweenRequests.has(lower))))
      open = undefined
    before = isEnd ? '' : lower
  }
}

function foundIn(word: string, relation: Relation | undefined, place: TicketPlace): FoundTicket | undefined {
  if (word.includes('://')) return ticketAt(word, place)
  // A prefix that was named goes before what a forge makes of the same letters (`GH-12`).
  return keyIn(word, relation, place.trackers) ?? referenceIn(word, place)
}

function isInBrackets(text: string, start: number, end: number, isTitle: boolean): boolean {
  const isClosed = text[start - 1] === '(' && text[end] === ')' && (isTitle || end === text.length - 1)
  // Without a blank before it is the scope of a conventional commit: `fix(#12): …`.
  return isClosed && (start < 2 || /\s/.test(text[start - 2] ?? ''))
}

function withoutMarks(word: string): string {
  let [start, end] = [0, word.length]
  while (start < end && marks.has(word[start] ?? '')) start += 1
  while (end > start && marks.has(word[end - 1] ?? '')) end -= 1
  return word.slice(start, end)
}
