/** What forges say of a change: of its request, of a commit, of the branch. One row a forge, all answer in the same words. */
import type { Account, BranchRules, CheckRun, DeploymentContext, RequestContext, Review } from '../../model/context.ts'
import type { Asking } from './asking.ts'

/** What was asked, as far as it was said. */
export interface Said<T> {
  /** Undefined where it was not said, or not said whole. */
  readonly value: T | undefined
  /** Why something is missing, in words that repeat nothing of what came. */
  readonly trouble: string | undefined
  /** Whether no further question of this kind will be answered. */
  readonly isLast?: boolean | undefined
}

/** What somebody wrote about a request: to be looked at, and never kept. */
export interface RequestTexts {
  /** Name of the branch that it came from. */
  readonly branch: string | undefined
  readonly title: string | undefined
  readonly text: string | undefined
}

export interface SaidRequest {
  readonly request: Omit<RequestContext, 'links'>
  /** The commit that it ended with, as far as the forge writes its id: at least twelve digits. */
  readonly head: string
  /** The commits that it became at the branch that it was merged into, written likewise. */
  readonly became: readonly string[]
  /** Full ids of its commits of which it names the author's account; undefined where it does not list all. */
  readonly commits: ReadonlySet<string> | undefined
  readonly texts: RequestTexts
}

/** Whether a review saw the last commit of AI is no matter of the forge's. */
export type SaidReview = Omit<Review, 'order'>

export interface ForgeContext {
  /** `number` is that of the request, without its sign. */
  request(number: string): Promise<Said<SaidRequest>>
  /** In the order in which they were given, as far as that is said. */
  reviews(number: string): Promise<Said<readonly SaidReview[]>>
  /** Of each check the last run on this commit. */
  checks(commit: string): Promise<Said<readonly CheckRun[]>>
  branchRules(branch: string): Promise<Said<BranchRules>>
  /** Undefined where it does not say of which commit they are. */
  readonly deployments: ((commit: string) => Promise<Said<readonly DeploymentContext[]>>) | undefined
}

/** An account as an answer has it. */
export interface SaidAccount {
  readonly login: string
  /** Its number at the forge. */
  readonly number: number | undefined
  /** The forge says that it is no person's. */
  readonly isBot: boolean
}

export interface ContextPlace {
  readonly asking: Asking
  /** The parts of the repository's name. */
  readonly repository: readonly string[]
  /** An account with the host that it is known at. */
  readonly account: (said: SaidAccount) => Account
}
