/** SHA-256 of DER, as certificates and keys are named everywhere. */
import { createHash } from 'node:crypto'

/** Lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
