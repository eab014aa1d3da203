/** Zips of more than 4 GB, of few bytes: every size and place stands in 64 bits, whether or not it had to (APPNOTE 4.3.14, 4.5.3). */
import { crc32, deflateRawSync } from 'node:zlib'
import type { MadeMember } from './archives.ts'

/** What stands there in place of what is true: of the first member, of the directory, of its end. */
export interface Lies {
  readonly size?: bigint
  readonly packedSize?: bigint
  readonly offset?: bigint
  /** In the header before it. */
  readonly localSize?: bigint
  readonly localPackedSize?: bigint
  readonly count?: bigint
  readonly countHere?: bigint
  readonly directorySize?: bigint
  readonly directoryStart?: bigint
  readonly endSize?: bigint
  readonly endAt?: bigint
  readonly disk?: number
  /** Bytes behind the sizes, and behind the end record. */
  readonly more?: Buffer
  readonly moreEnd?: Buffer
  /** A second field of the same kind. */
  readonly again?: Buffer
}

const ones = 0xffffffff

export function zip64Of(members: readonly MadeMember[], lies: Lies = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [index, { name, content, mtime = 0 }] of members.entries()) {
    const lie = index === 0 ? lies : {}
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const [size, packedSize] = [BigInt(bytes.length), BigInt(packed.length)]
    const common = Buffer.concat([numbers(2, 45, 0, 8), numbers(4, mtime, crc32(bytes), ones, ones)])
    const local = Buffer.concat([
      field(longs(lie.localSize ?? size, lie.localPackedSize ?? packedSize)),
      ...(lie.again === undefined ? [] : [field(lie.again)]),
    ])
    const own = longs(lie.size ?? size, lie.packedSize ?? packedSize, lie.offset ?? BigInt(at))
    const central = field(Buffer.concat([own, lie.more ?? Buffer.alloc(0)]))
    const lengths = (extra: Buffer): Buffer => numbers(2, Buffer.byteLength(name), extra.length)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, lengths(local), Buffer.from(name), local, packed)
    at += 30 + Buffer.byteLength(name) + local.length + packed.length
    const rest = Buffer.concat([numbers(2, 0, 0, 0), numbers(4, 0, ones)])
    const head = [Buffer.from('PK\x01\x02', 'latin1'), numbers(2, 45), common, lengths(central), rest]
    directory.push(...head, Buffer.from(name), central)
  }
  const all = Buffer.concat(directory)
  const count = lies.count ?? BigInt(members.length)
  const moreEnd = lies.moreEnd ?? Buffer.alloc(0)
  const end = Buffer.concat([
    Buffer.from('PK\x06\x06', 'latin1'),
    longs(lies.endSize ?? BigInt(44 + moreEnd.length)),
    ...[numbers(2, 45, 45), numbers(4, lies.disk ?? 0, 0), longs(lies.countHere ?? count, count)],
    ...[longs(lies.directorySize ?? BigInt(all.length), lies.directoryStart ?? BigInt(at)), moreEnd],
    ...[
      Buffer.from('PK\x06\x07', 'latin1'),
      numbers(4, 0),
      longs(lies.endAt ?? BigInt(at + all.length)),
      numbers(4, 1),
    ],
    ...[Buffer.from('PK\x05\x06', 'latin1'), numbers(2, 0, 0, 0xffff, 0xffff), numbers(4, ones, ones), numbers(2, 0)],
  ])
  return Buffer.concat([...parts, all, end])
}

function field(data: Buffer): Buffer {
  return Buffer.concat([numbers(2, 1, data.length), data])
}

function longs(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at * 8)
  return bytes
}

function numbers(size: 2 | 4, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length)
  for (const [at, value] of values.entries()) bytes.writeUIntLE(value, at * size, size)
  return bytes
}
