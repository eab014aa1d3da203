/** What is read of an archive: its members by digest, what stands around them, and what could not be read. */
import { hash } from 'node:crypto'
import { limits } from '../../model/limits.ts'
import type { NotComparedCode } from '../../model/rebuild-report.ts'

export interface Member {
  /** As the archive has it; it is shown and never opened. */
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** Of the content; of a link, of what it leads to. */
  readonly sha256: string
  /** What an archive says of it beside its content. */
  readonly metadata: Metadata
  /** SHA-256 of the packed bytes, where the archive packs each by itself. */
  readonly packed: string | undefined
  /** The content, where it looks like an archive and is small enough to be kept. */
  readonly archive: Buffer | undefined
}

export interface Metadata {
  readonly [field: string]: string
}

export interface ArchiveFinding {
  readonly code: NotComparedCode
  readonly name?: string
}

export interface Reading {
  readonly format: 'tar' | 'zip' | 'gzip' | 'tar.gz'
  /** In their order, each name once. */
  readonly members: readonly Member[]
  /** Of gzip, and the comment of a zip. */
  readonly metadata: Metadata
  /** SHA-256 of the packed stream, and of what is in it. */
  readonly stream: { readonly packed: string; readonly content: string } | undefined
  /** Reading ended before the archive did. */
  readonly isPartial: boolean
  /** What nobody can tell about this archive; empty: everything in it was read. */
  readonly findings: readonly ArchiveFinding[]
}

/** Ends the reading of one archive; `read-archive` makes a finding of it. */
export class Unreadable extends Error {
  readonly finding: ArchiveFinding
  constructor(code: NotComparedCode, name?: string) {
    super(code)
    this.finding = { code, ...(name === undefined ? {} : { name }) }
  }
}

export interface Bounds {
  readonly unpackedBytes: number
  readonly archiveMembers: number
  readonly keptArchiveBytes: number
}

/** What all archives of one comparison may take together, one side at a time. */
export class Budget {
  #unpacked: number
  #members: number
  #kept: number

  constructor(bounds: Bounds = limits) {
    this.#unpacked = bounds.unpackedBytes
    this.#members = bounds.archiveMembers
    this.#kept = bounds.keptArchiveBytes
  }

  /** Bytes that may still be unpacked. */
  get unpacked(): number {
    return this.#unpacked
  }

  /** Error: `archive-too-large`. */
  unpack(bytes: number): void {
    this.#unpacked -= bytes
    if (this.#unpacked < 0) throw new Unreadable('archive-too-large')
  }

  /** Error: `archive-too-many-members`. */
  member(): void {
    this.#members -= 1
    if (this.#members < 0) throw new Unreadable('archive-too-many-members')
  }

  /** A copy, so that the archive around it can go; undefined where that would be too much. */
  keep(content: Buffer): Buffer | undefined {
    if (content.length > limits.nestedArchiveBytes || content.length > this.#kept || !looksPacked(content)) {
      return undefined
    }
    this.#kept -= content.length
    return Buffer.from(content)
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** By its end too: a zip may have anything before it. */
export function isZip(bytes: Buffer): boolean {
  const start = bytes.length >= 4 ? bytes.readUInt32LE(0) : 0
  return start === 0x04034b50 || start === 0x06054b50 || bytes.subarray(-66_000).includes('PK\x05\x06')
}

/** POSIX and GNU have that mark; tar of before 1988 has none, and is a file as any other. */
export function isTar(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar'
}

function looksPacked(bytes: Buffer): boolean {
  return isGzip(bytes) || isTar(bytes) || isZip(bytes)
}

/** Bytes of a name → text. What is not UTF-8 is told apart from all that is: such names are compared, and shown in hex. */
export function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : `bytes:${bytes.toString('hex')}`
}
