/** The directory at the end of a zip (APPNOTE 4.3.12 to 4.3.16). */
import { Unreadable, nameOf } from './member.ts'
import type { Budget } from './member.ts'
import { fieldsOf } from './zip-extra.ts'

export interface Entry {
  readonly name: string
  readonly madeBy: number
  readonly needs: number
  readonly flags: number
  readonly method: number
  /** Time and date as DOS has them. */
  readonly time: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  readonly internal: number
  readonly attributes: number
  /** Where the header of the member begins. */
  readonly offset: number
  readonly extra: Buffer
  readonly comment: Buffer
}

export interface Directory {
  readonly entries: readonly Entry[]
  readonly start: number
  readonly comment: Buffer
}

const endSize = 22

/** Errors: `Unreadable`. */
export function readDirectory(bytes: Buffer, budget: Budget): Directory {
  const at = endOf(bytes)
  const zip64 = zip64Of(bytes, at)
  // Of several disks each has its own; here one has all.
  if (bytes.readUInt16LE(at + 8) !== bytes.readUInt16LE(at + 10)) throw new Unreadable('archive-malformed')
  const disks = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)]
  const count = zip64?.count ?? bytes.readUInt16LE(at + 10)
  const size = zip64?.size ?? bytes.readUInt32LE(at + 12)
  const start = zip64?.start ?? bytes.readUInt32LE(at + 16)
  if (disks.some((it) => it !== 0 && !(zip64 !== undefined && it === 0xffff))) {
    throw new Unreadable('member-unsupported')
  }
  // Between the directory and its end nothing else may stand, or the offsets lie and there is something before.
  if (start + size !== (zip64?.at ?? at)) throw new Unreadable('archive-malformed')
  const entries: Entry[] = []
  let next = start
  while (next < start + size) {
    budget.member()
    const entry = readEntry(bytes, next, start + size)
    entries.push(entry.entry)
    next = entry.end
  }
  if (entries.length !== count) throw new Unreadable('archive-malformed')
  return { entries, start, comment: bytes.subarray(at + endSize) }
}

/** Where the end record is: of two that fit nobody knows which is meant. Error: none, or two. */
function endOf(bytes: Buffer): number {
  const found: number[] = []
  const first = Math.max(0, bytes.length - endSize - 0xffff)
  for (
    let at = bytes.indexOf('PK\x05\x06', first, 'latin1');
    at >= 0;
    at = bytes.indexOf('PK\x05\x06', at + 1, 'latin1')
  ) {
    if (at + endSize > bytes.length) break
    if (at + endSize + bytes.readUInt16LE(at + 20) === bytes.length) found.push(at)
  }
  const [only, ...others] = found
  if (only === undefined || others.length > 0) throw new Unreadable('archive-malformed')
  return only
}

interface Zip64 {
  readonly at: number
  readonly count: number
  readonly size: number
  readonly start: number
}

/** Undefined where there is none: then the fields of the end record say all. */
function zip64Of(bytes: Buffer, end: number): Zip64 | undefined {
  const locator = end - 20
  if (locator < 0 || bytes.readUInt32LE(locator) !== 0x07064b50) return undefined
  const at = numberAt(bytes, locator + 8)
  if (at + 56 > locator || bytes.readUInt32LE(at) !== 0x06064b50) throw new Unreadable('archive-malformed')
  // Behind its fields the record may hold more, which no member accounts for.
  if (at + 56 !== locator || numberAt(bytes, at + 4) !== 44) throw new Unreadable('archive-malformed')
  const disks = [locator + 4, at + 16, at + 20].map((it) => bytes.readUInt32LE(it))
  if (disks.some((it) => it !== 0) || bytes.readUInt32LE(locator + 16) > 1) throw new Unreadable('member-unsupported')
  if (numberAt(bytes, at + 24) !== numberAt(bytes, at + 32)) throw new Unreadable('archive-malformed')
  const zip64 = { at, count: numberAt(bytes, at + 32), size: numberAt(bytes, at + 40), start: numberAt(bytes, at + 48) }
  // Programs that know no zip64 read the other record: it must say the same, or that it cannot.
  const agree =
    [zip64.count, 0xffff].includes(bytes.readUInt16LE(end + 10)) &&
    [zip64.size, 0xffffffff].includes(bytes.readUInt32LE(end + 12)) &&
    [zip64.start, 0xffffffff].includes(bytes.readUInt32LE(end + 16))
  if (!agree) throw new Unreadable('archive-malformed')
  return zip64
}

/** 64 bits; what is larger than any file here is beyond its end, and refused there. */
function numberAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}

function readEntry(bytes: Buffer, at: number, end: number): { readonly entry: Entry; readonly end: number } {
  if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50) throw new Unreadable('archive-malformed')
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
  const entryEnd = extraEnd + bytes.readUInt16LE(at + 32)
  if (entryEnd > end) throw new Unreadable('archive-malformed')
  const name = nameOf(bytes.subarray(at + 46, nameEnd))
  const extra = bytes.subarray(nameEnd, extraEnd)
  const short = {
    size: bytes.readUInt32LE(at + 24),
    packedSize: bytes.readUInt32LE(at + 20),
    offset: bytes.readUInt32LE(at + 42),
    disk: bytes.readUInt16LE(at + 34),
  }
  return {
    entry: {
      ...{ name, extra, ...realSizes(short, extra, name) },
      madeBy: bytes.readUInt16LE(at + 4),
      needs: bytes.readUInt16LE(at + 6),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      time: bytes.readUInt32LE(at + 12),
      crc: bytes.readUInt32LE(at + 16),
      internal: bytes.readUInt16LE(at + 36),
      attributes: bytes.readUInt32LE(at + 38),
      comment: bytes.subarray(extraEnd, entryEnd),
    },
    end: entryEnd,
  }
}

type Sizes = Pick<Entry, 'size' | 'packedSize' | 'offset'>

/**
 * Of those that are all ones the real value stands in the extra field, in this order; there is one such field, and nothing else in it: what one
 * program reads there another passes over. A header before a member has no offset. Errors: `Unreadable`.
 */
export function realSizes(short: Sizes & { readonly disk: number }, extra: Buffer, name: string): Sizes {
  const [long, ...others] = fieldsOf(extra).flatMap(({ id, data }) => (id === 1 ? [data] : []))
  let at = 0
  const real = (value: number): number => {
    if (value !== 0xffffffff) return value
    if (long === undefined || at + 8 > long.length) throw new Unreadable('archive-malformed', name)
    at += 8
    return numberAt(long, at - 8)
  }
  const size = real(short.size)
  const packedSize = real(short.packedSize)
  const offset = real(short.offset)
  const hasDisk = short.disk === 0xffff && long !== undefined && at + 4 <= long.length
  if ((hasDisk ? long.readUInt32LE(at) : short.disk) !== 0) throw new Unreadable('member-unsupported', name)
  if (others.length > 0 || (long !== undefined && at + (hasDisk ? 4 : 0) !== long.length)) {
    throw new Unreadable('archive-malformed', name)
  }
  return { size, packedSize, offset }
}
