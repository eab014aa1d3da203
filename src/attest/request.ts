/** What to attest and how, and what comes of it. Relative paths start at the world's `cwd`. */
import type { TrackerSystem } from '../model/context.ts'
import type { SubjectRequest } from '../collect/subjects/subjects.ts'
import type { Subject } from '../model/digest.ts'
import type { QuestionOptions } from '../model/question.ts'
import type { Session } from '../model/session.ts'
import type { Looked } from '../model/session-words.ts'
import type { World } from '../platform/world.ts'
import type { SigningRequest } from './sigstore.ts'
import type { PortalAdapter } from '../model/portal-adapters.ts'

/** What is attested. */
export interface StatementRequest extends SigningRequest {
  readonly subjects: SubjectRequest
  /** The released range begins after this revision; default: the version before, in the series of the released tag. */
  readonly since?: string
  /** It begins with the first commit, however many there are. */
  readonly adopt?: boolean
  /** Tags that are releases of what is attested, as a glob: `cli-v*`. */
  readonly tagPattern?: string
  /** Folders or files: only commits that change something there count. From the root of the repository, or with `./` from `cwd`. */
  readonly folders?: readonly string[]
  /** Inputs of a dispatched run to be signed, by name, without the secrets in them; default: none. */
  readonly inputs?: readonly string[]
  readonly worktree?: 'clean' | 'allow-dirty'
  /**
   * The job committed before it built, as a version bump: HEAD descends from the commit of the token, and is recorded as what was
   * built, a claim of the job. Default: HEAD must be that commit.
   */
  readonly builtCommit?: true
  readonly history?: 'whole' | 'allow-shallow'
  /**
   * Remotes from which records that the checkout lacks are fetched for this run: names, https addresses, whole paths of folders.
   * Nothing of it is written into the checkout; what cannot be fetched is said and stops nothing.
   * Default: none, and `origin` is only asked what it has.
   */
  readonly fetch?: readonly string[]
  /**
   * A file with a token for the API of the repository's forge (GitHub, GitLab, Bitbucket Cloud), which may read its requests. With
   * `fetch` the forge is asked of which request those changes came that name none, or none that is found; what it says is proved, or does
   * not count. Where changes are told, it is asked for their context: requests, reviews, checks, deployments, rules of the branch.
   */
  readonly forgeTokenFile?: string
  /**
   * Where that API is: `https://HOST/api/v3` of a GitHub Enterprise Server, `https://HOST/api/v4` of a GitLab. Default: that of the
   * forge in the address of `origin`, for github.com, tenants of ghe.com, gitlab.com and bitbucket.org alone.
   */
  readonly forgeApi?: string
  /**
   * The API of a tracker, which is asked what tickets are part of, where changes are told: `https://HOST/rest/api/3` of a Jira,
   * `https://api.linear.app/graphql`, or that of a forge; and a file with a token for it.
   */
  readonly tracker?: { readonly system: TrackerSystem; readonly api: string; readonly tokenFile: string }
  /** A file of allowed signers, ssh-keygen(1): people whose signatures of commits are believed. */
  readonly allowedSigners?: string
  /** The same for keys of the repository's own forge, which signs what anybody does on its pages: they make nobody a person. */
  readonly forgeSigners?: string
  /** A file with OpenPGP public keys of people whose signatures of commits are believed; gpgv verifies them. */
  readonly keyring?: string
  /**
   * People and platforms whose signatures under Sigstore certificates (gitsign) of commits are believed, as `ISSUER=NAME`:
   * `https://accounts.google.com=ann@example.org`.
   */
  readonly allowedIdentities?: readonly string[]
  /** A file of Sigstore bundles about records of sessions, by those who are named in `allowedIdentities`. */
  readonly recordAttestations?: string
  /**
   * Transcripts of sessions, files or folders: what tools kept of them. A transcript is the record of a session that something else ties to a
   * change; its digest is that of its redacted form.
   */
  readonly transcripts?: readonly string[]
  /** Those that agents keep in their own folders here are looked at, too: of sessions alone that the commits name. */
  readonly localTranscripts?: true
  /**
   * A portal that is asked about the sessions that commits name: `https://HOST/…`, as its adapter has it. Each answer is pinned by its digest.
   * Default: nobody is asked.
   */
  readonly portal?: string
  /** With `portal`: which kind it is. Default: one that keeps our own contract (schemas/portal/v1). */
  readonly portalAdapter?: PortalAdapter
  /** With `portal`: a file with the token for it, which goes there and nowhere else. */
  readonly portalTokenFile?: string
  /**
   * A folder in which the redacted form of each transcript that counts is kept, by its digest, with the salt of its hashes, and each summary of
   * a session that a portal gives.
   */
  readonly keepRecords?: string
  /**
   * A file that `writeReasoningLog` wrote, `.md`, `.html` or `.pdf`: its digest is signed as a by-product, and nothing of what stands in it.
   */
  readonly reasoningLog?: string
  /** Receipts of independent parties that saw sessions: files with one a line, or folders of such files. */
  readonly receipts?: readonly string[]
  /** With `receipts`: a file with the issuers whose receipts count (schemas/receipt-issuers/v1). Default: what the configuration names. */
  readonly receiptIssuers?: string
  /** With `changes`: a file with the organisation's key, 32 bytes or more, under which people are hashed. Default: a random key. */
  readonly identityKeyFile?: string
  /** Parts of the world to use in place of the process's own. */
  readonly world?: Partial<World>
}

