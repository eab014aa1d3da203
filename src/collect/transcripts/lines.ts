/** Lines of a stream, however its chunks are cut. */

export interface Line {
  /** Without its end; nothing of one that is too long. Blank lines that follow each other come as one, with the ends between them. */
  readonly bytes: Buffer
  /** The stream ended in it. */
  readonly isLast: boolean
  readonly isTooLong: boolean
}

const lineFeed = 0x0a
const nothing = Buffer.alloc(0)
const mark = Buffer.from('\uFEFF')

/** Without the mark of its encoding, which editors and shells of Windows write before UTF-8: it is no part of a row, and of no text. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(mark) ? bytes.subarray(3) : bytes
}

/** All lines, the first without the mark of its encoding; what stands behind the last end is one where it is not empty. Of a longer one than `maxBytes` it is said that it was there. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line, void, undefined> {
  let held: Buffer[] = []
  let bytes = 0
  let isFirst = true
  const take = (isLast: boolean): Line => {
    const isTooLong = bytes > maxBytes
    const [first = nothing, ...others] = held
    const whole = isTooLong ? nothing : others.length === 0 ? first : Buffer.concat(held)
    const line = isFirst ? withoutMark(whole) : whole
    isFirst = false
    held = []
    bytes = 0
    return { bytes: line, isLast, isTooLong }
  }
  const hold = (part: Buffer): void => {
    bytes += part.length
    if (bytes > maxBytes) held = []
    else if (part.length > 0) held.push(part)
  }
  for await (const chunk of chunks) {
    let at = 0
    while (at < chunk.length) {
      const blank = bytes === 0 ? blankEnd(chunk, at, maxBytes) : -1
      const end = blank >= 0 ? blank : chunk.indexOf(lineFeed, at)
      if (end < 0) break
      hold(chunk.subarray(at, end))
      at = end + 1
      yield take(false)
    }
    hold(chunk.subarray(at))
  }
  if (bytes > 0) yield take(true)
}

/** The last line end of the blank lines that begin there, or -1: each by itself would take as long as a row, and there may be any number. */
function blankEnd(chunk: Buffer, start: number, maxBytes: number): number {
  let end = -1
  for (let at = start; at < chunk.length && at - start <= maxBytes; at += 1) {
    const byte = chunk[at]
    if (byte === lineFeed) end = at
    else if (!isBlankByte(byte)) break
  }
  return end
}

/** Whether there is nothing in it but what ends or indents a line. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((it) => it === lineFeed || isBlankByte(it))
}

/** What may stand around a row in its line. */
export function isBlankByte(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
