/**
 * Strict DER reading (ITU-T X.690): definite, minimal lengths, nothing after the end, bounded depth by what the callers ask,
 * bounded breadth: an element of two bytes costs a hundred times as much in memory. Elements are views into the bytes, so a
 * signed part is verified as it stands and never encoded again.
 */
import { limits } from '../../model/limits.ts'

/** One element. `bytes` is all of it with its header, `content` what is inside. */
export interface Element {
  readonly tag: number
  readonly bytes: Buffer
  readonly content: Buffer
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Tag of `[number]`, constructed unless it is primitive. */
export function contextTag(number: number, form: 'constructed' | 'primitive' = 'constructed'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) + number
}

/** What is not DER, or not the structure that was expected. Callers give it their own code. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** Exactly one element with this tag. */
export function readDer(bytes: Uint8Array, tag: number = tags.sequence): Element {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const element = elementAt(buffer, 0)
  if (element.bytes.length !== buffer.length) throw new DerError('there are bytes after the end')
  return expectTag(element, tag)
}

/** The elements inside a constructed one; at most `limits.derElements`. */
export function childrenOf({ content }: Element): readonly Element[] {
  const children: Element[] = []
  for (let at = 0; at < content.length;) {
    if (children.length === limits.derElements) throw new DerError(`it has more than ${limits.derElements} elements`)
    const child = elementAt(content, at)
    children.push(child)
    at += child.bytes.length
  }
  return children
}

/** The child at an index, with the tag that it must have. */
export function childAt(children: readonly Element[], index: number, tag: number): Element {
  const child = children[index]
  if (child === undefined) throw new DerError(`element ${index} is missing`)
  return expectTag(child, tag)
}

export function expectTag(element: Element, tag: number): Element {
  if (element.tag !== tag) throw new DerError(`expected tag ${tag.toString(16)}, found ${element.tag.toString(16)}`)
  return element
}

function elementAt(buffer: Buffer, start: number): Element {
  const tag = buffer[start]
  const first = buffer[start + 1]
  if (tag === undefined || first === undefined) throw new DerError('it ends within an element')
  if ((tag & 0x1f) === 0x1f) throw new DerError('tags of several bytes are not used here')
  let at = start + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    // Four bytes of length would be more than any limit on our input.
    if (count === 0 || count > 4 || at + count > buffer.length) throw new DerError('the length is not DER')
    length = buffer.readUIntBE(at, count)
    if (length < 0x80 || (count > 1 && buffer[at] === 0)) throw new DerError('the length is not minimal')
    at += count
  }
  const end = at + length
  if (end > buffer.length) throw new DerError('it ends within an element')
  return { tag, bytes: buffer.subarray(start, end), content: buffer.subarray(at, end) }
}

/** Dotted text of an OBJECT IDENTIFIER. */
export function oidOf({ content }: Element): string {
  const arcs: number[] = []
  let value = 0
  let open = false
  for (const byte of content) {
    if (!open && byte === 0x80) throw new DerError('the object identifier is not minimal')
    value = value * 128 + (byte & 0x7f)
    if (value > Number.MAX_SAFE_INTEGER) throw new DerError('the object identifier is too large')
    open = byte >= 0x80
    if (open) continue
    if (arcs.length === 0)
      arcs.push(Math.min(Math.floor(value / 40), 2), value - Math.min(Math.floor(value / 40), 2) * 40)
    else arcs.push(value)
    value = 0
  }
  if (open || arcs.length === 0) throw new DerError('the object identifier is cut')
  return arcs.join('.')
}

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/

/** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5; RFC 3161 allows fractions of a second). */
export function timeOf({ tag, content }: Element): Date {
  const text = content.toString('latin1')
  const match =
    tag === tags.utcTime ? utcTime.exec(text) : tag === tags.generalizedTime ? generalizedTime.exec(text) : null
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = match ?? []
  const full = tag === tags.utcTime ? `${Number(year) >= 50 ? '19' : '20'}${year}` : year
  const seconds = `${full}-${month}-${day}T${hour}:${minute}:${second}`
  const date = new Date(`${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  // JavaScript reads 30 February as 1 March, and 24:00 as the next day.
  if (match === null || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(seconds)) {
    throw new DerError('the time is malformed')
  }
  return date
}

/** Small non-negative INTEGER. */
export function integerOf({ content }: Element): number {
  const [first = 0x80, second = 0x80] = content
  if (content.length > 6 || first >= 0x80) throw new DerError('the integer is out of range')
  if (first === 0 && content.length > 1 && second < 0x80) throw new DerError('the integer is not minimal')
  return content.readUIntBE(0, content.length)
}

/** The bytes of an INTEGER of any size, minimal and not negative: a serial number. */
export function unsignedOf({ content }: Element): Buffer {
  const [first = 0x80, second = 0x80] = content
  if (first >= 0x80) throw new DerError('the integer is empty or negative')
  if (first === 0 && content.length > 1 && second < 0x80) throw new DerError('the integer is not minimal')
  return content
}

/** BOOLEAN; DER has one octet for each value, and a reader that takes others for false would lose a "critical". */
export function booleanOf({ content }: Element): boolean {
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff)) throw new DerError('the boolean is not DER')
  return content[0] === 0xff
}

/** The bytes of a BIT STRING without unused bits. */
export function bitsOf({ content }: Element): Buffer {
  if (content[0] !== 0) throw new DerError('the bit string has unused bits')
  return content.subarray(1)
}

/** Header and parts of an element, for the one structure that must be built: a certificate without its SCTs. */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | digits.length, ...digits]
  return Buffer.concat([Buffer.from(header), ...parts])
}
