/**
 * A few members of JSON that is never held: rows of JSON Lines, or one document over many lines. Written for transcripts, of
 * which nothing is wanted but ids, models and times, while prompts and answers are most of their bytes.
 *
 * It follows strings and brackets and checks nothing else, so it tells a row that was cut off from one that is whole, and not
 * JSON from what is nearly JSON. Linear, and its memory is that of one short string for each level that is looked into.
 */

export interface MemberVisitor {
  /** A member of a wanted path: its text; undefined for a container, and for text beyond what a name or time can have. */
  member(path: string, text: string | undefined): void
  /** A row, or the document, has ended; one that is not whole was cut off or is no JSON. */
  end(isWhole: boolean): void
}

export interface MemberScan {
  write(bytes: Uint8Array): void
  end(): void
}

const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a
const comma = 0x2c
const colon = 0x3a
const blank = 0x20
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d
/** Longer text is no id, model, time or name of a member. */
const mostBytes = 512

interface Level {
  readonly isArray: boolean
  /** Path of a member, but for its name. */
  readonly prefix: string
  isKey: boolean
  /** Of the member that is open. */
  path: string
  isWanted: boolean
}

/**
 * `paths`: names joined by dots, `[]` behind that of an array: `message.model`, `messages[].model`. A number, true, false and null are not
 * given.
 */
export function newMemberScan(paths: ReadonlySet<string>, visitor: MemberVisitor): MemberScan {
  const prefixes = new Set([...paths].flatMap(prefixesOf))
  const levels: Level[] = []
  let untracked = 0 // brackets that are open below the levels
  let isInString = false
  let isEscaped = false // the next byte of the string
  let held: Buffer[] = [] // of a string that began in an earlier piece
  let heldBytes = 0
  let isSpoiled = false // by what stands outside of a row
  let isBlank = true // so far
  let layout: 'unknown' | 'lines' | 'document' = 'unknown'

  function reset(isWhole: boolean): void {
    levels.length = 0
    untracked = 0
    isInString = false
    isEscaped = false
    if (heldBytes > 0) held = []
    heldBytes = 0
    isSpoiled = false
    visitor.end(isWhole)
  }

  function isOpen(): boolean {
    return levels.length > 0 || untracked > 0
  }

  function push(isArray: boolean, prefix: string): void {
    levels.push({ isArray, prefix, isKey: !isArray, path: prefix, isWanted: isArray && paths.has(prefix) })
  }

  function open(isArray: boolean): void {
    const level = levels.at(-1)
    if (level === undefined) {
      if (isSpoiled || isArray) untracked = 1
      else push(isArray, '')
      return
    }
    if (level.isWanted) visitor.member(level.path, undefined)
    const prefix = `${level.path}${isArray ? '[]' : '.'}`
    if (prefixes.has(prefix)) push(isArray, prefix)
    else untracked = 1
  }

  function closed(): void {
    if (!isOpen()) reset(!isSpoiled)
  }

  function endLine(): void {
    const isCut = isInString || (isOpen() ? layout === 'lines' : isSpoiled)
    if (isCut) reset(false)
    if (layout === 'unknown' && !isBlank) layout = isOpen() ? 'document' : 'lines'
  }

  function isKept(level: Level | undefined): level is Level {
    return level !== undefined && untracked === 0 && (level.isKey || level.isWanted)
  }

  /** The end of a string, whose last bytes are these. */
  function closeString(bytes: Buffer, start: number, end: number): void {
    const level = levels.at(-1)
    if (isKept(level)) {
      const isLong = heldBytes + end - start > mostBytes
      const text = isLong
        ? undefined
        : held.length === 0
          ? textOf(bytes, start, end)
          : textOf(Buffer.concat([...held, bytes.subarray(start, end)]))
      if (level.isKey) {
        level.path = level.prefix + (text ?? '')
        level.isWanted = text !== undefined && paths.has(level.path)
      } else visitor.member(level.path, text)
    }
    isInString = false
    if (heldBytes === 0) return
    held = []
    heldBytes = 0
  }

  /** Passes the rest of a string from `start` on; returns where to go on. */
  function passString(bytes: Buffer, start: number): number {
    let at = start
    if (isEscaped && bytes[at] !== lineFeed) at += 1
    isEscaped = false
    at = stringEnd(bytes, at)
    if (at > bytes.length) isEscaped = true
    const end = Math.min(at, bytes.length)
    if (bytes[end] === quote) {
      closeString(bytes, start, end)
      return end + 1
    }
    if (end === bytes.length && isKept(levels.at(-1))) {
      heldBytes += end - start
      if (heldBytes <= mostBytes) held.push(Buffer.from(bytes.subarray(start, end)))
    }
    return end
  }

  /** Passes what is in brackets that nobody looks into. */
  function passUntracked(bytes: Buffer, start: number): number {
    let depth = untracked
    const { length } = bytes
    for (let at = start; at < length; at += 1) {
      const byte = bytes[at]
      if (byte === quote) {
        at = stringEnd(bytes, at + 1)
        if (bytes[at] === quote) continue
        untracked = depth
        isInString = true
        isEscaped = at > bytes.length
        return Math.min(at, bytes.length)
      }
      if (byte === braceOpen || byte === bracketOpen) depth += 1
      else if (byte === braceClose || byte === bracketClose) depth -= 1
      if (depth > 0 && byte !== lineFeed) continue
      untracked = depth
      if (byte === lineFeed) endLine()
      else closed()
      return at + 1
    }
    untracked = depth
    return bytes.length
  }

  function pass(byte: number): void {
    if (byte === braceOpen || byte === bracketOpen) {
      open(byte === bracketOpen)
      return
    }
    const level = levels.at(-1)
    if (level === undefined) isSpoiled = true
    if (byte === quote) isInString = true
    else if (level === undefined) return
    else if (byte === braceClose || byte === bracketClose) {
      levels.pop()
      closed()
    } else if (byte === colon) level.isKey = false
    else if (byte === comma) level.isKey = !level.isArray
  }

  return {
    write(piece) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      for (let at = 0; at < bytes.length;) {
        const byte = bytes[at] ?? 0
        if (isInString && byte !== lineFeed) {
          at = passString(bytes, at)
          continue
        }
        if (untracked > 0) {
          at = passUntracked(bytes, at)
          continue
        }
        at += 1
        if (byte === lineFeed) endLine()
        else if (byte > blank) {
          isBlank = false
          pass(byte)
        }
      }
    },
    end() {
      if (isInString || isOpen() || isSpoiled) reset(false)
    },
  }
}

/**
 * Where the first quotation mark or line end is that ends a string; the length of the bytes if none does, and one more if a backslash
 * is their last.
 */
function stringEnd(bytes: Buffer, start: number): number {
  const { length } = bytes
  let at = start
  for (; at < length; at += 1) {
    const byte = bytes[at]
    if (byte === quote || byte === lineFeed) return at
    // A line end ends the string, whatever stands before it.
    if (byte === backslash && bytes[at + 1] !== lineFeed) at += 1
  }
  return at
}

/** `messages[].model` → ``, `messages[]`, `messages[].`. */
function prefixesOf(path: string): string[] {
  const ends = [...path.matchAll(/\[\]|\./g)].map(({ index, 0: it }) => path.slice(0, index + it.length))
  return ['', ...ends]
}

function textOf(bytes: Buffer, start = 0, end = bytes.length): string | undefined {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return undefined
  }
}
