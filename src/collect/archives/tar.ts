/**
 * tar (POSIX.1-1988 and 2001, GNU): what may mean one thing to one program and another to the next is refused, because equal
 * members are then no equal files.
 */
import { Unreadable, nameOf, sha256Of } from './member.ts'
import type { ArchiveFinding, Budget, Member, Metadata } from './member.ts'
import { readPax, together } from './pax.ts'
import type { PaxRecords } from './pax.ts'

const block = 512

interface Header {
  readonly type: string
  readonly name: Buffer
  readonly link: Buffer
  readonly size: number
  readonly metadata: Metadata
}

/** Errors: `Unreadable`. */
export function readTar(
  bytes: Buffer,
  budget: Budget,
): { readonly members: readonly Member[]; readonly findings: readonly ArchiveFinding[] } {
  const members: Member[] = []
  const findings: ArchiveFinding[] = []
  let all: PaxRecords = new Map()
  let next: PaxRecords = new Map()
  let longName: Buffer | undefined
  let longLink: Buffer | undefined
  let at = 0
  while (!isEmpty(bytes, at)) {
    const header = readHeader(bytes, at)
    at += block
    if ('xgLK'.includes(header.type)) {
      budget.member()
      const content = contentAt(bytes, at, header.size)
      at += padded(header.size)
      if (header.type === 'g') all = new Map([...all, ...readPax(content)])
      else if (header.type === 'x') next = readPax(content)
      else if (header.type === 'L') longName = untilZero(content)
      else longLink = untilZero(content)
      continue
    }
    budget.member()
    const records = together(all, next)
    const name = nameOf(records.get('path') ?? longName ?? header.name)
    const size = sizeOf(records, header, name)
    const content = contentAt(bytes, at, size)
    at += padded(size)
    const isSparse = header.type === 'S' || [...records.keys()].some((it) => it.startsWith('GNU.sparse.'))
    const kind = kindOf(header.type, name)
    if (isSparse) throw new Unreadable('member-sparse', name)
    if (kind === undefined) throw new Unreadable('member-unsupported', name)
    // Some read content that follows a folder or a link, and some take it for the next member.
    if (kind !== 'file' && size > 0) throw new Unreadable('archive-malformed', name)
    const link = records.get('linkpath') ?? longLink ?? header.link
    members.push({
      ...{ name, kind, packed: undefined },
      sha256: sha256Of(kind === 'file' ? content : Buffer.concat([Buffer.from(`${header.type} `), link])),
      metadata: metadataOf(header, records),
      archive: kind === 'file' ? budget.keep(content) : undefined,
    })
    next = new Map()
    longName = undefined
    longLink = undefined
  }
  // A header of its own for nothing, or an archive without its end, of which a part may be missing.
  if (next.size > 0 || longName !== undefined || longLink !== undefined) throw new Unreadable('archive-malformed')
  if (!isEmpty(bytes, at + block)) throw new Unreadable('archive-malformed')
  if (bytes.subarray(at).some((it) => it !== 0)) findings.push({ code: 'bytes-outside-members' })
  return { members, findings }
}

/** Whether a block of zeros is there: two of them end the archive. Error: it ends before. */
function isEmpty(bytes: Buffer, at: number): boolean {
  if (at + block > bytes.length) throw new Unreadable('archive-malformed')
  return bytes.subarray(at, at + block).every((it) => it === 0)
}

function padded(size: number): number {
  return Math.ceil(size / block) * block
}

function contentAt(bytes: Buffer, at: number, size: number): Buffer {
  if (at + padded(size) > bytes.length) throw new Unreadable('archive-malformed')
  return bytes.subarray(at, at + size)
}

function sizeOf(records: PaxRecords, { size }: Header, name: string): number {
  const said = records.get('size')?.toString('latin1')
  if (said === undefined) return size
  // A program that knows no pax takes the other one, and finds other members.
  if (!/^\d{1,15}$/.test(said)) throw new Unreadable('archive-malformed', name)
  return Number(said)
}

function kindOf(type: string, name: string): Member['kind'] | undefined {
  if (type === '0' || type === '\0' || type === '7') return name.endsWith('/') ? 'folder' : 'file'
  if (type === '5') return 'folder'
  if (type === '1' || type === '2') return 'link'
  return '346'.includes(type) ? 'other' : undefined
}

function readHeader(bytes: Buffer, at: number): Header {
  const header = bytes.subarray(at, at + block)
  const written = octal(header.subarray(148, 156))
  let sum = 8 * 0x20
  for (let index = 0; index < block; index++) if (index < 148 || index >= 156) sum += header[index] ?? 0
  if (sum !== written) throw new Unreadable('archive-malformed')
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isPosix ? untilZero(header.subarray(345, 500)) : Buffer.alloc(0)
  const own = untilZero(header.subarray(0, 100))
  const devices = header.toString('latin1', 329, 345).replaceAll('\0', ' ').trim()
  return {
    type: String.fromCharCode(header[156] ?? 0),
    name: prefix.length === 0 ? own : Buffer.concat([prefix, Buffer.from('/'), own]),
    link: untilZero(header.subarray(157, 257)),
    size: octal(header.subarray(124, 136)),
    metadata: {
      mode: octal(header.subarray(100, 108)).toString(8),
      mtime: String(octal(header.subarray(136, 148))),
      owner: ownerOf([octal(header.subarray(108, 116)), octal(header.subarray(116, 124))], header),
      ...(/[1-9]/.test(devices) ? { device: devices } : {}),
    },
  }
}

function ownerOf(numbers: readonly number[], header: Buffer): string {
  const names = [header.subarray(265, 297), header.subarray(297, 329)].map((it) => nameOf(untilZero(it)))
  return [...numbers, ...names].join(':')
}

/** What pax says goes before what the header says; what we have no name for is compared all the same. */
function metadataOf({ metadata, type }: Header, records: PaxRecords): Metadata {
  const said = (name: string): string | undefined => records.get(name)?.toString('latin1')
  const owner = ['uid', 'gid', 'uname', 'gname'].map((name) => said(name) ?? '').join(':')
  const known = ['path', 'linkpath', 'size', 'mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname']
  const others = [...records].filter(([name]) => !known.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...metadata,
    ...(said('mtime') === undefined ? {} : { mtime: said('mtime') ?? '' }),
    ...(said('atime') === undefined ? {} : { atime: said('atime') ?? '' }),
    ...(said('ctime') === undefined ? {} : { ctime: said('ctime') ?? '' }),
    ...(owner === ':::' ? {} : { owner: `${metadata['owner'] ?? ''} ${owner}` }),
    ...(others.length === 0 ? {} : { extended: others.map(([name, it]) => `${name}=${it.toString('hex')}`).join() }),
    ...(type === '7' ? { type } : {}),
  }
}

/** Octal digits between spaces and zeros, or GNU's binary number. Error: neither. */
function octal(field: Buffer): number {
  const first = field[0] ?? 0
  if (first >= 0x80) {
    const value = field.readUIntBE(field.length - 6, 6)
    const rest = field.subarray(1, field.length - 6)
    // What is negative, or larger than any file, is no number of ours.
    if (first !== 0x80 || rest.some((it) => it !== 0)) throw new Unreadable('archive-malformed')
    return value
  }
  const [, digits] = /^[ \0]*([0-7]*)[ \0]*$/.exec(field.toString('latin1')) ?? []
  if (digits === undefined) throw new Unreadable('archive-malformed')
  return digits === '' ? 0 : parseInt(digits, 8)
}

function untilZero(field: Buffer): Buffer {
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}
