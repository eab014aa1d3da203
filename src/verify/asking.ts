/** What can be asked of artifacts: a question, or a policy with a question that narrows it; and the same as plain data. */
import type { Policy } from '../model/policy.ts'
import type { LooseQuestion, QuestionOptions } from '../model/question.ts'
import type { TrustSource } from '../model/trust-source.ts'
import type { World } from '../platform/world.ts'
import { policyQuestions } from '../policy/policy-questions.ts'
import { parseQuestion } from '../policy/question.ts'
import type { BundleInput } from './candidates.ts'
import type { PolicySource } from './open-policy.ts'

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
  readonly policy: PolicySource | Policy
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

/** Errors: those of a question that cannot be asked, and of a policy. */
export async function askedBy(request: BulkRequest, world: World): Promise<JudgeRequest> {
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
  const opened = 'file' in policy ? await (await import('./open-policy.ts')).openPolicy(policy, world.cwd) : policy
  policyQuestions(opened, loose.question)
  const { previous } = request
  const before = previous === undefined ? {} : { previous }
  return { ...loose, ...before, policy: opened, now: world.now().toISOString() }
}
