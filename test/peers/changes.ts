/** One changed byte each, in the places that a bundle protects. What is changed stays well-formed as far as it can. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { EditableBundle } from '../world/release.ts'

export interface Change {
  readonly what: Place
  /** Returns the pair that a verifier is given instead. */
  readonly make: (given: Pair) => Pair
}

/** Paths. */
export interface Pair {
  readonly bundle: string
  readonly artifact: string
}

export type Place =
  'payload' | 'signature' | 'certificate' | 'log entry' | 'log proof' | 'checkpoint' | 'timestamp' | 'artifact'

let copies = 0

function edit(what: Place, change: (bundle: EditableBundle) => void): Change {
  return {
    what,
    make({ bundle, artifact }) {
      const json = JSON.parse(readFileSync(bundle, 'utf8')) as EditableBundle
      change(json)
      const copy = `${bundle}.${(copies += 1)}.json`
      writeFileSync(copy, JSON.stringify(json))
      return { bundle: copy, artifact }
    },
  }
}

export const changes: readonly Change[] = [
  edit('payload', ({ dsseEnvelope }) => {
    // A hex digit of the commit that was built: still a well-formed statement, and another one.
    dsseEnvelope.payload = changed(dsseEnvelope.payload, (bytes) => bytes.indexOf('"gitCommit":"') + 20, otherDigit)
  }),
  edit('signature', ({ dsseEnvelope }) => {
    const [signature] = dsseEnvelope.signatures
    if (signature === undefined) throw new Error('there is no signature to change')
    signature.sig = changed(signature.sig, last)
  }),
  edit('certificate', ({ verificationMaterial }) => {
    if (verificationMaterial.certificate === undefined) throw new Error('there is no certificate to change')
    const { certificate } = verificationMaterial
    certificate.rawBytes = changed(certificate.rawBytes, (bytes) => bytes.indexOf('https://') + 12)
  }),
  edit('log entry', ({ verificationMaterial: { tlogEntries } }) => {
    for (const entry of tlogEntries) {
      // A digit of the digest that was logged, in base64 or hex.
      const digest = /"(?:digest|value)":"/
      const where = (bytes: Buffer): number => {
        const found = digest.exec(bytes.toString('latin1'))
        if (found === null) throw new Error('the log entry has no digest to change')
        return found.index + found[0].length + 3
      }
      entry.canonicalizedBody = changed(entry.canonicalizedBody, where, otherDigit)
    }
  }),
  edit('log proof', ({ verificationMaterial: { tlogEntries } }) => {
    for (const { inclusionProof } of tlogEntries) {
      const [first, ...rest] = inclusionProof?.hashes ?? []
      if (inclusionProof === undefined || first === undefined) throw new Error('there is no proof to change')
      inclusionProof.hashes = [changed(first, last), ...rest]
    }
  }),
  edit('checkpoint', ({ verificationMaterial: { tlogEntries } }) => {
    for (const { inclusionProof } of tlogEntries) {
      if (inclusionProof === undefined) throw new Error('there is no checkpoint to change')
      // The last byte before the end of the line belongs to the signature.
      const { envelope } = inclusionProof.checkpoint
      const at = envelope.lastIndexOf('\n') - 6
      inclusionProof.checkpoint.envelope = `${envelope.slice(0, at)}${envelope[at] === 'A' ? 'B' : 'A'}${envelope.slice(at + 1)}`
    }
  }),
  edit('timestamp', ({ verificationMaterial: { timestampVerificationData } }) => {
    const { rfc3161Timestamps: timestamps } = timestampVerificationData
    if (timestamps.length === 0) throw new Error('there is no timestamp to change')
    for (const it of timestamps) it.signedTimestamp = changed(it.signedTimestamp, last)
  }),
  {
    what: 'artifact',
    make({ bundle, artifact }) {
      const copy = `${artifact}.${(copies += 1)}`
      copyFileSync(artifact, copy)
      const bytes = readFileSync(copy)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      writeFileSync(copy, bytes)
      return { bundle, artifact: copy }
    },
  },
]

function last(bytes: Buffer): number {
  return bytes.length - 1
}

/** base64 → base64 with one byte changed. */
function changed(base64: string, where: (bytes: Buffer) => number, change = otherBit): string {
  const bytes = Buffer.from(base64, 'base64')
  const at = where(bytes)
  bytes[at] = change(bytes[at] ?? 0)
  return bytes.toString('base64')
}

function otherBit(byte: number): number {
  return byte ^ 1
}

/** A digit of hex and of base64, and another one. */
function otherDigit(byte: number): number {
  return byte === 0x30 ? 0x31 : 0x30
}
