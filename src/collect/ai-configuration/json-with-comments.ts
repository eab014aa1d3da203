/** JSON as editors take it (comments, and a comma before a closing bracket) → JSON: what is no JSON otherwise stays as it is. */

/** In one pass; what stands in strings is not touched. A comment becomes a blank, as it parts what stands around it. */
export function plainJson(text: string): string {
  const pieces: string[] = []
  /** Place of a comma behind which nothing came yet. */
  let comma: number | undefined
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at)
    const end = endOfComment(text, at)
    if (end !== undefined) {
      pieces.push(' ')
      at = end
      continue
    }
    const to = character === '"' ? endOfString(text, at) : at + 1
    if (comma !== undefined && (character === '}' || character === ']')) pieces[comma] = ''
    if (character === ',') comma = pieces.length
    else if (!/\s/.test(character)) comma = undefined
    pieces.push(text.slice(at, to))
    at = to
  }
  return pieces.join('')
}

/** Undefined where none begins. */
function endOfComment(text: string, at: number): number | undefined {
  if (text.charAt(at) !== '/') return undefined
  if (text.charAt(at + 1) === '/') {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (text.charAt(at + 1) !== '*') return undefined
  const end = text.indexOf('*/', at + 2)
  // One that does not end takes the rest: what begins in it is not looked for again and again.
  return end < 0 ? text.length : end + 2
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '\\') at += 1
    else if (character === '"') return at + 1
  }
  return text.length
}
