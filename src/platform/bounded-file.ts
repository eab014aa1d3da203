/** A file that a person names, read whole and bounded: also a pipe or a device, which tell no size and need not end. */
import { createReadStream } from 'node:fs'
import { CountersignError, reasonOf } from '../errors.ts'

/** Errors: `input-unreadable`, `input-too-large`. */
export async function readBoundedFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let total = 0
  try {
    // One byte more than is accepted.
    for await (const chunk of createReadStream(path, { end: maxBytes }) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      total += chunk.length
    }
  } catch (thrown) {
    throw new CountersignError('input-unreadable', `cannot read ${path}: ${reasonOf(thrown)}`, { cause: thrown })
  }
  if (total > maxBytes) throw new CountersignError('input-too-large', `${path} has more than ${maxBytes} bytes`)
  return Buffer.concat(chunks)
}
