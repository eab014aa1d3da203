/** What a row of the tables of AI tools holds: `agent-rows.ts`, `service-rows.ts`, `helper-rows.ts`, and an organisation's own. */
import type { Role } from '../../model/record.ts'

/** An account on GitHub. Its number stays, its login can be renamed: `<number>+<login>@users.noreply.github.com`. */
export interface Account {
  /** Where it is known, the login counts with this number only. */
  readonly id?: number
  /** Lower-case, `[bot]` included; without one only the number counts. */
  readonly login?: string
  /** What it did where it is named as co-author; undefined where nobody can tell. */
  readonly role?: Role
  /** A name, lower-case, under which another product of the tool uses the account: then the role is not known. */
  readonly unlessNamed?: string
  /** As author or committer it does something else (a merge queue). */
  readonly isCoAuthorOnly?: true
}

/**
 * Where a tool names the person who asked it for a commit: as the one co-author who is a person, the tool being the author; or as the
 * author, the tool being a co-author, in commits written since a time (seconds since 1970) at which it began to.
 */
export type RequesterPlace = { readonly in: 'co-author' } | { readonly in: 'author'; readonly since: number }

export interface ToolRow {
  readonly id: string
  /** Other names, lower-case, words joined by `-`. */
  readonly names?: readonly string[]
  /** Those of its names that people bear: in words alone they say nothing. */
  readonly firstNames?: readonly string[]
  /**
   * First names, too, or words that a sentence can hold (`made with warp`); but where tools are named they count: `Assisted-by:
   * Claude` is how projects write it that want no model in it (Linux Documentation/process/coding-assistants.rst).
   */
  readonly sharedNames?: readonly string[]
  /** Addresses that belong to the tool and to nobody else, lower-case. */
  readonly addresses?: readonly string[]
  readonly accounts?: readonly Account[]
  /** What its address or account did, wherever it is named. */
  readonly role?: Role
  /** Its sites, with the first steps of the path where the host is not its own. */
  readonly sites?: readonly string[]
  /** How the branches begin that it makes; `<time>` are the seconds since 1970. */
  readonly branches?: readonly string[]
  /** What it puts behind the name of the author of a change that it wrote. */
  readonly authorMark?: string
  /** Names, lower-case, that only it commits under and no person bears: as author they count at whatever address. */
  readonly authorNames?: readonly string[]
  /** Where it says who asked; undefined where nobody knows of such a place. */
  readonly requester?: RequesterPlace
  /** Where these were found. */
  readonly source: string
}
