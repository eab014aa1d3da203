/**
 * A document that is written as rows: the first holds it (`kind` 0), the others set a member (1), append to a list (2, cut to `i` before)
 * or take a member away (3), each at a path `k`. VS Code keeps its chats so.
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'

type Open = { [member: string]: Json } | Json[]
type Step = string | number

const longestPath = 64

export class PatchedDocument {
  #document: Json
  #held = 0
  readonly #maxCharacters: number
  readonly #removed: Json[] = []
  readonly #watched: string

  /** `watched`: the list at the top of which is kept what is taken out of it. `maxCharacters`: more is not held, of all that was set. */
  constructor(watched: string, maxCharacters: number) {
    this.#watched = watched
    this.#maxCharacters = maxCharacters
    this.#document = {}
  }

  get document(): JsonObject {
    return objectIn(this.#document) ?? {}
  }

  /** Of those with one id the last, and none that is there under its id once more. */
  get removed(): readonly Json[] {
    const ids = new Set(listIn(this.document[this.#watched]).map(idOf))
    const removed = new Map(this.#removed.map((it) => [idOf(it), it]))
    return [...removed].filter(([id]) => id !== undefined && !ids.has(id)).map(([, it]) => it)
  }

  get isTooLarge(): boolean {
    return this.#held > this.#maxCharacters
  }

  /** What fits nowhere is passed over. */
  apply(row: JsonObject): void {
    const value = row['v']
    this.#held += charactersIn(value)
    if (this.isTooLarge) {
      this.#document = {}
      this.#removed.length = 0
      return
    }
    const path = listIn(row['k']).filter((it): it is Step => typeof it === 'string' || typeof it === 'number')
    if (row['kind'] === 0) this.#document = objectIn(value) === undefined ? {} : (value ?? {})
    else if (path.length > 0 && path.length === listIn(row['k']).length && path.length <= longestPath) {
      this.#change(row, path, value)
    }
  }

  /** What goes is known without a look at all that stays: a document may be changed as often as there are rows. */
  #change(row: JsonObject, path: readonly Step[], value: Json | undefined): void {
    const parent = this.#at(path.slice(0, -1))
    const step = path.at(-1)
    if (parent === undefined || step === undefined) return
    const isList = path.length === 1 && path[0] === this.#watched
    const isItem = path.length === 2 && path[0] === this.#watched
    const before = isList || isItem ? memberOf(parent, step) : undefined
    if (row['kind'] === 1 && value !== undefined) {
      if (!set(parent, step, value)) return
      this.#gone(isList ? listIn(before) : before === undefined ? [] : [before])
    } else if (row['kind'] === 2) {
      const cut = append(parent, step, listIn(value), numberIn(row['i']))
      if (isList) this.#gone(cut)
    } else if (row['kind'] === 3 && take(parent, step)) {
      this.#gone(isList ? listIn(before) : before === undefined ? [] : [before])
    }
  }

  #gone(items: readonly Json[]): void {
    for (const it of items) this.#removed.push(it)
  }

  #at(path: readonly Step[]): Open | undefined {
    let at: Json | undefined = this.#document
    for (const step of path) at = at === undefined ? undefined : memberOf(at, step)
    return typeof at === 'object' && at !== null ? (at as Open) : undefined
  }
}

function idOf(request: Json): string | undefined {
  return textIn(objectIn(request)?.['requestId'])
}

function memberOf(of: Json, step: Step): Json | undefined {
  if (Array.isArray(of)) return typeof step === 'number' ? (of as readonly Json[])[step] : undefined
  const object = objectIn(of)
  return object !== undefined && Object.hasOwn(object, step) ? object[step] : undefined
}

function set(parent: Open, step: Step, value: Json): boolean {
  if (Array.isArray(parent)) {
    const isPlace = typeof step === 'number' && Number.isInteger(step) && step >= 0 && step <= parent.length
    if (isPlace) parent[step] = value
    return isPlace
  }
  if (step === '__proto__') return false
  parent[step] = value
  return true
}

/** What was cut off. */
function append(parent: Open, step: Step, values: readonly Json[], from: number | undefined): readonly Json[] {
  if (memberOf(parent, step) === undefined) set(parent, step, [])
  const list = memberOf(parent, step)
  if (!Array.isArray(list)) return []
  const open = list as Json[]
  const isCut = from !== undefined && Number.isInteger(from) && from >= 0 && from < open.length
  const cut = isCut ? open.splice(from) : []
  for (const it of values) open.push(it)
  return cut
}

/** In a list its place stays, so that the others keep theirs. */
function take(parent: Open, step: Step): boolean {
  if (!Object.hasOwn(parent, step)) return false
  if (!Array.isArray(parent)) return Reflect.deleteProperty(parent, step)
  return typeof step === 'number' && set(parent, step, null)
}

/** About as many as its JSON has. */
function charactersIn(value: Json | undefined): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  let sum = 2
  for (const [member, it] of Object.entries(value)) {
    sum += (Array.isArray(value) ? 0 : member.length + 3) + charactersIn(it)
  }
  return sum
}
