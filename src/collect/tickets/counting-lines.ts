/**
 * The lines of a text in which a ticket can be named by whoever wrote it: not those that show or quote something, and no trailers about
 * people and sessions. Linear in the text.
 */
import { newExampleScan } from '../sessions/messages/examples.ts'
import { isFooter } from '../sessions/messages/footers.ts'
import { trailerForms } from '../sessions/messages/trailer-forms.ts'

/** Each line with what does not count cut out; the first one is the title. */
export function* countingLines(text: string): Generator<string> {
  const plain = withoutSpans(text, '<!--', '-->')
  const isExample = newExampleScan(plain)
  const lastQuoteEnd = plain.lastIndexOf('</blockquote>')
  let isQuoted = false
  let isTrailer = false
  for (let at = 0; at <= plain.length;) {
    const end = plain.indexOf('\n', at)
    const start = at
    const line = plain.slice(start, end < 0 ? plain.length : end)
    at = end < 0 ? plain.length + 1 : end + 1
    const isShown = isExample(line, start)
    // A block that nothing closes is none: a stray sign must not hide what stands behind it.
    if (!isQuoted && lastQuoteEnd > start && line.includes('<blockquote')) isQuoted = true
    const isInside = isQuoted
    if (isQuoted && line.includes('</blockquote>')) isQuoted = false
    const isFolded: boolean = isTrailer && /^[ \t]+\S/.test(line) && !/^[ \t]*[-*+][ \t]/.test(line)
    isTrailer = isFolded || isAboutPeople(line)
    const counts = !isShown && !isInside && !isTrailer && !/^[ \t]{0,8}(?:>|&gt;)/.test(line) && !isFooter(line)
    yield counts ? withoutQuoted(line) : ''
  }
}

/** Keys of trailers that name a person, a session, or another change. */
const notAboutTickets = new Set([
  ...['author', 'committer', 'cc', 'date', 'change-id', 'git-svn-id', 'message-id', 'in-reply-to', 'patchwork-id'],
  ...['upstream-commit', 'backport-of', 'cherry-picked-from', 'from', 'to', 'subject'],
])

function isAboutPeople(line: string): boolean {
  // Most lines of prose have no colon.
  if (!line.includes(':')) return false
  const key = /^[ \t]{0,8}(?:[-*+][ \t]{1,16})?([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,16}:/.exec(line)?.[1]?.toLowerCase()
  return key !== undefined && (key.endsWith('-by') || trailerForms.has(key) || notAboutTickets.has(key))
}

/** Without what stands between backticks or double quotes, and without the words of links, whose addresses say more. */
function withoutQuoted(line: string): string {
  const plain = withoutPairs(withoutPairs(line.replace(/`{2,}/g, '`'), '`'), '"')
  const unquoted = plain.includes('“') ? withoutSpans(plain, '“', '”') : plain
  if (!unquoted.includes('[')) return unquoted
  return unquoted.replace(/\[[^[\]]{0,200}\](?:\((?=https?:)|(?::[ \t]{1,8}(?=https?:)))/gi, ' ')
}

/** Every other part between two of these signs goes; the last sign of an odd number stands alone. */
function withoutPairs(line: string, sign: string): string {
  const parts = line.split(sign)
  if (parts.length < 3) return line
  const last = parts.length % 2 === 0 ? parts.length - 1 : -1
  return parts.filter((_, index) => index % 2 === 0 || index === last).join(' ')
}

/** A span that is not closed stays. */
function withoutSpans(text: string, open: string, close: string): string {
  let at = 0
  let plain = ''
  for (;;) {
    const from = text.indexOf(open, at)
    const to = from < 0 ? -1 : text.indexOf(close, from + open.length)
    if (to < 0) return at === 0 ? text : plain + text.slice(at)
    plain += `${text.slice(at, from)} `
    at = to + close.length
  }
}
