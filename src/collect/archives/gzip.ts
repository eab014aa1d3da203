/** gzip (RFC 1952), read so that no byte of the file is passed over. */
import { crc32, inflateRawSync } from 'node:zlib'
import { Unreadable, sha256Of } from './member.ts'
import type { Budget, Metadata } from './member.ts'

export interface Unzipped {
  readonly content: Buffer
  /** Of the header of the first part, as of `gzip file`: time, name, system. */
  readonly metadata: Metadata
  /** SHA-256 of the packed bytes without the headers. */
  readonly packed: string
  /** Something follows that is no further part: whoever unpacks it warns at most. */
  readonly trailing: boolean
}

const flagHeaderChecksum = 2
const flagExtra = 4
const flagName = 8
const flagComment = 16
const reservedFlags = 0xe0

/** Errors: `Unreadable` (`archive-malformed`, `archive-too-large`). */
export function gunzip(bytes: Buffer, budget: Budget): Unzipped {
  const contents: Buffer[] = []
  const packed: Buffer[] = []
  const headers: Metadata[] = []
  let at = 0
  // Parts follow each other, and what they hold is one content (RFC 1952 §2.2).
  while (at < bytes.length && bytes[at] === 0x1f && bytes[at + 1] === 0x8b) {
    budget.member()
    const header = readHeader(bytes, at)
    headers.push(header.metadata)
    const { content, consumed } = inflate(bytes.subarray(header.end), budget)
    const end = header.end + consumed
    if (end + 8 > bytes.length) throw new Unreadable('archive-malformed')
    const isWhole = bytes.readUInt32LE(end) === crc32(content) && bytes.readUInt32LE(end + 4) === content.length >>> 0
    if (!isWhole) throw new Unreadable('archive-malformed')
    packed.push(bytes.subarray(header.end, end))
    contents.push(content)
    at = end + 8
  }
  const [first, ...others] = headers
  if (first === undefined) throw new Unreadable('archive-malformed')
  return {
    content: Buffer.concat(contents),
    metadata: others.length === 0 ? first : { ...first, parts: JSON.stringify(others) },
    packed: sha256Of(Buffer.concat(packed)),
    trailing: at < bytes.length,
  }
}

/** Unpacks what begins there, and says how many bytes that took. Errors: `Unreadable`. */
export function inflate(
  bytes: Buffer,
  budget: Budget,
  most: number = budget.unpacked,
): { content: Buffer; consumed: number } {
  const room = Math.min(most, budget.unpacked)
  try {
    // Node refuses a bound of 0. One more than is taken, so that what is longer than it says is found.
    const { buffer: content, engine } = inflateRawSync(bytes, {
      info: true,
      maxOutputLength: room + 1,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    budget.unpack(content.length)
    return { content, consumed: engine.bytesWritten }
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    const isTooLarge = (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' && room === budget.unpacked
    throw new Unreadable(isTooLarge ? 'archive-too-large' : 'archive-malformed')
  }
}

function readHeader(bytes: Buffer, start: number): { readonly metadata: Metadata; readonly end: number } {
  if (start + 10 > bytes.length) throw new Unreadable('archive-malformed')
  const flags = bytes.readUInt8(start + 3)
  if (bytes[start + 2] !== 8 || (flags & reservedFlags) !== 0) throw new Unreadable('archive-malformed')
  const metadata: Record<string, string> = {
    mtime: String(bytes.readUInt32LE(start + 4)),
    system: bytes.toString('hex', start + 8, start + 10),
  }
  let end = start + 10
  if ((flags & flagExtra) !== 0) {
    if (end + 2 > bytes.length) throw new Unreadable('archive-malformed')
    const length = bytes.readUInt16LE(end)
    metadata['extra'] = bytes.toString('hex', end + 2, end + 2 + length)
    end += 2 + length
  }
  for (const [flag, field] of [
    [flagName, 'name'],
    [flagComment, 'comment'],
  ] as const) {
    if ((flags & flag) === 0) continue
    const stop = bytes.indexOf(0, end)
    if (stop < 0) throw new Unreadable('archive-malformed')
    metadata[field] = bytes.toString('latin1', end, stop)
    end = stop + 1
  }
  if ((flags & flagHeaderChecksum) !== 0) end += 2
  if (end > bytes.length) throw new Unreadable('archive-malformed')
  return { metadata, end }
}
