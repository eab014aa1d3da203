/**
 * The context of a change: why it was asked for, who reviewed it, what ran on it, where it went (DESIGN §4). Each item says who said
 * it and the digest of what was read, so that whoever has the answer can find it again. People stand here as forges call them, and no
 * title and no text is kept: nothing of this is signed before accounts are hashed.
 */
import type { ReaderReport } from './session.ts'

/**
 * Who said something:
 *
 * - `forge-api`, `tracker-api`: the API of the forge, or of a tracker, as it answered the job's token
 * - `commit`: whoever wrote the message of the commit
 * - `branch`: whoever named the branch of the request
 * - `request`: whoever edited the title or the text of the request last, also after it was merged
 * - `source-provenance`: whoever signed a statement about the commit
 */
export const contextSources = ['forge-api', 'tracker-api', 'commit', 'branch', 'request', 'source-provenance'] as const
export type ContextSource = (typeof contextSources)[number]

/** Where an item was read. */
export interface Reading {
  readonly said: ContextSource
  /**
   * SHA-256 in lower-case hex: of the body of the answer, or of the text (UTF-8) in which it stands. Of an item that was put together
   * from several answers it is that of their bodies, one after another in the order in which they were asked for.
   */
  readonly sha256: string
}

/** Somebody as a forge knows them. */
export interface Account {
  /** Host and login: the same person has one at each host. */
  readonly host: string
  readonly login: string
  /** Id of the tool that this account belongs to; `bot`, where the forge says that no person does and no tool is known; else undefined. */
  readonly agent: string | undefined
}

/** What is hashed of an account: an `acct:` URI (RFC 7565), in lower case. Logins are compared without regard to case. */
export function accountText({ host, login }: Pick<Account, 'host' | 'login'>): string {
  return `acct:${login}@${host}`.toLowerCase()
}

/** The pull or merge request by which a change came in. `undefined` is "not said". */
export interface RequestContext extends Reading {
  /** `#12` or `!12`. */
  readonly name: string
  readonly author: Account | undefined
  readonly mergedBy: Account | undefined
  /** RFC 3339, UTC. */
  readonly mergedAt: string | undefined
  /** Name of the branch that it was merged into. */
  readonly target: string | undefined
  readonly labels: readonly string[]
  /** Sessions that its text links to. Whoever may edit it may add one at any time: they are no claims. */
  readonly links: readonly { readonly tool: string; readonly id: string }[]
  /** Accounts to which the forge maps the authors and committers of its commits, each once; undefined where it does not say, or not of all. */
  readonly authors: readonly Account[] | undefined
}

export const reviewVerdicts = ['approved', 'changes-requested', 'commented', 'dismissed', 'unknown'] as const
export type ReviewVerdict = (typeof reviewVerdicts)[number]

/** Whether a review saw the last commit of the request in which AI took part: one that came before it says nothing of that. */
export const reviewOrders = ['before-last-ai', 'after-last-ai', 'unknown'] as const
export type ReviewOrder = (typeof reviewOrders)[number]

export interface Review extends Reading {
  readonly by: Account
  /** As the forge calls what they are to the repository: `OWNER`, `MEMBER`, `maintainer`. */
  readonly role: string | undefined
  readonly verdict: ReviewVerdict
  /** RFC 3339, UTC. */
  readonly at: string | undefined
  /** The commit of the request that was looked at, full id. */
  readonly commit: string | undefined
  readonly order: ReviewOrder
}

export const checkOutcomes = ['passed', 'failed', 'neutral', 'skipped', 'cancelled', 'pending', 'unknown'] as const
export type CheckOutcome = (typeof checkOutcomes)[number]

/** A check, test or scan that ran on the commit of the change, or on the head of its request. */
export interface CheckRun extends Reading {
  readonly name: string
  readonly outcome: CheckOutcome
  /** Which app or context reported it. */
  readonly reporter: string | undefined
  /** RFC 3339, UTC, of its end. */
  readonly at: string | undefined
  /** Full id of the commit that it ran on. */
  readonly commit: string
}

