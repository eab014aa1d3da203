/** Writing DER (ITU-T X.690): the kinds of values that certificates and timestamps are made of. */
import { encode, tags } from '../sigstore/verify/asn1.ts'

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encode(tags.sequence, ...parts)
}

/** In the order of their encodings, as DER wants a SET OF. */
export function setOf(parts: readonly Uint8Array[]): Buffer {
  return encode(tags.set, ...parts.toSorted((left, right) => Buffer.compare(left, right)))
}

export function octetString(bytes: Uint8Array): Buffer {
  return encode(tags.octetString, bytes)
}

export function utf8String(text: string): Buffer {
  return encode(0x0c, Buffer.from(text))
}

/** Bits of which none is unused at the end, or so many. */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return encode(tags.bitString, Buffer.of(unused), bytes)
}

/** TRUE; FALSE is the default wherever we write one, and DER leaves a default out. */
export const yes: Buffer = encode(tags.boolean, Buffer.of(0xff))

/** Dotted text. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift(0x80 | (left % 128))
    }
    return digits
  })
  return encode(tags.oid, Buffer.from(bytes))
}

/** An INTEGER that is not negative: as short as can be, a zero in front where the first bit is set. */
export function integer(value: bigint | number): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return encode(tags.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** UTCTime, and GeneralizedTime where the year needs it (RFC 5280 §4.1.2.5). */
export function time(date: Date): Buffer {
  const year = date.getUTCFullYear()
  const isShort = year >= 1950 && year < 2050
  return isShort ? encode(tags.utcTime, Buffer.from(digitsOf(date).slice(2))) : generalizedTime(date)
}

/** Whole seconds. */
export function generalizedTime(date: Date): Buffer {
  return encode(tags.generalizedTime, Buffer.from(digitsOf(date)))
}

/** `20260304050607Z` */
function digitsOf(date: Date): string {
  return date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '')
}
