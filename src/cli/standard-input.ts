/** What is piped into the program, whole and bounded. */
import { CountersignError } from '../index.ts'
import type { OptionName } from '../index.ts'
import type { Terminal } from './terminal.ts'

/** As much as the library reads of a file of bundles. */
export const bundleInputBytes = 512 * 1024 * 1024

/** At most so many bytes; `of` is the option that it stands for. Errors: `input-too-large`, `input-unreadable`. */
export async function readStandardInput({ stdin }: Terminal, maxBytes: number, of: OptionName): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of stdin()) {
      bytes += chunk.length
      if (bytes > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new CountersignError('input-unreadable', 'standard input cannot be read', { option: of, cause })
  }
  if (bytes <= maxBytes) return Buffer.concat(chunks)
  throw new CountersignError('input-too-large', `standard input has more than ${maxBytes} bytes`, { option: of })
}
