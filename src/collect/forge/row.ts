/** What a kind of forge is: where it tells of which requests a commit came, and how it says so. One row, one file of this folder. */
import type { Json, JsonObject } from '../../model/json.ts'
import type { RequestName } from '../change/request-hints.ts'
import type { ContextPlace, ForgeContext } from './context-row.ts'

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
  readonly id: 'github' | 'gitlab' | 'bitbucket'
  /** As people write its requests. */
  readonly sign: '#' | '!'
  readonly headers: { readonly [name: string]: string }
  /** Whether the parts of a name can be those of a repository there. */
  isRepository(repository: readonly string[]): boolean
  /** Where its API lists the requests of a commit, and how it says them; undefined where it does not. */
  readonly requests:
    { path(repository: readonly string[], commit: string): string; read(entry: JsonObject): ForgeEntry } | undefined
  /** What it says of a request, of a commit and of a branch. */
  context(place: ContextPlace): ForgeContext
}
