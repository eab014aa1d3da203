/** Lines of a stream, however its chunks are cut. */

export interface Line {
  /** Without its end; nothing of one that is too long. */
  readonly bytes: Buffer
  /** The stream ended in it. */
  readonly isLast: boolean
  readonly isTooLong: boolean
}

const lineFeed = 0x0a
const nothing = Buffer.alloc(0)

/** All lines; what stands behind the last end is one where it is not empty. Of a longer one than `maxBytes` it is said that it was there. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line, void, undefined> {
  let held: Buffer[] = []
  let bytes = 0
  const take = (isLast: boolean): Line => {
    const isTooLong = bytes > maxBytes
    const [first = nothing, ...others] = held
    const line = isTooLong ? nothing : others.length === 0 ? first : Buffer.concat(held)
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
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, at)) {
      hold(chunk.subarray(at, end))
      at = end + 1
      yield take(false)
    }
    hold(chunk.subarray(at))
  }
  if (bytes > 0) yield take(true)
}
