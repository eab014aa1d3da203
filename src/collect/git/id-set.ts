/** Full ids of objects as a set that the garbage collector does not look into: a history has very many. */
import type { Repository } from './repository.ts'

export interface IdSet {
  add(id: string): void
  has(id: string): boolean
}

const initialPlaces = 1_024

/** Of a digit of lower-case hex, by its character. */
const valueOf = new Uint8Array(128)
for (let value = 0; value < 16; value += 1) valueOf[value.toString(16).charCodeAt(0)] = value

/** Open addressing: an id stands at the place that its first bytes say, or at the next that was free. In words of four bytes. */
export function newIdSet(objectFormat: Repository['objectFormat']): IdSet {
  const words = objectFormat === 'sha1' ? 5 : 8
  const asked = new Uint32Array(words)
  let places = initialPlaces
  let ids = new Uint32Array(places * words)
  let isTaken = new Uint8Array(places)
  let size = 0

  function isAt(place: number): boolean {
    for (let word = 0; word < words; word += 1) if (ids[place * words + word] !== asked[word]) return false
    return true
  }

  /** A call into the runtime for each id would be most of the work. */
  function ask(id: string): void {
    for (let word = 0, at = 0; word < words; word += 1) {
      let bits = 0
      for (const end = at + 8; at < end; at += 1) bits = (bits << 4) | (valueOf[id.charCodeAt(at)] ?? 0)
      asked[word] = bits
    }
  }

  /** Where the id that is asked for is, or would be. */
  function placeOfAsked(): number {
    let place = (asked[0] ?? 0) & (places - 1)
    while (isTaken[place] === 1 && !isAt(place)) place = (place + 1) & (places - 1)
    return place
  }

  function putAsked(): void {
    const place = placeOfAsked()
    if (isTaken[place] === 1) return
    isTaken[place] = 1
    for (let word = 0; word < words; word += 1) ids[place * words + word] = asked[word] ?? 0
    size += 1
  }

  function grow(): void {
    const before = { ids, isTaken, places }
    places *= 2
    ids = new Uint32Array(places * words)
    isTaken = new Uint8Array(places)
    size = 0
    for (let place = 0; place < before.places; place += 1) {
      if (before.isTaken[place] !== 1) continue
      for (let word = 0; word < words; word += 1) asked[word] = before.ids[place * words + word] ?? 0
      putAsked()
    }
  }

  return {
    add(id) {
      if (2 * size >= places) grow()
      ask(id)
      putAsked()
    },
    has(id) {
      ask(id)
      return isTaken[placeOfAsked()] === 1
    },
  }
}
