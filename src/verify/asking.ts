/** What can be asked of artifacts: a question, or a policy with a question that narrows it; and the same as plain data. */
import type { Policy } from '../model/policy.ts'
import type { LooseQuestion, QuestionOptions } from '../model/question.ts'
import type { TrustSource } from '../model/trust-source.ts'
import type { CountersignError } from '../errors.ts'
import type { World } from '../platform/world.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import { policyQuestions } from '../policy/policy-questions.ts'
import { parseQuestion } from '../policy/question.ts'
import type { BundleInput } from './candidates.ts'
import type { PolicySource } from './open-policy.ts'
import type { ApprovedPolicySource } from './approved-policy.ts'

/** Trusted roots, or why there are none. */
export type Roots = readonly TrustMaterial[] | CountersignError

/** By which trust, and where the bundles are. */
interface Surroundings {
  /** Path of the bundle file, or the bundles; default: what lies beside each artifact. */
  readonly bundle?: string | BundleInput
  /** Default: public-good Sigstore through TUF. */
  readonly trust?: TrustSource
  readonly world?: Partial<World>
}

export type QuestionRequest = { readonly question: QuestionOptions; readonly policy?: never } & Surroundings

/** What stands beside a policy narrows it, and never widens it. */
export type PolicyRequest = {
  /** A file, one that somebody must have signed, or a policy that was opened before. */
  readonly policy: PolicySource | ApprovedPolicySource | Policy
  readonly question?: LooseQuestion
  /**
   * Path of the bundle file of the release before, or its bundles, for a policy that asks where the released range begins. They must
   * answer the same questions, each about its own subject; those that do not are as if they were not there.
   */
  readonly previous?: string | BundleInput
} & Surroundings

export type BulkRequest = QuestionRequest | PolicyRequest

/** What is asked, as plain data that goes to other threads. */
export interface JudgeRequest {
  readonly question?: LooseQuestion
  readonly policy?: Policy
  /** RFC 3339, UTC: when a policy is asked. */
  readonly now?: string
  readonly previous?: string | BundleInput
  readonly bundle?: string | BundleInput
}

/**
 * `gather` gives the trust by which everything is verified, the signature of a policy too; without any every verdict is undecided.
 * Errors: those of a question that cannot be asked, and of a policy.
 */
export async function askedBy(request: BulkRequest, gather: () => Promise<Roots>, world: World): Promise<JudgeRequest> {
  const { question, policy, bundle } = request
  const loose = {
    ...(question === undefined ? {} : { question }),
    ...(bundle === undefined ? {} : { bundle }),
  }
  if (policy === undefined) {
    parseQuestion(loose.question ?? {})
    return loose
  }
  // Loaded where there is one, with the parser of YAML.
  const opened = await openedPolicy(policy, gather, world.cwd)
  policyQuestions(opened, loose.question)
  const { previous } = request
  const before = previous === undefined ? {} : { previous }
  return { ...loose, ...before, policy: opened, now: world.now().toISOString() }
}

async function openedPolicy(
  policy: PolicyRequest['policy'],
  gather: () => Promise<Roots>,
  cwd: string,
): Promise<Policy> {
  if (!('file' in policy)) return policy
  const { openPolicy } = await import('./open-policy.ts')
  if (policy.approved === undefined) return openPolicy(policy, cwd)
  const { openApprovedPolicy } = await import('./approved-policy.ts')
  return openApprovedPolicy(policy, await gather(), cwd)
}
