/** The shape of a rule of a policy in the table of `index.ts`, and what it sees. */
import type { ErrorCode } from '../../errors.ts'
import type { VerifiedStatement } from '../../model/evidence.ts'
import type { PolicyEvidence } from '../../model/policy-evidence.ts'
import type { PolicyOverride, PolicyPlace, Severity, UnseenReader } from '../../model/policy-report.ts'
import type { PolicySections } from '../../model/policy.ts'

/** The evidence as a rule of one layer sees it. */
export interface Seen extends Omit<PolicyEvidence, 'companions'> {
  readonly companions: ReadonlyMap<string, readonly VerifiedStatement[]>
}

interface Common {
  /** Of a rule that the policy itself wrote: its id, and how much it weighs. */
  readonly rule?: string
  readonly severity?: Severity
  readonly at?: PolicyPlace
  readonly expected?: string
  readonly found?: string
}

export type RuleResult =
  | ({
      readonly outcome: 'pass'
      readonly overrides?: PolicyOverride[]
      readonly moreOverrides?: number
    } & Common)
  | ({
      readonly outcome: 'fail'
      readonly code: ErrorCode
      readonly note?: string
      readonly alternatives?: string[]
      readonly unseen?: UnseenReader[]
    } & Common)
  | ({ readonly outcome: 'skipped'; readonly note: string } & Common)

export interface PolicyRule {
  /** `family/name`, for ever. */
  readonly id: string
  /** What its reader can do where it fails. */
  readonly hint: string
  /** Undefined where these sections do not ask for it; else at least one result: a rule with nothing to look at fails. */
  check(sections: PolicySections, seen: Seen): readonly RuleResult[] | undefined
}

/** One that looks at nothing but what is known of AI, so that it can be tried on a document that nobody signed. */
export interface AiRule extends Pick<PolicyRule, 'id' | 'hint'> {
  check(sections: PolicySections, seen: Pick<Seen, 'ai'>): readonly RuleResult[] | undefined
}

/** For a rule that has nothing to look at: who did not look says nothing, and that is no "yes". */
export function unseen(expected: string, found: string): Extract<RuleResult, { outcome: 'fail' }> {
  return { outcome: 'fail', code: 'evidence-missing', expected, found }
}
