/**
 * Trailers of a commit message, more than `git interpret-trailers` sees: in every paragraph, because platforms append text
 * behind them and squash merges put them in the middle; but none that is shown as an example. Linear in the length of the
 * message.
 */
import { newExampleScan, noExample } from './examples.ts'

/** `Key: value`, the key in lower case, a folded value on one line. Without a key: a whole line of the body. */
export interface Trailer {
  readonly key: string
  readonly value: string
}

/** A value beyond this is prose; the longest lists of ids seen have 400 characters. */
const valueCharacters = 4_096

/**
 * The trailers whose key `isKey` knows, and the lines without such a key that `isLine` knows. Keys match in any case, with
 * LF or CRLF, also when git or a forge indented them (`git merge --squash`) or a list holds them. A line that begins with a blank and holds no key of
 * its own continues the value before it, and one behind which the text `goesOn` is read with the two lines below. Without
 * `isLine` there is no line to know, and most are passed over.
 */
export function readTrailers(
  message: string,
  isKey: (key: string) => boolean,
  isLine?: (line: string) => boolean,
  goesOn: (line: string) => boolean = () => false,
): Trailer[] {
  const trailers: Trailer[] = []
  const isExample = newExampleScan(message)
  let open: { key: string; parts: string[]; characters: number } | undefined
  let folded: { line: string; lines: number } | undefined

  function close(): void {
    if (open !== undefined) trailers.push({ key: open.key, value: open.parts.join(' ') })
    open = undefined
  }

  function endFold(): void {
    if (folded !== undefined) trailers.push({ key: '', value: folded.line })
    folded = undefined
  }

  const isPassing = isLine === undefined && isExample === noExample
  for (let at = 0; at <= message.length;) {
    if (isPassing && open === undefined) {
      // What begins here is no more than the next line with a key.
      const colon = message.indexOf(':', at)
      if (colon < 0) break
      at = Math.max(at, message.lastIndexOf('\n', colon) + 1)
    }
    const end = lineEnd(message, at)
    const line = message.slice(at, Math.min(end, at + valueCharacters))
    const isShown = isExample(line, at)
    at = end + (message.startsWith('\r\n', end) ? 2 : 1)
    // Most lines of prose have no colon.
    const [, written, value = ''] = !line.includes(':')
      ? []
      : (/^[ \t]{0,64}(?:[-*+][ \t]{1,16})?([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,16}:(.*)$/.exec(line) ?? [])
    const key = written?.toLowerCase()
    const isTrailer = key !== undefined && isKey(key)
    if (folded !== undefined) {
      const isMore = !isShown && !isTrailer && line.trim() !== '' && isLine?.(line) !== true
      if (isMore) folded = { line: `${folded.line} ${line.trim()}`, lines: folded.lines + 1 }
      if (!isMore || folded.lines > 2 || !goesOn(folded.line)) endFold()
      if (isMore) continue
    }
    if (isTrailer && !isShown) {
      close()
      open = { key, parts: [value.trim()], characters: value.length }
    } else if (open !== undefined && !isTrailer && /^[ \t]+\S/.test(line)) {
      open.characters += line.length
      if (open.characters <= valueCharacters) open.parts.push(line.trim())
    } else {
      close()
      if (isShown || isLine?.(line) !== true) continue
      if (goesOn(line)) folded = { line: line.trim(), lines: 0 }
      else trailers.push({ key: '', value: line.trim() })
    }
  }
  endFold()
  close()
  return trailers
}

function lineEnd(message: string, at: number): number {
  const end = message.indexOf('\n', at)
  const stop = end < 0 ? message.length : end
  return stop > at && message.charCodeAt(stop - 1) === 0x0d ? stop - 1 : stop
}
