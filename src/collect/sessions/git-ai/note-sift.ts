/**
 * A note without what nobody reads of it. git-ai can keep the whole conversation of a session in its metadata, some hundred times
 * what is read, so those values are passed over as the bytes come by and never become text or objects.
 *
 * Left out are objects and lists within a session, prompt or person, but for `agent_id`; their names stay. Of what is left out only
 * strings and brackets are followed: whether the rest is good JSON says the parser that gets it.
 */

export interface NoteSift {
  /** The next bytes of the note; they are copied. */
  write(part: Buffer): void
  /** What is kept, once all has come; the next bytes are of another note. */
  end(): Buffer
}

const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a
const comma = 0x2c
const colon = 0x3a
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d

/** `{"sessions":{"s_…":{"agent_id":…` */
const memberDepth = 3
const kept = '"agent_id"'
/** In place of a value; the parser wants one. */
const leftOut = Buffer.from('0')
const initialBytes = 16 * 1024

export function newNoteSift(): NoteSift {
  // One piece of memory, however many values are left out.
  let out = Buffer.allocUnsafe(initialBytes)
  let bytesOut = 0
  let isHead = true // before the line `---` that ends the lines of the files
  let line = '' // the first characters of the line of the head
  let depth = 0
  let skipped = 0 // brackets that are open in a value that is left out
  let isInString = false
  let isEscaped = false // the next byte of the string
  let isObject = false // what is open at the depth of the members
  let isName = false // a string at that depth is one
  let name = '' // the last of them, with its quotation marks, as far as it could be the one that is kept

  /** Returns where the JSON begins. */
  function passHead(bytes: Buffer): number {
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(lineFeed, at)
      const stop = end < 0 ? bytes.length : end
      if (line.length < 5) line += bytes.toString('latin1', at, Math.min(stop, at + 5))
      if (end < 0) return bytes.length
      at = end + 1
      if (line === '---' || line === '---\r') {
        isHead = false
        return at
      }
      line = ''
    }
    return bytes.length
  }

  /** Passes the rest of a string; returns where to go on. */
  function passString(bytes: Buffer, start: number): number {
    const { length } = bytes
    let at = start
    if (isEscaped) at += 1
    isEscaped = false
    for (; at < length; at += 1) {
      const byte = bytes[at]
      if (byte === quote) {
        isInString = false
        return at + 1
      }
      if (byte === backslash) at += 1
    }
    isEscaped = at > length
    return length
  }

  /** Passes what is left out; returns where to go on. */
  function passSkipped(bytes: Buffer, start: number): number {
    let at = start
    while (at < bytes.length && skipped > 0) {
      if (isInString) {
        at = passString(bytes, at)
        continue
      }
      const byte = bytes[at]
      if (byte === quote) isInString = true
      else if (byte === braceOpen || byte === bracketOpen) skipped += 1
      else if (byte === braceClose || byte === bracketClose) skipped -= 1
      at += 1
    }
    return at
  }

  /** One byte outside of strings; whether a value begins with it that is left out. */
  function isUnwanted(byte: number | undefined): boolean {
    if (byte === braceOpen || byte === bracketOpen) {
      // A name with an escape could be any.
      if (depth === memberDepth && isObject && !isName && name !== kept && !name.includes('\\')) return true
      depth += 1
      if (depth === memberDepth) {
        isObject = byte === braceOpen
        isName = true
      }
    } else if (byte === braceClose || byte === bracketClose) depth -= 1
    else if (byte === comma && depth === memberDepth) isName = true
    else if (byte === colon && depth === memberDepth) isName = false
    else if (byte === quote) {
      isInString = true
      if (depth === memberDepth && isName) name = '"'
    }
    return false
  }

  function keep(bytes: Buffer, from: number, to: number): void {
    while (bytesOut + to - from > out.length) out = Buffer.concat([out, out])
    bytesOut += bytes.copy(out, bytesOut, from, to)
  }

  return {
    write(bytes) {
      let at = isHead ? passHead(bytes) : 0
      let from = 0
      while (at < bytes.length) {
        if (skipped > 0) {
          at = from = passSkipped(bytes, at)
        } else if (isInString) {
          const end = passString(bytes, at)
          if (depth === memberDepth && isName && name.length <= kept.length) {
            name += bytes.toString('latin1', at, Math.min(end, at + kept.length))
          }
          at = end
        } else {
          if (isUnwanted(bytes[at])) {
            keep(bytes, from, at)
            keep(leftOut, 0, leftOut.length)
            skipped = 1
          }
          at += 1
        }
      }
      if (skipped === 0) keep(bytes, from, bytes.length)
    },
    end() {
      // Not from the pool that small buffers share: whoever holds one of these would hold a piece of that.
      const all = Buffer.allocUnsafeSlow(bytesOut)
      out.copy(all, 0, 0, bytesOut)
      bytesOut = 0
      isHead = true
      line = ''
      depth = skipped = 0
      isInString = isEscaped = isObject = isName = false
      name = ''
      return all
    },
  }
}
