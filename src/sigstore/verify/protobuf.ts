/** Protobuf as bytes (protobuf.dev/programming-guides/encoding), as far as a log entry needs it: varints and what has a length. */
import { DerError } from './asn1.ts'

/** Number of a field → its values in order: a whole number, or bytes. */
export type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>

/** The fields of one message. Throws DerError: of other kinds of value there are none in a log entry. */
export function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>()
  for (let at = 0; at < message.length;) {
    const tag = varintAt(message, at)
    const number = Number(tag.value >> 3n)
    const value = varintAt(message, tag.end)
    const kind = tag.value & 7n
    if (kind !== 0n && kind !== 2n) throw new DerError('a value of a kind that a log entry has not')
    at = kind === 0n ? value.end : value.end + Number(value.value)
    if (at > message.length) throw new DerError('a message ends within a value')
    const all = fields.get(number) ?? []
    all.push(kind === 0n ? value.value : message.subarray(value.end, at))
    fields.set(number, all)
  }
  return fields
}

function varintAt(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n
  for (let at = start; at < start + 10; at += 1) {
    const byte = bytes[at]
    if (byte === undefined) break
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new DerError('a message ends within a number, or it is too large')
}

/** The one value of a field that holds bytes; undefined without it. Throws DerError (it stands twice, or is a number). */
export function bytesIn(fields: Fields, number: number): Buffer | undefined {
  const value = onlyIn(fields, number)
  if (typeof value === 'bigint') throw new DerError(`field ${number} is a number`)
  return value
}

/** The one value of a field that holds a number that is not negative; 0 without it. Throws DerError. */
export function numberIn(fields: Fields, number: number): bigint {
  const value = onlyIn(fields, number) ?? 0n
  if (typeof value !== 'bigint' || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new DerError(`field ${number} is no number that fits`)
  }
  return value
}

/** All values of a field that holds bytes. Throws DerError. */
export function allBytesIn(fields: Fields, number: number): readonly Buffer[] {
  return (fields.get(number) ?? []).map((value) => {
    if (typeof value === 'bigint') throw new DerError(`field ${number} is a number`)
    return value
  })
}

function onlyIn(fields: Fields, number: number): bigint | Buffer | undefined {
  const [value, ...more] = fields.get(number) ?? []
  // Protobuf would take the last one; whoever writes two means to be read in two ways.
  if (more.length > 0) throw new DerError(`field ${number} stands twice`)
  return value
}
