/** The few DER values (ITU-T X.690) that the schemas of @peculiar/asn1-* do not cover. */

/** Universal and context tags, constructed bit included. */
export const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
} as const

/** Tag, length in its shortest form, contents. */
export function tlv(tagByte: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from([tagByte, ...lengthBytes(length)]), ...contents])
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

/** Contents of an INTEGER that is not negative: as short as can be, a zero in front where the first bit is set. */
export function unsignedInteger(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
}

/** A copy that owns its memory: the ASN.1 schemas take an ArrayBuffer, and that of a small Buffer is shared. */
export function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}
