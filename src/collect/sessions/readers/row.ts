/** What a reader of AI records is: one row, one file of this folder. */
import type { FileSession } from '../../../model/change.ts'
import type { ReleaseRange } from '../../../model/facts.ts'
import type { PersonHash } from '../../../model/person.ts'
import type { SessionRecord } from '../../../model/record.ts'
import type { RecordOf, VerifyRedaction } from '../../../model/record-attestation.ts'
import type { Signer } from '../../../model/session.ts'
import type { SourceStatement, VerifySource } from '../../../model/source-statement.ts'
import type { Visited } from '../../change/visited.ts'
import type { Remote } from '../../git/remote.ts'
import type { Repository } from '../../git/repository.ts'
import type { AddedFiles, SharedFiles, StandingLines } from '../standing-lines.ts'
import type { ToolTable } from '../tools.ts'
import type { SessionTranscript } from '../transcript-table.ts'

/** What a reader looks at, and where it says what it found. */
export interface Look<Code extends string = string> {
  readonly repository: Repository
  readonly range: ReleaseRange
  /** Commits whose parents are not here (a shallow clone). */
  readonly boundary: ReadonlySet<string>
  /** The tools that records can name, an organisation's own among them; those that this version knows where it is absent. */
  readonly tools?: ToolTable
  /** What the remote has of refs, and whether that is here. */
  readonly remote: Remote
  /** The hash of a person's address under the key of this statement; absent where nothing is to be said of people. */
  readonly person?: ((address: string) => PersonHash) | undefined
  /** Verifies what somebody signed about a commit: signatures and trust are another room's. */
  readonly verifySource: VerifySource
  /** What other readers found so far: session → who names it. Absent: everything counts. */
  readonly claims?: () => ReadonlyMap<string, Claim>
  /** Who signed commits that are records, and records by the bundles over their digests. Absent: nobody can say. */
  readonly whoSigned?: (commits: ReadonlySet<string>, bundles: readonly DigestBundle[]) => Promise<RecordsSigned>
  /** Who signed the redaction of a record, by a bundle of it. Absent: nobody can say. */
  readonly redactor?: VerifyRedaction | undefined
  /** A bundle over the digest of a record, found beside it: it counts as if the caller had given it. */
  readonly recordBundle?: (bytes: Uint8Array) => void
  /** What a change added will be asked for: git may begin. Told during the pass it saves time, and else nothing depends on it. */
  readonly expectLines?: ((change: string, parents: number) => void) | undefined
  /** A record that counts. Errors: `session-limit`. */
  record(record: Omit<SessionRecord, 'reader'>): void
  /** Something that does not count, and why. `detail` holds ids, paths inside the repository and numbers, nothing else. */
  finding(code: Code, commit: string | undefined, detail: string): void
  /** Whose the lines of a change are, as records say, each checked to be one that it added; each line once. */
  lines(change: string, files: readonly AttributedFile[]): void
  /** What somebody signed about a change itself, verified. No session: it counts by the changes of which it tells. */
  source(change: string, statement: SourceStatement): void
  /** What a transcript of a session tells, its record. `cut`: its lines are not kept, for those of all are too many. */
  transcript(tool: string, session: string, transcript: SessionTranscript): 'whole' | 'cut'
}

/** That a session is named. */
export interface Claim {
  /** Ids of tools; `unknown` where none was said. */
  readonly tools: ReadonlySet<string>
  /** A record of it was found, with bytes of its own. */
  readonly isPinned: boolean
}

export interface DigestBundle {
  /** That it lies beside. */
  readonly record: RecordOf
  readonly bytes: Uint8Array
}

export interface RecordsSigned {
  commit(id: string): Signer | undefined
  record(record: RecordOf): Signer | undefined
}

/** A file as one reader attributes its added lines. */
export interface AttributedFile {
  /** The bytes of the path as Latin-1, as in {@link AddedFiles}. */
  readonly path: string
  readonly human: number
  readonly sessions: readonly FileSession[]
}

/** One reading: all readers see every commit in the same pass over the history, then each looks after what it noted. */
export interface Reading {
  /** A commit of the range, or one that went into a commit of it. */
  commit(visited: Visited): void
  /** What it makes of what it noted; claims that need a look at the lines of their changes come after it. */
  finish(): Promise<LineReading | undefined>
  /** Once it has finished, why nothing was there, or not all: that is said also where some records were found. */
  absence?(): Absence | undefined
}

/** Claims about lines, to be held against what each change added. One pass over the changes serves all readers. */
export interface LineReading {
  /** Commits of the range, with the number of their parents. */
  readonly changes: ReadonlyMap<string, number>
  /** Told once, before the first of them: the order in which they come. */
  begin(order: readonly string[]): void
  /** `files` is undefined where git cannot read what a change added (a clone without all contents). */
  added(change: string, files: AddedFiles | undefined): Promise<void>
  /** Claims about lines of commits that went into changes; they come before those of the changes. */
  readonly carried?: CarriedReading
  /** Always told, also after a failure. */
  end(): Promise<void>
}

/** Claims about lines that commits of requests added, to be found again in the changes that these became (`carried-way.ts`). */
export interface CarriedReading {
  /** The commits that it has claims of. */
  readonly commits: ReadonlySet<string>
  /** Told once, before the first of them, and not where there is none: which of them come, and in which order. */
  begin(order: readonly string[]): void
  /** What is claimed of the lines of this commit; undefined where none of it counts. */
  claims(commit: string): Promise<SharedFiles | undefined>
  /** What of them stands in the change; of a commit whose lines could not be followed it is not told. */
  carried(commit: string, standing: StandingLines): Promise<void>
}

/** Nothing is there that counts, or not all that may. */
export interface Absence {
  /**
   * `nothing`: there are no records of this kind, here or at the remote. `not-fetched`: there may be some that this clone does not
   * have. `could-not-look`: there are some, and what it takes to read them is missing. `not-collected`: it was told not to look.
   */
  readonly outcome: 'nothing' | 'not-fetched' | 'could-not-look' | 'not-collected'
  readonly detail: string
}

export interface SessionReader<Code extends string = string> {
  /** As the file is named, without its ending. */
  readonly id: string
  readonly title: string
  /** The command that fetches its records, where a clone does not have them. */
  readonly fetch?: string
  /** Full names of the refs that hold its records, as far as they do not depend on the commits: these are asked for together. */
  readonly refs?: readonly string[]
  /** Few projects write its records: that they were not fetched is signed, and no note is printed unless the remote has them. */
  readonly isSeldom?: true
  /** It finishes behind those that do not, and looks at what they found. */
  readonly readsClaims?: true
  /** What it can find that does not count: code → meaning. */
  readonly findings: { readonly [code in Code]: string }
  /**
   * Starts to read, or says why there is nothing to read. A `git-failed` here or in `finish` means that the reader could
   * not look; what it had said by then does not count.
   */
  open(look: Look<Code>): Promise<Reading | Absence>
}
