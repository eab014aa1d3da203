/** Text that somebody compressed, so that a few bytes do not become any number. */
import { zstdDecompressSync } from 'node:zlib'
import { CountersignError } from '../../errors.ts'

const leastUnpacked = 1024 * 1024
const mostRatio = 256

/** How many bytes as many packed ones may become: text shrinks to a tenth, and rows that repeat themselves to a hundredth. */
export function mostUnpacked(packed: number): number {
  return leastUnpacked + mostRatio * packed
}

/** With which a frame of Zstandard begins (RFC 8878); no text of JSON does. */
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Undefined for what is no UTF-8, or broken. Error: `input-too-large`, where it is more than `maxBytes`, or than may come of so few. */
export function textOfBlob(blob: Uint8Array, maxBytes: number): string | undefined {
  const isPacked = Buffer.from(blob.buffer, blob.byteOffset, Math.min(blob.length, magic.length)).equals(magic)
  const most = isPacked ? Math.min(maxBytes, mostUnpacked(blob.length)) : maxBytes
  try {
    const bytes = isPacked ? zstdDecompressSync(blob, { maxOutputLength: Math.max(1, most) }) : blob
    if (bytes.length <= most) return decoder.decode(bytes)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return undefined
  }
  throw new CountersignError('input-too-large', 'a blob of the database is larger than is read')
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
