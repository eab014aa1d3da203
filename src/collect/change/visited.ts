/** A commit as the readers of AI records see it. */
import type { Person } from '../../model/change.ts'
import type { Linkage, PartInChange } from '../../model/record.ts'

/** What stands in a commit, but for its message. */
export interface CommitHeader {
  /** Full ids. */
  readonly commit: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  /** Seconds since 1970; of the author and of the committer. */
  readonly authored: number
  readonly committed: number
  /** False where there is surely no signature in it. */
  readonly isSigned: boolean
}

/**
 * A commit whose traces tell of a change of the range: the change itself (`direct`), or one that went into it and is no ancestor
 * of the release (`squash`, `rebase`; then it was proved that it did). One that went into several changes is visited for each.
 */
export interface Visited extends CommitHeader {
  /** The commit of the range for which its traces count. */
  readonly change: string
  readonly linkage: Linkage
  /** In UTF-8, as git converts it from the encoding that the commit declares. Bytes of the call. */
  readonly message: Buffer
  /** False where only both ends of the message are given. */
  readonly whole: boolean
}

/** The part in the change of whatever stands in the commit, without lines. */
export function partIn({ commit, change, linkage }: Visited): PartInChange {
  return { commit: change, linkage, ...(commit === change ? {} : { saidIn: commit }), edits: undefined }
}
