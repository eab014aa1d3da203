/** What a kind of forge is: where it tells of which requests a commit came, and how it says so. One row, one file of this folder. */
import type { Json, JsonObject } from '../../model/json.ts'
import type { RequestName } from '../change/request-hints.ts'

/** A request that a forge names for a change. A hint, like a number in a title: whoever answers can name any. */
export interface ForgeRequest {
  readonly name: RequestName
  /** Full id of the commit that it ended with. */
  readonly head: string
}

/** What a forge said of some changes. */
export interface ForgeAnswers {
  /** Change → the requests by which it was merged, the likeliest first; none for one that came without. */
  readonly requests: ReadonlyMap<string, readonly ForgeRequest[]>
  /** Why it said nothing of the others, in words that repeat nothing of what came; undefined where it did. */
  readonly failure: string | undefined
}

/** A forge that can be asked. */
export interface Forge {
  /** What it says of these changes (full ids), in their order as far as it gets. It fails by saying less. */
  ask(changes: readonly string[]): Promise<ForgeAnswers>
}

/** One request in an answer, as it stands there. */
export interface ForgeEntry {
  readonly isMerged: boolean
  readonly number: Json | undefined
  readonly head: Json | undefined
  /** The commits that it became at the branch that it was merged into. */
  readonly became: readonly (Json | undefined)[]
}

export interface ForgeRow {
  readonly id: 'github' | 'gitlab'
  /** As people write its requests. */
  readonly sign: '#' | '!'
  readonly headers: { readonly [name: string]: string }
  /** Where its API lists the requests of a commit; undefined for what is no repository of such a forge. */
  path(repository: readonly string[], commit: string): string | undefined
  read(entry: JsonObject): ForgeEntry
}
