/** DSSE v1 (github.com/secure-systems-lab/dsse): the envelope and the bytes that its signature covers. */

/** The only payload type we sign and accept as an attestation (in-toto attestation framework v1, spec/v1/envelope.md). */
export const inTotoPayloadType = 'application/vnd.in-toto+json'

/** A DSSE envelope with its base64 undone. */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly signatures: readonly { readonly sig: Uint8Array; readonly keyid: string }[]
}

/** Pre-authentication encoding (DSSE protocol.md): what is really signed. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload])
}
