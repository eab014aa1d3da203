/** A commit that says it is of a session: the change itself, or one that went into it. What others saw of the session is held against it. */
export interface ClaimingCommit {
  readonly commit: string
  /** The commit of the range. */
  readonly change: string
  /** Addresses, as git has them. */
  readonly author: string
  readonly committer: string
  /** Seconds since 1970. */
  readonly authored: number
  readonly committed: number
}