export const ticketSystems = ['jira', 'linear', 'github', 'gitlab', 'bitbucket', 'unknown'] as const
export type TicketSystem = (typeof ticketSystems)[number]

/**
 * What made it count as a ticket: text is full of things that look like one.
 *
 * - `address`: the address of a ticket
 * - `prefix`: a key whose prefix the configuration of the repository names
 * - `reference`: a form that its forge reads as a reference (`#12`)
 * - `relation`: a key behind a relation word (`refs: PROJ-12`), and nothing else: nobody said that there is such a tracker
 */
export const ticketRules = ['address', 'prefix', 'reference', 'relation'] as const
export type TicketRule = (typeof ticketRules)[number]

/** What a ticket is part of. */
export interface TicketParent extends Reading {
  readonly key: string
  readonly uri: string | undefined
  /** `epic`, `project`, or what its tracker calls it. */
  readonly kind: string | undefined
}

/**
 * Trackers whose API can be asked what a ticket is part of.
 *
 * @example
 * ```ts
 * import { trackerSystems } from 'countersign/attest'
 *
 * console.log(trackerSystems.join()) // jira,linear,github,gitlab
 * ```
 */
export const trackerSystems = ['jira', 'linear', 'github', 'gitlab'] as const
export type TrackerSystem = (typeof trackerSystems)[number]

/** A ticket that a change names. */
export interface Ticket extends Reading {
  readonly system: TicketSystem
  /** `PROJ-12`, `owner/name#12`, or `group&12` for an epic of GitLab. */
  readonly key: string
  readonly rule: TicketRule
  /** Address at its tracker; undefined where nobody said where that is. */
  readonly uri: string | undefined
  /** The word that names it, in lower case (`closes`, `refs`), or undefined. */
  readonly relation: string | undefined
  /** What it is part of, as the tracker's API answered: an epic or a requirement. */
  readonly parent: TicketParent | undefined
}

export const deploymentStates = ['success', 'failure', 'in-progress', 'inactive', 'unknown'] as const
export type DeploymentState = (typeof deploymentStates)[number]

export interface DeploymentContext extends Reading {
  readonly environment: string
  readonly state: DeploymentState
  /** RFC 3339, UTC, of the last state. */
  readonly at: string | undefined
  /** Full id of the commit that was deployed. */
  readonly commit: string
}

/** Of one change; undefined is "nobody looked", an empty list "there were none". */
export interface ChangeContext {
  readonly request: RequestContext | undefined
  readonly reviews: readonly Review[] | undefined
  readonly checks: readonly CheckRun[] | undefined
  readonly tickets: readonly Ticket[] | undefined
  readonly deployments: readonly DeploymentContext[] | undefined
}

/** Rules of the branch that the release comes from, at the time of the release. */
export interface BranchRules extends Reading {
  readonly branch: string
  readonly isProtected: boolean
  /** Names of checks without which nothing is merged. */
  readonly requiredChecks: readonly string[]
  readonly requiredApprovals: number | undefined
  readonly requiresCodeOwners: boolean | undefined
  /** An approval does not count for what is pushed after it. */
  readonly dismissesStale: boolean | undefined
  /** Administrators are bound by them, too. */
  readonly bindsAdministrators: boolean | undefined
  readonly allowsForcePush: boolean | undefined
}

/** Who reads it, in the order in which they are told. */
export const forgeReaders = ['request', 'reviews', 'checks', 'deployments', 'branch-rules'] as const
export const contextReaders = [...forgeReaders, 'tickets', 'tracker'] as const
export type ContextReader = (typeof contextReaders)[number]

/** The context of a release: of its changes by their commits, and of the branch; and what came of each reader. */
export interface ReleaseContext {
  readonly changes: ReadonlyMap<string, ChangeContext>
  readonly branch: BranchRules | undefined
  readonly readers: readonly ReaderReport[]
}

/** Why the forge, which could be asked, was asked for no request. */
export const noRequestKnown = 'no change is known to be a request'
