/**
 * The texts of a session, for a log of what was asked and decided: beside what the sink of sessions keeps, which is no text. What comes in is
 * redacted already.
 */
import type { LogEntry } from '../../model/reasoning-log.ts'
import type { MadeSession } from './session-sink.ts'

export interface SessionTexts {
  readonly sink: MadeSession
  entries(): { readonly entries: readonly LogEntry[]; readonly left: number }
}

type Edit = Extract<LogEntry, { readonly kind: 'edit' }>
type Draft =
  | { -readonly [Key in keyof Edit]: Edit[Key] }
  | { kind: 'prompt' | 'answer'; text: string; left: number; undone: boolean }

/** Of one text: pages of it; what is longer was pasted. Of one session: a year of work. */
const longestText = 20_000
const mostEntries = 20_000
const mostCharacters = 16_000_000

/** The sink in front of another one. */
export function newSessionTexts(behind: MadeSession): SessionTexts {
  const drafts: Draft[] = []
  const calls = new Map<string, Extract<Draft, { kind: 'edit' }>[]>()
  const prompted = new Set<string>()
  const marks = new Map<number, number>()
  let answer: { kind: 'answer'; text: string; left: number; undone: boolean } | undefined
  let characters = 0
  let left = 0

  function add(draft: Draft): boolean {
    if (drafts.length >= mostEntries || characters > mostCharacters) {
      left += 1
      return false
    }
    drafts.push(draft)
    if (draft.kind !== 'edit') characters += draft.text.length
    return true
  }

  /** Only the last words before the next question decide. */
  function endAnswer(): void {
    if (answer !== undefined) add(answer)
    answer = undefined
  }

  function bounded(text: string): { text: string; left: number; undone: boolean } {
    // A string of its own: a part of one keeps all of it in memory.
    const kept = Buffer.from(text.slice(0, longestText)).toString()
    return { text: kept, left: Math.max(0, text.length - longestText), undone: false }
  }

  const sink: MadeSession = {
    ...behind,
    prompt(text, id) {
      behind.prompt(text, id)
      if (text.trim() === '' || (id !== undefined && prompted.has(id))) return
      if (id !== undefined && prompted.size < mostEntries) prompted.add(id)
      endAnswer()
      add({ kind: 'prompt', ...bounded(text) })
    },
    said(text) {
      behind.said(text)
      if (text.trim() !== '') answer = { kind: 'answer', ...bounded(text) }
    },
    edit(edit) {
      behind.edit(edit)
      const { path, call, verdict = call === undefined ? 'applied' : 'unanswered', acceptedBy } = edit
      const known = call === undefined ? undefined : calls.get(call)
      if (known?.some((it) => it.path === path) === true) return
      const draft = { kind: 'edit' as const, path: path.slice(0, 4_096), verdict, acceptedBy }
      if (add(draft) && call !== undefined) calls.set(call, [...(known ?? []), draft])
    },
    result(call, verdict, acceptedBy) {
      behind.result(call, verdict, acceptedBy)
      for (const it of calls.get(call) ?? []) {
        if (it.verdict === 'undone') continue
        it.verdict = verdict
        it.acceptedBy = acceptedBy ?? it.acceptedBy
      }
    },
    mark() {
      const mark = behind.mark()
      if (marks.size < mostEntries) marks.set(mark, drafts.length)
      return mark
    },
    undo(since) {
      behind.undo(since)
      endAnswer()
      for (const it of drafts.slice(marks.get(since) ?? drafts.length)) {
        if (it.kind !== 'edit') it.undone = true
        else if (it.verdict === 'applied' || it.verdict === 'unanswered') it.verdict = 'undone'
      }
    },
  }
  return {
    sink,
    entries() {
      endAnswer()
      return { entries: drafts, left }
    },
  }
}
