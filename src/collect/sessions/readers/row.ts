/** What a reader of AI records is: one row, one file of this folder. */
import type { ReleaseRange } from '../../../model/facts.ts'
import type { SessionRecord } from '../../../model/record.ts'
import type { AttributedLines } from '../../../model/session.ts'
import type { Visited } from '../../change/visited.ts'
import type { HasRemoteRef } from '../../git/remote-refs.ts'
import type { Repository } from '../../git/repository.ts'

/** What a reader looks at, and where it says what it found. */
export interface Look<Code extends string = string> {
  readonly repository: Repository
  readonly range: ReleaseRange
  /** Commits whose parents are not here (a shallow clone). */
  readonly boundary: ReadonlySet<string>
  /** Asks the remote about a ref that is not in the clone. */
  readonly hasRemoteRef: HasRemoteRef
  /** A record that counts. Errors: `session-limit`. */
  record(record: Omit<SessionRecord, 'reader'>): void
  /** Something that does not count, and why. `detail` holds ids, paths inside the repository and numbers, nothing else. */
  finding(code: Code, commit: string | undefined, detail: string): void
  /** How many lines of a commit records attribute, each checked to be one that the commit added; once for a commit. */
  lines(commit: string, lines: AttributedLines): void
}

/** One reading: all readers see every commit in the same pass over the history, then each looks after what it noted. */
export interface Reading {
  /** A commit of the range, or one that went into a commit of it. */
  commit(visited: Visited): void
  finish(): Promise<void>
}

/** Nothing is there to be read. */
export interface Absence {
  /** `nothing`: there are no records of this kind, here or at the remote. `not-fetched`: there may be some that this clone does not have. */
  readonly outcome: 'nothing' | 'not-fetched'
  readonly detail: string
}

export interface SessionReader<Code extends string = string> {
  /** As the file is named, without its ending. */
  readonly id: string
  readonly title: string
  /** The command that fetches its records, where a clone does not have them. */
  readonly fetch?: string
  /** What it can find that does not count: code → meaning. */
  readonly findings: { readonly [code in Code]: string }
  /**
   * Starts to read, or says why there is nothing to read. A `git-failed` here or in `finish` means that the reader could
   * not look; what it had said by then does not count.
   */
  open(look: Look<Code>): Promise<Reading | Absence>
}
