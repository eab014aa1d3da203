/** The shape of a rule of a policy in the table of `index.ts`, and what it sees. */
import type { ErrorCode } from '../../errors.ts'
import type { VerifiedStatement } from '../../model/evidence.ts'
import type { PolicyEvidence } from '../../model/policy-evidence.ts'
import type { PolicyPlace, Severity } from '../../model/policy-report.ts'
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
  | ({ readonly outcome: 'pass' } & Common)
  | ({ readonly outcome: 'fail'; readonly code: ErrorCode; readonly note?: string } & Common)
  | ({ readonly outcome: 'skipped'; readonly note: string } & Common)

export interface PolicyRule {
  /** `family/name`, for ever. */
  readonly id: string
  /** What its reader can do where it fails. */
  readonly hint: string
  /** Undefined where these sections do not ask for it; else at least one result: a rule with nothing to look at fails. */
  check(sections: PolicySections, seen: Seen): readonly RuleResult[] | undefined
}

/** A rule that looks at nothing but what is said of AI, and so can be asked before anything is built. */
export interface AiRule extends Omit<PolicyRule, 'check'> {
  check(sections: PolicySections, seen: Pick<Seen, 'ai'>): readonly RuleResult[] | undefined
}

/** For a rule that has nothing to look at: who did not look says nothing, and that is no "yes". */
export function unseen(expected: string, found: string): RuleResult {
  return { outcome: 'fail', code: 'evidence-missing', expected, found }
}
