/** The frame of git's protocol (gitprotocol-common, pkt-line): four hex digits of length, those included, and what it is of. */
import { CountersignError } from '../../errors.ts'

/** What stands between packets: the end of a message, and that of a section in it. */
export const flush = '0000'
export const delimiter = '0001'

export type Packet = Buffer | 'flush' | 'delimiter'

/** A line of a request; its characters are ASCII. */
export function packet(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
}

/** The packets of an answer as it comes; none is larger than 65,531 bytes. Error: `git-failed` for what is no packet, or half of one. */
export async function* packetsIn(source: AsyncIterable<Uint8Array>): AsyncGenerator<Packet, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let at = 0
    while (rest.length - at >= 4) {
      const digits = rest.toString('latin1', at, at + 4)
      const length = /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1
      if (length === 0 || length === 1) {
        yield length === 0 ? 'flush' : 'delimiter'
        at += 4
      } else if (length < 5) throw malformed()
      else if (rest.length - at < length) break
      else {
        yield rest.subarray(at + 4, at + length)
        at += length
      }
    }
    rest = rest.subarray(at)
  }
  if (rest.length > 0) throw malformed()
}

function malformed(): CountersignError {
  return new CountersignError('git-failed', 'the remote does not speak as git does')
}
