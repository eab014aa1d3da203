/** What stands in a certificate, read without any of our own code. */
import type { X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'

/** Number below 1.3.6.1.4.1.57264.1 → text. Up to 6 the text stands bare, from 8 on as a DER UTF8String. */
export function fulcioExtensions(certificate: X509Certificate | undefined): { [number: number]: string } {
  const found: { [number: number]: string } = {}
  for (const [oid, value] of extensionsOf(certificate)) {
    const number = Number(/^1\.3\.6\.1\.4\.1\.57264\.1\.(\d+)$/.exec(oid)?.[1])
    if (!Number.isNaN(number)) found[number] = (number <= 6 ? value : derText(value)).toString('utf8')
  }
  return found
}

export function extensionsOf(certificate: X509Certificate | undefined): Map<string, Buffer> {
  const { tbsCertificate } = AsnConvert.parse(certificate?.raw ?? Buffer.alloc(0), Certificate)
  const found = new Map<string, Buffer>()
  tbsCertificate.extensions?.forEach(({ extnID, extnValue }) => found.set(extnID, Buffer.from(extnValue.buffer)))
  return found
}

function derText(bytes: Buffer): Buffer {
  const long = (bytes[1] ?? 0) > 0x7f ? (bytes[1] ?? 0) - 0x80 : 0
  if (bytes[0] !== 0x0c) throw new Error('the extension is no UTF8String')
  return bytes.subarray(2 + long)
}
