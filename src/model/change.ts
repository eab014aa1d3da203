/** One commit on its way into a release, with what is known of it (DESIGN §1). People stand here as git has them: nothing of this is signed before they are hashed. */
import type { ChangeContext } from './context.ts'
import type { PersonHash } from './person.ts'
import type { Linkage, Role } from './record.ts'
import type { Corroboration } from './session.ts'
import type { SourceStatement } from './source-statement.ts'

/** Who a commit says made it: what was typed into a configuration, and no more. Texts as git keeps them, nothing is checked. */
export interface Person {
  readonly name: string
  readonly address: string
}

/** Lines that a change added, by who wrote them. What nobody attributes is `unknown`; generated files are counted apart. */
export interface ChangedLines {
  readonly ai: number
  readonly human: number
  readonly unknown: number
  /** In files that a program wrote (`generated-files.ts`), whoever ran it. */
  readonly generated: number
}

export interface ChangedFile extends ChangedLines {
  /** From the root of the repository, in UTF-8. */
  readonly path: string
  /** The AI lines by session; `id` is undefined where only the tool is named. */
  readonly sessions: readonly FileSession[]
}

export interface FileSession {
  readonly tool: string
  readonly id: string | undefined
  readonly lines: number
}

/** A session that took part in a change. */
export interface ChangePart {
  readonly tool: string
  readonly id: string | undefined
  readonly role: Role | undefined
  /** Who asked for it, as records of this change say, hashed already; absent where nobody says it, or two say different people. */
  readonly requester?: PersonHash
  readonly linkage: Linkage
  /** Of the added lines; 0: it is named, and wrote none of them; undefined: nobody can tell. */
  readonly lines: number | undefined
  /** Of the added lines, those that stand in what its transcripts wrote; absent where there are none. */
  readonly corroborated?: Corroboration
}

/** That a change names no session on purpose, as its message says. */
export interface SaidOverride {
  /** Of the reason, in lower-case hex. */
  readonly sha256: string
  /** Letters of the reason, without those of tickets and addresses. */
  readonly letters: number
  /** It is ids of tickets and nothing else. */
  readonly isTicketOnly: boolean
}

/** Whose signature a commit has, verified: the URI of a workflow, or the address of a person; `issuer` where that is in a certificate. */
export interface CommitSigner {
  readonly kind: 'uri' | 'person'
  readonly name: string
  readonly issuer: string | undefined
}

export interface Change {
  /** Full ids. */
  readonly commit: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  /** `#12` or `!12`, proved: the change is that request, squashed; a merge of just the head that the forge gives it; or one of its commits. */
  readonly request: string | undefined
  readonly parts: readonly ChangePart[]
  /** Undefined where the lines were not counted. */
  readonly lines: ChangedLines | undefined
  /** As many as are kept, in the order of their paths. */
  readonly files: readonly ChangedFile[]
  /** What whoever guards the source signed about this commit; none where nobody did, or nobody could look. */
  readonly source: readonly SourceStatement[]
  /** Absent where its message does not say it. */
  readonly override?: SaidOverride & { readonly signedBy: CommitSigner | undefined }
  /** Why it was asked for, who reviewed it, what ran; absent where nobody was asked. */
  readonly context?: ChangeContext
}
