/** What is said of AI sessions, in a few words: "not looked at" is never a number, and never "none" (DESIGN rule 16). */
import type { Session } from '../model/session.ts'
import { sessionCount, unseenPlaces, wereLookedFor } from '../model/session-words.ts'
import type { Looked } from '../model/session-words.ts'
import type { AttestationSummary } from '../model/verdict.ts'
import { oneLine } from '../one-line.ts'

/** The sessions that somebody names, and where they were looked for; `looked` is undefined where nothing is said of that. */
export interface SaidOfAi {
  readonly sessions: readonly Session[]
  readonly looked: Looked | undefined
}

/** Undefined where nothing is said of AI: a statement that names no session and no place where one was looked for. */
export function saidOfAi({ sessions, attribution, changes }: AttestationSummary): SaidOfAi | undefined {
  const looked = attribution ?? (changes?.readers === undefined ? undefined : { readers: changes.readers })
  if (sessions === undefined || (sessions.length === 0 && looked === undefined)) return undefined
  return { sessions, looked }
}

/** Of several statements about one artifact the one that names most; where they name as many, the one that left out most. */
export function mostSaidOfAi(summaries: readonly AttestationSummary[]): SaidOfAi | undefined {
  const [most] = summaries
    .flatMap((it) => saidOfAi(it) ?? [])
    .toSorted((a, b) => b.sessions.length - a.sessions.length || unseenCount(b) - unseenCount(a))
  return most
}

function unseenCount({ looked }: SaidOfAi): number {
  return looked === undefined ? 0 : unseenPlaces(looked).length
}

/** A line without the reasons, which a view in full has. */
export function saidOfAiWords(said: SaidOfAi | undefined): string {
  if (said === undefined) return 'nothing is said of AI'
  if (isUnknown(said)) return notLookedFor
  return [
    said.sessions.length === 0 ? 'no AI session is named' : sessionCount(said.sessions),
    ...unseenWords(said.looked),
  ].join('; ')
}

/** The same where a heading says what is counted. A tool that is named without a session may have had any number of them. */
export function saidOfAiCell(said: SaidOfAi | undefined): string {
  if (said === undefined) return 'nothing is said'
  if (isUnknown(said)) return 'not looked for'
  const named = said.sessions.filter((it) => it.id !== undefined).length
  const tools = said.sessions.length - named
  const count = tools === 0 ? String(named) : `${named}, and ${tools} tool${tools === 1 ? '' : 's'} without one`
  return [count, ...unseenWords(said.looked)].join('; ')
}

export const notLookedFor = 'AI sessions were not looked for'

/** Nobody looked, and so none is named. */
function isUnknown({ sessions, looked }: SaidOfAi): boolean {
  return sessions.length === 0 && looked !== undefined && !wereLookedFor(looked)
}

/** Whoever signs may name any number of readers. */
const shownPlaces = 30

/** One part, or none where all was looked at. */
export function unseenWords(looked: Looked | undefined): string[] {
  const places = looked === undefined ? [] : unseenPlaces(looked)
  if (places.length === 0) return []
  const rest = places.length - shownPlaces
  const groups = Map.groupBy(places.slice(0, shownPlaces), ({ why }) => why)
  const shown = [...groups].map(
    ([why, some]) => `${some.map(({ name }) => oneLine(name.slice(0, 100))).join(', ')} (${why})`,
  )
  return [`not looked at: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`]
}
