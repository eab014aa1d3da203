/** Which text can be the id of a session. */
import { limits } from '../../model/limits.ts'

/**
 * The id that a record names: as it stands, or the last step of a URL (`https://claude.ai/code/session_…`), whose server,
 * owner and query nobody needs. Undefined for what must not enter a statement: anything but printable ASCII, a blank, a
 * quote or bracket (`<uuid>` is a placeholder), an e-mail address, a path.
 */
export function sessionId(text: string): string | undefined {
  const id = /^https?:\/\//i.test(text) ? lastStep(text) : text
  if (id === undefined || id.length > limits.sessionIdCharacters) return undefined
  if (!/^[!#-&(-;=?-[\]-_a-~]+$/.test(id) || !/[A-Za-z0-9]/.test(id)) return undefined
  const isAddress = /[^@]@[^@]*\.[a-z]{2,}$/i.test(id)
  const isPath = /^(?:[/~.]|[A-Za-z]:\/|file:)/.test(id)
  return isAddress || isPath ? undefined : id
}

function lastStep(url: string): string | undefined {
  if (url.length > 2_048 || !URL.canParse(url)) return undefined
  return new URL(url).pathname.split('/').findLast((step) => step !== '')
}
