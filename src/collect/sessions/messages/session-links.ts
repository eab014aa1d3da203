/**
 * Addresses of sessions on the sites of their tools, where a message has one without a key: as a line of its own (Claude Code on
 * the web until 2026-06), with a few words before it that say what it is, or as a link in the text that pull requests give to
 * squash merges.
 */

import { sessionId } from '../session-id.ts'

export interface LinkedSession {
  readonly tool: string
  readonly id: string
}

interface LinkForm {
  readonly tool: string
  /** Behind the scheme; its one group is the id. */
  readonly place: string
  /** Its tool writes links to it into sentences and badges. */
  readonly isInText?: true
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

const forms: readonly LinkForm[] = [
  { tool: 'claude-code', place: 'claude\\.ai/code/(session_[A-Za-z0-9]{8,64})' },
  { tool: 'amp', place: `ampcode\\.com/threads/(T-${uuid})`, isInText: true },
  { tool: 'devin', place: 'app\\.devin\\.ai/sessions/([0-9a-f]{32})' },
  { tool: 'codex', place: 'chatgpt\\.com/codex/(?:cloud/)?tasks/(task_[a-z]_[0-9a-f]{16,64})', isInText: true },
  {
    tool: 'cursor',
    place: `cursor\\.com/(?:background-agent|agents)(?:/|\\?(?:id|bcId)=)(bc-${uuid})`,
    isInText: true,
  },
  { tool: 'jules', place: 'jules\\.google(?:\\.com)?/(?:task|session)s?/([0-9]{6,24})', isInText: true },
  { tool: 'copilot', place: `github\\.com/[\\w.-]{1,39}/[\\w.-]{1,100}/(?:sessions|tasks)/(${uuid})` },
]

const scheme = 'https?://(?:www\\.)?'
const tail = '(?:[/?#&][^\\s<>()[\\]"]{0,400})?'

/** A few words and a colon, one of which says what the address is of: `Link to Devin session: `. */
const label =
  "(?:(?=[^:]{0,60}\\b(?:session|thread|task|run|agent|conversation|transcript)s?\\b)[A-Za-z][A-Za-z0-9' -]{0,60}:[ \\t]{1,4})?"
const alone = forms.map(({ tool, place }) => ({
  tool,
  shape: new RegExp(
    `^[ \\t]{0,64}(?:[-*+•][ \\t]{1,16})?(?:[^\\t -~«»‘-‟‹›]{1,16}[ \\t]{0,16})?${label}[<*_([]{0,3}(?:[^\\[\\]<>"]{0,60}\\]\\()?${scheme}${place}${tail}[>)*_\\].]{0,4}[ \\t]{0,64}$`,
    'i',
  ),
}))
const inText = forms.flatMap(({ tool, place, isInText }) =>
  isInText === true ? [{ tool, shape: new RegExp(`(?:\\]\\(|href=")${scheme}${place}${tail}[)"]`, 'gi') }] : [],
)

/** The starts of the addresses; a message without any has no link. Works on Latin-1, too. */
const mayBe = new RegExp(forms.map(({ place }) => place.slice(0, place.indexOf('('))).join('|'), 'i')

export function mayHoldLink(text: string): boolean {
  return text.includes('://') && mayBe.test(text)
}

/** The sessions that a line links to. */
export function linkedSessions(line: string): LinkedSession[] {
  if (!mayHoldLink(line)) return []
  for (const { tool, shape } of alone) {
    const id = shape.exec(line)?.[1]
    if (id !== undefined) return sound({ tool, id })
  }
  return inText.flatMap(({ tool, shape }) => [...line.matchAll(shape)].flatMap(([, id = '']) => sound({ tool, id })))
}

function sound(session: LinkedSession): LinkedSession[] {
  return sessionId(session.id) === undefined ? [] : [session]
}
