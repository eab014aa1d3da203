/**
 * Where trailers stand in the file of a commit message: in the last paragraph if it is one of trailers, as
 * git-interpret-trailers(1) has it, else in a new one; before the comments that git strips, and before the scissors.
 */
import type { SessionTrailers } from './session-name.ts'

export interface Placing {
  /** What a comment begins with where git strips comments; undefined where the file is the message as it stands. */
  readonly comment: string | undefined
  /** Of several messages in one: those of the sessions in the middle are moved to the end. */
  readonly gather?: boolean
}

const scissors = ' ------------------------ >8 ------------------------'
const ownKey = /^[ \t]{0,8}(?:AI-Session-ID|AI-Tool-Version)[ \t]{0,4}:[ \t]*\S/i

interface Parts {
  readonly body: readonly string[]
  /** Blank lines, comments and all behind the scissors. */
  readonly tail: readonly string[]
}

/** The message with what it lacks of these trailers. Done twice it is as done once. */
export function placeTrailers(message: string, trailers: readonly SessionTrailers[], placing: Placing): string {
  const parts = partsOf(message, placing.comment)
  const { body, moved } =
    placing.gather === true ? gathered(parts.body, placing.comment) : { body: parts.body, moved: [] }
  const there = new Set(body.map(normal))
  const added: string[] = []
  const add = (line: string | undefined): void => {
    if (line === undefined || there.has(normal(line))) return
    there.add(normal(line))
    added.push(line)
  }
  moved.forEach((line) => add(line.trim()))
  for (const { session, version } of trailers) {
    if (there.has(normal(session))) continue
    add(session)
    add(version)
  }
  if (added.length === 0 && moved.length === 0) return message
  const start = body.length === 0 ? ['', ''] : endsWithTrailers(body, placing.comment) ? body : [...body, '']
  return [...start, ...added, ...(parts.tail.length === 0 ? [''] : parts.tail)].join('\n')
}

/** The lines of a message that name sessions, and how they were made, at whatever place. */
export function sessionLinesOf(message: string): string[] {
  return [...new Set(message.split('\n').flatMap((it) => (ownKey.test(it) ? [it.trim()] : [])))]
}

/** What git would keep of a file, without its blanks: '' where nobody has written anything. */
export function keptText(message: string, comment: string | undefined): string {
  return partsOf(message, comment)
    .body.filter((it) => comment === undefined || !it.startsWith(comment))
    .map((it) => it.trim())
    .filter((it) => it !== '')
    .join('\n')
}

/** The file without these lines. */
export function withoutLines(message: string, lines: readonly string[]): string {
  const unwanted = new Set(lines)
  return message
    .split('\n')
    .filter((it) => !unwanted.has(it))
    .join('\n')
}

/** With `core.commentChar=auto` git takes a character that begins no line: then the last comment shows it. */
export function commentStartOf(configured: string | undefined, message: string): string {
  if (configured !== undefined && configured !== 'auto' && configured !== '') return configured
  if (configured !== 'auto') return '#'
  const last = message.split('\n').findLast((it) => it.trim() !== '')?.[0] ?? '#'
  return '#;@!$%^&|:'.includes(last) ? last : '#'
}

function partsOf(message: string, comment: string | undefined): Parts {
  const lines = message.split('\n')
  const cut = comment === undefined ? -1 : lines.findIndex((it) => it.trimEnd() === comment + scissors)
  let end = cut < 0 ? lines.length : cut
  while (end > 0 && isNothing(lines[end - 1] ?? '', comment)) end -= 1
  return { body: lines.slice(0, end), tail: lines.slice(end) }
}

function isNothing(line: string, comment: string | undefined): boolean {
  return line.trim() === '' || (comment !== undefined && line.startsWith(comment))
}

/** Takes the lines of sessions out of all paragraphs but a last one of trailers. */
function gathered(body: readonly string[], comment: string | undefined): { body: string[]; moved: string[] } {
  const from = endsWithTrailers(body, comment) ? lastParagraph(body) : body.length
  const moved = body.slice(0, from).filter((it) => ownKey.test(it))
  const kept = body.filter((it, at) => at >= from || !ownKey.test(it))
  while (kept.at(-1)?.trim() === '') kept.pop()
  return { body: kept, moved }
}

function lastParagraph(body: readonly string[]): number {
  return body.findLastIndex((it) => it.trim() === '') + 1
}

/** As git counts: every line a trailer, or a quarter of them where one is git's own. The title is never one. */
function endsWithTrailers(body: readonly string[], comment: string | undefined): boolean {
  const start = lastParagraph(body)
  if (start === 0) return false
  let [trailers, others, isGits] = [0, 0, false]
  let isOpen = false
  for (const line of body.slice(start)) {
    if (comment !== undefined && line.startsWith(comment)) continue
    const gits = /^(?:Signed-off-by: |\(cherry picked from commit )/.test(line)
    if (/^[ \t]/.test(line)) {
      if (!isOpen) others += 1
    } else if (gits || /^[A-Za-z0-9-]+[ \t]*:/.test(line)) {
      trailers += 1
      isOpen = true
    } else {
      others += 1
      isOpen = false
    }
    isGits ||= gits
  }
  return (isGits && trailers * 3 >= others) || (trailers > 0 && others === 0)
}

/** Keys match in any case. */
function normal(line: string): string {
  const text = line.trim()
  const colon = text.indexOf(':')
  return colon < 0 ? text : `${text.slice(0, colon).trimEnd().toLowerCase()}:${text.slice(colon + 1).trim()}`
}
