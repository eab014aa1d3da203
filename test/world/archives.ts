/** Archives as a test makes them, member by member, and as nobody else would. */
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

export interface MadeMember {
  readonly name: string
  readonly content: string | Buffer
  /** Seconds. */
  readonly mtime?: number
  /** Of tar: type, what a link leads to, and what the header says of the size. */
  readonly type?: string
  readonly link?: string
  readonly size?: number
  /** Of zip: flags, method, another name before the member than in the directory. */
  readonly flags?: number
  readonly method?: number
  readonly localName?: string
}

export function tarMember({ name, content, mtime = 0, type = '0', link = '', size }: MadeMember): Buffer {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, length: number): unknown =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  header.write(name, 0, 100)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size ?? bytes.length, 124, 12)
  octal(mtime, 136, 12)
  header.write(type, 156, 'latin1')
  header.write(link, 157, 100)
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(0x20, 148, 156)
  octal(
    header.reduce((sum, it) => sum + it, 0),
    148,
    7,
  )
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

export function tarOf(members: readonly MadeMember[]): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(1024)])
}

export function tgzOf(members: readonly MadeMember[], level = 6): Buffer {
  return gzipSync(tarOf(members), { level })
}

/** A record of pax with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = rest.length
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length
  return `${length}${rest}`
}

export function zipOf(members: readonly MadeMember[], before: Buffer = Buffer.alloc(0)): Buffer {
  const parts: Buffer[] = [before]
  const directory: Buffer[] = []
  let at = before.length
  for (const { name, content, mtime = 0, flags = 0, method = 8, localName = name, size } of members) {
    const bytes = Buffer.from(content)
    const packed = method === 8 ? deflateRawSync(bytes) : bytes
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(mtime, 6)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size ?? bytes.length, 18)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(localName)])
    local.writeUInt16LE(Buffer.byteLength(localName), 26)
    const entry = Buffer.alloc(46)
    entry.write('PK\x01\x02', 0, 'latin1')
    common.copy(entry, 6)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt16LE(0, 30)
    entry.writeUInt32LE(at, 42)
    directory.push(Buffer.concat([entry, Buffer.from(name)]))
    parts.push(local, packed)
    at += local.length + packed.length
  }
  const all = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(all.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, all, end])
}
