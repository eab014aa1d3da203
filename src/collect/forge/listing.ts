/** Lists of an API, page after page: whole, or not at all. A page that is missing may have held what says no. */
import { sha256Hex } from '../../model/digest.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { junk } from './asking.ts'
import type { Answer, Asking, Trouble } from './asking.ts'
import type { Said } from './context-row.ts'
import { objectsIn } from './members.ts'

/** An entry, and the digest of the page that it stands on. */
export interface Listed {
  readonly entry: JsonObject
  readonly page: Answer
}

/** A list, with the answers that it came in. */
export interface List {
  readonly entries: readonly Listed[]
  readonly pages: readonly Answer[]
}

export interface Paging {
  /** Names of the parameters. */
  readonly size: 'per_page' | 'pagelen'
  readonly perPage: number
  /** Where a page has its entries. */
  readonly entries: (json: Json) => Json | undefined
  /** The mark of the page behind this one, undefined behind the last. Without it pages are counted. */
  readonly next?: ((json: Json, path: string) => string | Trouble | undefined) | undefined
}

/** All entries of a list. `path` has no paging in its query. */
export async function listed(asking: Asking, path: string, paging: Paging): Promise<List | Trouble> {
  const { size, perPage, entries: entriesOf, next } = paging
  const all: Listed[] = []
  const pages: Answer[] = []
  const start = `${path}${path.includes('?') ? '&' : '?'}${size}=${perPage}`
  const seen = new Set<string>()
  let page = '1'
  for (let count = 1; count <= limits.forgeListPages; count += 1) {
    const answer = await asking.get(`${start}&page=${encodeURIComponent(page)}`)
    if ('trouble' in answer) return answer
    const entries = objectsIn(entriesOf(answer.json))
    if (entries === undefined) return junk
    // What is the same as before is no further page, and what was to be there is not known.
    if (entries.length > 0 && seen.has(answer.sha256)) return { trouble: 'its pages repeat themselves', next: 'other' }
    seen.add(answer.sha256)
    pages.push(answer)
    for (const entry of entries) all.push({ entry, page: answer })
    if (all.length > limits.contextItems) return tooMany
    const isFull = entries.length >= perPage || answer.hasNext
    const following = next === undefined ? (isFull ? String(count + 1) : undefined) : next(answer.json, path)
    if (following === undefined) return { entries: all, pages }
    if (typeof following === 'object') return following
    page = following
  }
  return tooMany
}

const tooMany: Trouble = { trouble: 'it names more than are looked at', next: 'other' }

/** Whoever refuses one question of a kind, for want of rights or by a fault of its own, refuses all of it. */
export function unsaid<T>({ trouble, next, status }: Trouble): Said<T> {
  const isLast = next === 'end' || (status !== undefined && status !== 404 && status !== 422)
  return { value: undefined, trouble, isLast }
}

export function saidAll<T>(value: T): Said<T> {
  return { value, trouble: undefined }
}

/** Of one answer its digest; of several that an item was put together from, that of their bodies one after another. */
export function readingOf(first: Answer, ...others: readonly Answer[]): { said: 'forge-api'; sha256: string } {
  const sha256 =
    others.length === 0 ? first.sha256 : sha256Hex(Buffer.concat([first, ...others].map(({ body }) => body)))
  return { said: 'forge-api', sha256 }
}
