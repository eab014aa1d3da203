/** What the rules of a policy look at: verified statements about one artifact, and what they say of AI. */
import type { AiConfiguration } from './ai-configuration.ts'
import type { Evidence, VerifiedStatement } from './evidence.ts'
import type { Change } from './predicate.ts'
import type { AttributionSummary, Session } from './session.ts'
import type { WrittenBranch } from './signed-context.ts'

/**
 * What is known of AI in a range, from signed provenance or from a clone (the gate). Undefined is "nobody looked", and an empty list
 * "there is none".
 */
export interface AiEvidence {
  readonly sessions: readonly Session[] | undefined
  /** Change by change; undefined where no statement of changes was given. */
  readonly changes: readonly Change[] | undefined
  /** How many changes the range has; more than are told where only some of them are. */
  readonly total: number | undefined
  readonly attribution: AttributionSummary | undefined
  /** Every reader, of sessions and of context, by what came of it. */
  readonly readers: readonly { readonly reader: string; readonly outcome: string }[] | undefined
  readonly configuration: AiConfiguration | undefined
  readonly branch: WrittenBranch | undefined
  /** Of a change under review alone: words that everybody at its forge sees. No rule decides by them, for nothing that is signed has any. */
  readonly shown?: ShownChange
}

/** For people who read a row, each on one line and short. */
export interface ShownChange {
  /** Commit → the first words of its subject. */
  readonly subjects: ReadonlyMap<string, string>
  /** Commit → why it names no session, as its message says. */
  readonly reasons: ReadonlyMap<string, string>
  /** Keyed hash of an account or an address → how its forge calls it. */
  readonly people: ReadonlyMap<string, string>
  /** The forge could be asked, but no commit is known to be of a request: what made them so. */
  readonly unnamed?: 'queue' | 'push'
}

/** About one artifact. */
export interface PolicyEvidence extends Evidence {
  /** RFC 3339, UTC: when this is asked. */
  readonly now: string
  /** The provenance that is looked at; `statements` has all that pass. */
  readonly provenance: VerifiedStatement
  /** For each layer of the policy, by the name under which it asks: statements that the signers it names signed. */
  readonly companions: readonly ReadonlyMap<string, readonly VerifiedStatement[]>[]
  /** Undefined: none was given. */
  readonly waivers?: WaiverEvidence
  /** Provenance of the release before, each verified about its own subject; undefined: nobody gave any. */
  readonly previous?: readonly VerifiedStatement[]
  readonly ai: AiEvidence
}

/** Statements about the artifact that a rule need not hold; who signs one counts by the policy alone. */
export interface WaiverEvidence {
  /** All whose signatures hold, whoever signed them. */
  readonly given: readonly VerifiedStatement[]
  /** For each layer of the policy: those by the signers that it names for its waivers. */
  readonly admitted: readonly (readonly VerifiedStatement[])[]
}
