/** Full ids of objects as a set that the garbage collector does not look into: a history has very many. */
import type { Repository } from './repository.ts'

export interface IdSet {
  add(id: string): void
  has(id: string): boolean
}

const initialPlaces = 1_024

/** Open addressing: an id stands at the place that its first bytes say, or at the next that was free. */
export function newIdSet(objectFormat: Repository['objectFormat']): IdSet {
  const idBytes = objectFormat === 'sha1' ? 20 : 32
  const asked = Buffer.alloc(idBytes)
  let places = initialPlaces
  let ids = Buffer.alloc(places * idBytes)
  let isTaken = new Uint8Array(places)
  let size = 0

  /** Where the id is, or would be. */
  function placeOf(id: Buffer): number {
    let place = id.readUInt32LE(0) & (places - 1)
    while (isTaken[place] === 1 && id.compare(ids, place * idBytes, (place + 1) * idBytes) !== 0)
      place = (place + 1) & (places - 1)
    return place
  }

  function put(id: Buffer): void {
    const place = placeOf(id)
    if (isTaken[place] === 1) return
    isTaken[place] = 1
    id.copy(ids, place * idBytes)
    size += 1
  }

  function grow(): void {
    const before = { ids, isTaken, places }
    places *= 2
    ids = Buffer.alloc(places * idBytes)
    isTaken = new Uint8Array(places)
    size = 0
    for (let place = 0; place < before.places; place += 1) {
      if (before.isTaken[place] === 1) put(before.ids.subarray(place * idBytes, (place + 1) * idBytes))
    }
  }

  return {
    add(id) {
      if (2 * size >= places) grow()
      asked.write(id, 'hex')
      put(asked)
    },
    has(id) {
      asked.write(id, 'hex')
      return isTaken[placeOf(asked)] === 1
    },
  }
}
