/**
 * Lines of code as they are compared between a transcript and a change: without what an editor or a formatter may change, and
 * only those that say something. The texts themselves are not kept.
 */

/** Letters and digits that a line must have to count: below that (`}`, `return nil`) lines are alike everywhere. */
const least = 10

/** UTF-16 units of one line that are looked at: nobody writes a longer one by hand. */
export const lineUnits = 4_096

/**
 * A number for each line of a text that counts, in their order; equal lines have equal numbers. White space at both ends is none, and
 * within a line it is one blank. 53 bits: two lines in a million million that are not alike have the same number, and whoever wants
 * such a pair can write the line itself.
 */
export function* lineKeys(text: string): Generator<number, void, undefined> {
  for (let at = 0; at <= text.length;) {
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    const key = lineKey(text.slice(at, Math.min(end, at + lineUnits)))
    if (key !== undefined) yield key
    at = end + 1
  }
}

/** The number of one line, by its beginning if it is very long; undefined for one that does not count. */
export function lineKey(line: string): number | undefined {
  const plain = line.slice(0, lineUnits).trim()
  if (!says(plain)) return undefined
  return hashOf(/\s{2}|[^\S ]/.test(plain) ? plain.replace(/\s+/g, ' ') : plain)
}

/** Whether it has enough letters and digits, of any script. */
function says(line: string): boolean {
  if (line.length < least) return false
  let count = 0
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    const isPlain = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a)
    if (isPlain || (code > 0x7f && /[\p{L}\p{N}]/u.test(line.charAt(at)))) {
      count += 1
      if (count === least) return true
    }
  }
  return false
}

/** Two runs of FNV-1a over the code units, mixed (as MurmurHash3 ends) and put together to a whole number below 2^53. */
function hashOf(text: string): number {
  let one = 0x811c9dc5
  let two = 0x1b873593
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two ^ code, 0x85ebca6b)
  }
  return (mixed(two) & 0x1fffff) * 0x1_0000_0000 + mixed(one ^ (two >>> 7))
}

function mixed(hash: number): number {
  let it = hash
  it = Math.imul(it ^ (it >>> 16), 0x85ebca6b)
  it = Math.imul(it ^ (it >>> 13), 0xc2b2ae35)
  return (it ^ (it >>> 16)) >>> 0
}