/** Where the bundle is written. */
export interface OutputRequest {
  /** File or folder; default: beside the artifact. */
  readonly path?: string
  /**
   * Where the file is there already: `refuse` (default) what is in the way of the bundle, which is any file but a `.jsonl`
   * without a bundle for the same subject; `replace` the file; `append` the bundle to it as a line.
   */
  readonly whenPresent?: 'refuse' | 'replace' | 'append'
}

/** Without `out` nothing is written, so nothing can be kept for later either. */
export type AttestRequest = StatementRequest &
  (
    | { readonly out?: never; readonly onOutage?: never; readonly changes?: never }
    | {
        readonly out: OutputRequest
        /**
         * When services fail and the statement is made: `fail` (default), or keep it in a file that `resume` signs later; with `changes`
         * both, or the one that is not signed yet.
         */
        readonly onOutage?: 'fail' | 'defer'
        /** Where the bundle of a statement is written that tells the release change by change; default: none is made. */
        readonly changes?: OutputRequest & { readonly path: string }
      }
  )

/** A statement that was kept when services were out, to be signed within the same run. */
export interface ResumeRequest extends ResumeOptions {
  /** Path of the file. */
  readonly prepared: string
}

/** Several of them. */
export interface ResumeEachRequest extends ResumeOptions {
  /** Paths of the files, each once, in any order. */
  readonly prepared: readonly string[]
}

interface ResumeOptions extends SigningRequest {
  /** Which attempt of the run may have prepared it: this one (default), or any; then the statement says which. */
  readonly attempt?: 'same' | 'any'
  /** As it was said when the statement was prepared. */
  readonly builtCommit?: true
  /** Default place: beside the prepared file, which is removed then. Without `out` nothing is written or removed. */
  readonly out?: OutputRequest
  /** When services fail again: `fail` (default), or a `DeferredError` that names the prepared file. It stays in both cases. */
  readonly onOutage?: 'fail' | 'defer'
  readonly world?: Partial<World>
}

/** An attestation before it is signed. */
export interface UnsignedAttestation {
  /** The statement as it was, or would be, signed: these very bytes. */
  readonly statement: string
  readonly subjects: readonly Subject[]
  readonly signer: string
  readonly sessions: readonly Session[]
  readonly commits: { readonly total: number; readonly claimed: number }
  /** Where sessions were looked for, as the statement says; in a job without a checkout nowhere. */
  readonly looked: Looked
  /** Things to know that are no errors, a line each. */
  readonly notes: readonly string[]
}

/** What was made: signed, and verified as anybody would. */
export interface Attestation extends UnsignedAttestation {
  /** A Sigstore bundle v0.3, one line of JSON. */
  readonly bundle: string
  /** The strictest question that it passes. */
  readonly question: QuestionOptions
  /** This very statement was in the file already, and nothing was signed now. */
  readonly signedBefore?: true
  /** Path of the file that holds it now; absent where none was asked for. */
  readonly written?: string
  /** The other bundle, which tells the release change by change; absent where none was asked for. */
  readonly changes?: ChangesAttestation
}

/** A signed statement of changes, named by its digest in the provenance beside it. */
export interface ChangesAttestation {
  readonly bundle: string
  /** SHA-256 of the statement. */
  readonly digest: string
  readonly written: string
}
