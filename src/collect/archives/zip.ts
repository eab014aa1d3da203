/**
 * zip (APPNOTE 6.3; jar, whl, nupkg, vsix), with zip64. The directory at the end and the header before each member must say the
 * same, and together they are the whole file: else one program unpacks what another never sees.
 */
import { crc32 } from 'node:zlib'
import { inflate } from './gzip.ts'
import { Unreadable, nameOf, sha256Of } from './member.ts'
import type { ArchiveFinding, Budget, Member, Metadata } from './member.ts'
import { readDirectory, realSizes } from './zip-directory.ts'
import type { Directory, Entry } from './zip-directory.ts'
import { extraFields } from './zip-extra.ts'

interface Contents {
  readonly members: readonly Member[]
  readonly metadata: Metadata
  readonly findings: readonly ArchiveFinding[]
}

/** Errors: `Unreadable`. */
export function readZip(bytes: Buffer, budget: Budget): Contents {
  const directory = readDirectory(bytes, budget)
  const findings: ArchiveFinding[] = []
  const members: Member[] = []
  const spans: Span[] = []
  for (const entry of directory.entries) {
    const local = readLocal(bytes, entry)
    spans.push({ from: entry.offset, to: local.dataEnd, hasDescriptor: (entry.flags & 8) !== 0 })
    const packed = bytes.subarray(local.dataStart, local.dataEnd)
    const content = contentOf(packed, entry, budget)
    if (typeof content === 'string') findings.push({ code: content, name: entry.name })
    else members.push(memberOf(entry, { content, packed, localExtra: local.extra }, budget))
  }
  if (!isWhole(spans, directory)) findings.push({ code: 'bytes-outside-members' })
  return {
    ...{ members, findings },
    metadata: directory.comment.length === 0 ? {} : { comment: directory.comment.toString('hex') },
  }
}

function memberOf(
  entry: Entry,
  { content, packed, localExtra }: { content: Buffer; packed: Buffer; localExtra: Buffer },
  budget: Budget,
): Member {
  const type = entry.madeBy >> 8 === 3 ? (entry.attributes >>> 28) & 0xf : 0
  const isFolder = entry.name.endsWith('/')
  const kind = type === 0xa ? 'link' : isFolder ? 'folder' : type === 0 || type === 8 ? 'file' : 'other'
  return {
    ...{ name: entry.name, kind, sha256: sha256Of(content) },
    metadata: {
      mtime: `${entry.time}`,
      mode: `${entry.attributes}`,
      system: `${entry.madeBy} ${entry.needs} ${entry.flags} ${entry.internal}`,
      ...(entry.comment.length === 0 ? {} : { comment: entry.comment.toString('hex') }),
      ...extraFields(entry.extra, localExtra),
    },
    packed: `${entry.method}:${sha256Of(packed)}`,
    archive: kind === 'file' ? budget.keep(content) : undefined,
  }
}

/** The content, or why it cannot be had. Errors: `Unreadable`. */
function contentOf(packed: Buffer, entry: Entry, budget: Budget): Buffer | 'member-encrypted' | 'member-unsupported' {
  // 0x1 and 0x40: the member; 0x2000: the directory masks what the local headers say.
  if ((entry.flags & 0x2041) !== 0 || entry.method === 99) return 'member-encrypted'
  if (entry.method !== 0 && entry.method !== 8) return 'member-unsupported'
  if (entry.method === 0) budget.unpack(packed.length)
  const { content, consumed } =
    entry.method === 0 ? { content: packed, consumed: packed.length } : inflate(packed, budget, entry.size)
  const isWhole = consumed === packed.length && content.length === entry.size && crc32(content) === entry.crc
  if (!isWhole) throw new Unreadable('archive-malformed', entry.name)
  return content
}

/** Errors: `Unreadable` (`archive-malformed`): it is not there, or says something else than the directory. */
function readLocal(bytes: Buffer, entry: Entry): { dataStart: number; dataEnd: number; extra: Buffer } {
  const at = entry.offset
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== 0x04034b50) {
    throw new Unreadable('archive-malformed', entry.name)
  }
  const nameEnd = at + 30 + bytes.readUInt16LE(at + 26)
  const dataStart = nameEnd + bytes.readUInt16LE(at + 28)
  const dataEnd = dataStart + entry.packedSize
  const extra = bytes.subarray(nameEnd, dataStart)
  const isStreamed = (entry.flags & 8) !== 0
  const short = { size: bytes.readUInt32LE(at + 22), packedSize: bytes.readUInt32LE(at + 18), offset: 0, disk: 0 }
  const { size, packedSize } = realSizes(short, extra, entry.name)
  const saysSame =
    nameOf(bytes.subarray(at + 30, nameEnd)) === entry.name &&
    bytes.readUInt16LE(at + 6) === entry.flags &&
    bytes.readUInt16LE(at + 8) === entry.method &&
    [entry.crc, isStreamed ? 0 : undefined].includes(bytes.readUInt32LE(at + 14)) &&
    [entry.packedSize, isStreamed ? 0 : undefined].includes(packedSize) &&
    [entry.size, isStreamed ? 0 : undefined].includes(size)
  if (!saysSame || dataEnd > bytes.length) throw new Unreadable('archive-malformed', entry.name)
  return { dataStart, dataEnd, extra }
}

interface Span {
  readonly from: number
  readonly to: number
  readonly hasDescriptor: boolean
}

/** Sizes of what may follow a member that was written as a stream: with a mark or without, in 4 or in 8 bytes. */
const descriptors = [12, 16, 20, 24]

/** Whether members lie one behind the other from the first byte to the directory. Error: two share bytes, as in a bomb. */
function isWhole(spans: readonly Span[], { start }: Directory): boolean {
  let end = 0
  let hasDescriptor = false
  let whole = true
  for (const span of [...spans, { from: start, to: start, hasDescriptor: false }].sort((a, b) => a.from - b.from)) {
    const gap = span.from - end
    if (gap < 0) throw new Unreadable('archive-malformed')
    if (gap > 0 && !(hasDescriptor && descriptors.includes(gap))) whole = false
    end = span.to
    hasDescriptor = span.hasDescriptor
  }
  return whole && end === start
}
