/** Output of git's `-z`: fields ended by NUL, cut out of a stream of chunks without ever holding more than one of them. */

const lineFeed = 0x0a

/**
 * Calls `visit` for each field, until it returns false. A field longer than `maxBytes` arrives as its first and last part, each ending or starting
 * at a line, and with `whole` false. The bytes are only good during the call.
 */
export async function forEachField(
  source: AsyncIterable<Buffer>,
  maxBytes: number,
  visit: (field: Buffer, whole: boolean) => unknown,
): Promise<void> {
  let held: Buffer[] = []
  let bytes = 0
  let cut = false
  for await (const chunk of source) {
    let at = 0
    for (;;) {
      const end = chunk.indexOf(0, at)
      if (end < 0) break
      if (held.length === 0 && end - at <= maxBytes) {
        if (visit(chunk.subarray(at, end), true) === false) return
      } else {
        const field = Buffer.concat([...held, chunk.subarray(at, end)])
        const whole = !cut && field.length <= maxBytes
        if (visit(whole ? field : ends(field, maxBytes), whole) === false) return
        held = []
        bytes = 0
        cut = false
      }
      at = end + 1
    }
    if (at === chunk.length) continue
    held.push(chunk.subarray(at))
    bytes += chunk.length - at
    if (bytes > 2 * maxBytes) {
      const field = Buffer.concat(held)
      // Copies, so that the middle is given back.
      held = [Buffer.from(field.subarray(0, maxBytes)), Buffer.from(field.subarray(-(maxBytes >> 1)))]
      bytes = maxBytes + (maxBytes >> 1)
      cut = true
    }
  }
}

function ends(field: Buffer, maxBytes: number): Buffer {
  const half = maxBytes >> 1
  return bothEnds(field.subarray(0, half), field.subarray(-half))
}

/** Two parts of a text as one, without the lines through which the cut goes: half a line could read as something else. */
export function bothEnds(head: Buffer, tail: Buffer): Buffer {
  const first = tail.indexOf(lineFeed)
  return Buffer.concat([
    head.subarray(0, head.lastIndexOf(lineFeed) + 1),
    Buffer.from('\n'),
    first < 0 ? Buffer.alloc(0) : tail.subarray(first + 1),
  ])
}
