/** What a reader of AI records is: one row of the table in `index.ts`. */
import type { ReleaseRange } from '../../model/facts.ts'
import type { AttributedLines, Claim, FindingCode, ReaderId } from '../../model/session.ts'
import type { Repository } from '../git/repository.ts'

/** What a reader looks at, and where it says what it found. */
export interface Look {
  readonly repository: Repository
  readonly range: ReleaseRange
  /** Commits whose parents are not here (a shallow clone). */
  readonly boundary: ReadonlySet<string>
  /** A claim that counts. Errors: `session-limit`. */
  claim(claim: Omit<Claim, 'reader'>): void
  /** Something that does not count, and why. `detail` holds ids, paths inside the repository and numbers, nothing else. */
  finding(code: FindingCode, commit: string | undefined, detail: string): void
  /** Lines that a record attributes, each checked to be an added line of its commit. */
  lines(lines: AttributedLines): void
}

/** One reading: all readers see every commit in the same pass over the history, then each looks after what it noted. */
export interface Reading {
  /** A commit of the range with its message; `whole` is false where only both ends of it are given. Bytes of the call. */
  commit(commit: string, message: Buffer, whole: boolean): void
  finish(): Promise<void>
}

/** Records of this kind are not in the repository. */
export interface Absence {
  readonly absent: string
}

export interface SessionReader {
  readonly id: ReaderId
  readonly title: string
  /**
   * Starts to read, or says why there is nothing to read. A `git-failed` here or in `finish` means that the reader could
   * not look; what it had said by then does not count.
   */
  open(look: Look): Promise<Reading | Absence>
}
