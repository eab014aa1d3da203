/**
 * Patterns for paths of a repository: `*` within a part, `**` as a part of its own for any number of them, also none. Compared part by
 * part and without a regular expression, in time proportional to pattern × path.
 */

/** Whether it can match a path at all: a slash before or behind it, or `**` beside other letters, is in none, and would ask for nothing. */
export function isPathPattern(text: string): boolean {
  // Written as on Windows, or with a blank beside it, it is in no repository that anybody means.
  if (text.includes('\\') || text !== text.trim()) return false
  return text.split('/').every((it) => !['', '.', '..'].includes(it) && (it === '**' || !it.includes('**')))
}

/** A matcher of whole paths; both are written from the root of the repository, without a slash before. */
export function pathPattern(pattern: string): (path: string) => boolean {
  const parts = pattern.split('/')
  return (path) => {
    const names = path.split('/')
    // Parts of the path that the pattern so far may have come to: no part is looked at twice for one of the pattern.
    let ends = new Set([0])
    for (const part of parts) {
      const next = new Set<number>()
      if (part === '**') {
        const first = Math.min(...ends)
        for (let at = first; at <= names.length && ends.size > 0; at += 1) next.add(at)
      } else {
        for (const end of ends) if (end < names.length && fitsPart(part, names[end] ?? '')) next.add(end + 1)
      }
      ends = next
      if (ends.size === 0) return false
    }
    return ends.has(names.length)
  }
}

/** Greedy from the left, which is right for one kind of wildcard. */
function fitsPart(part: string, name: string): boolean {
  const [first = '', ...rest] = part.split('*')
  if (!name.startsWith(first)) return false
  const last = rest.pop()
  if (last === undefined) return name === first
  let at = first.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}
