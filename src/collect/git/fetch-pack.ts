/**
 * Commits of a remote with all that they reach, as one pack (git's protocol version 2, `fetch`): one question, without negotiation. The
 * remote sends what is behind the one and not behind the other, and may send more: an object is what its id says.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { delimiter, flush, packet, packetsIn } from './packet-lines.ts'
import type { RemotePlace } from './remote-place.ts'
import type { Repository } from './repository.ts'

export interface PackRequest {
  /** Full ids. */
  readonly wants: readonly string[]
  /** Commits that are here with all that they reach, up to those of `shallow`. */
  readonly haves: readonly string[]
  /** Commits that are here without their parents. */
  readonly shallow: readonly string[]
  readonly format: Repository['objectFormat']
}

/** The bytes of the pack as they come. Error: `git-failed`, also for more than `most` bytes or objects. */
export async function* packFrom(
  place: RemotePlace,
  request: PackRequest,
  most: { readonly bytes: number; readonly objects: number } = {
    bytes: limits.fetchedBytes,
    objects: limits.fetchedObjects,
  },
): AsyncGenerator<Buffer, void, undefined> {
  const packets = packetsIn(await place.ask(questionOf(request), limits.fetchTimeout))
  const head = Buffer.alloc(12)
  let bytes = 0
  for await (const data of packIn(packets)) {
    // A pack says first of how many objects it is; each costs memory, however small it is.
    if (bytes < head.length) data.copy(head, bytes)
    bytes += data.length
    if (bytes >= head.length && head.readUInt32BE(8) > most.objects) {
      throw failed(`it sends more than ${String(most.objects)} objects`)
    }
    if (bytes > most.bytes) throw failed(`it sends more than ${String(most.bytes)} bytes`)
    yield data
  }
}

/** Without `thin-pack`: a clone may lack what it could be put together from. */
function questionOf({ wants, haves, shallow, format }: PackRequest): string {
  const capabilities = format === 'sha1' ? '' : packet(`object-format=${format}\n`)
  const lines = [
    ...['no-progress', 'ofs-delta'],
    ...wants.map((id) => `want ${id}`),
    ...shallow.map((id) => `shallow ${id}`),
    ...haves.map((id) => `have ${id}`),
    'done',
  ]
  return `${packet('command=fetch\n')}${capabilities}${delimiter}${lines.map((it) => packet(`${it}\n`)).join('')}${flush}`
}

async function* packIn(
  packets: AsyncGenerator<Buffer | 'flush' | 'delimiter'>,
): AsyncGenerator<Buffer, void, undefined> {
  let section = ''
  for await (const it of packets) {
    if (it === 'flush') {
      if (section !== 'packfile') break
      return
    }
    if (it === 'delimiter') section = ''
    else if (section === 'packfile') {
      const [band] = it
      if (band === 1) yield it.subarray(1)
      else if (band !== 2) throw failed('it refuses to send what it has')
    } else {
      const line = it.toString('latin1').replace(/\n$/, '')
      // Of other sections only this one can come unasked; a line in it is where the remote itself is cut off.
      const isSection = section === '' && (line === 'packfile' || line === 'shallow-info')
      if (!isSection) throw failed(section === '' ? 'it refuses to send what it has' : 'it has not the whole history')
      section = line
    }
  }
  throw failed('its answer ends too early')
}

function failed(reason: string): CountersignError {
  return new CountersignError('git-failed', reason)
}
