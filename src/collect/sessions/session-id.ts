/** Which text can be the id of a session. */
import { limits } from '../../model/limits.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'

/**
 * The id that a record names: as it stands, or the last step of a URL (`https://claude.ai/code/session_…`), whose server,
 * owner and query nobody needs. Undefined for what must not enter a statement: anything but printable ASCII, a blank, a
 * quote or bracket (`<uuid>` is a placeholder), an e-mail address, a path, a token that somebody pasted there.
 */
export function sessionId(text: string): string | undefined {
  // Whoever reads one is asked about it once more at once (`sound-record.ts`).
  if (text === last) return last
  const id = /^https?:\/\//i.test(text) ? lastStep(text) : text
  if (id === undefined || id.length > limits.sessionIdCharacters) return undefined
  if (!/^[!#-&(-;=?-[\]-_a-~]+$/.test(id) || !/[A-Za-z0-9]/.test(id)) return undefined
  const isPath = /^(?:[/~.]|[A-Za-z]:\/|file:)/.test(id)
  if (isPath || isUnpublishable(id)) return undefined
  last = id
  return id
}

let last: string | undefined

/** The id as the tool gave it: in its first months Entire put the day before it (`2026-01-02-<uuid>`). */
export function withoutDay(id: string): string {
  return id.replace(/^\d{4}-\d\d-\d\d-(?=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/, '')
}

function lastStep(url: string): string | undefined {
  // What was typed behind an address is not of it, though a URL can hold it.
  if (url.length > 2_048 || /\s/.test(url)) return undefined
  return URL.parse(url)
    ?.pathname.split('/')
    .findLast((step) => step !== '')
}
