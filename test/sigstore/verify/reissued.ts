/** A certificate signed anew, by another algorithm, under another name of it, or with another serial number. */
import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { childrenOf, encode, readDer, tags } from '../../../src/sigstore/verify/asn1.ts'
import { oidDer } from '../../world/own-certificates.ts'
import type { OwnCertificate } from '../../world/own-certificates.ts'

export const algorithmOids = {
  ecdsaWithSha1: '1.2.840.10045.4.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha1WithRsa: '1.2.840.113549.1.1.5',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ed25519: '1.3.101.112',
} as const

export interface Reissue {
  /** Whose key signs. */
  readonly key: KeyObject
  /** What the certificate says of its signature. */
  readonly algorithm: string
  /** What it was made with. */
  readonly hash: string | null
  readonly serialNumber?: Buffer
}

export function reissued(certificate: OwnCertificate, { key, algorithm, hash, serialNumber }: Reissue): OwnCertificate {
  const [old] = childrenOf(readDer(certificate.der))
  const named = encode(tags.sequence, oidDer(algorithm))
  const parts = childrenOf(old!).map((it, index) => {
    if (index === 1 && serialNumber !== undefined) return encode(tags.integer, serialNumber)
    return index === 2 ? named : it.bytes
  })
  const tbs = encode(tags.sequence, ...parts)
  const signature = encode(tags.bitString, Buffer.of(0), sign(hash, tbs, key))
  return { ...certificate, der: encode(tags.sequence, tbs, named, signature) }
}
