/** The shape of a rule in the table of `index.ts`, and what a rule sees. */
import { certifiedBuild } from '../../model/identity.ts'
import type { VerifiedStatement } from '../../model/evidence.ts'
import type { Subject } from '../../model/question-parts.ts'
import type { Question } from '../../model/question.ts'
import type { Check } from '../../model/verdict.ts'

/** One verified statement, and what is asked of it. */
export interface Case extends Subject {
  readonly question: Question
}

export interface RuleRow {
  readonly rule: string
  /** At least one check: what does not apply is skipped with its reason. */
  check(given: Case): readonly Check[]
}

export function caseOf(statement: VerifiedStatement, question: Question): Case {
  const { signatory } = statement.signed
  const certificate = signatory.kind === 'certificate' ? signatory.identity : undefined
  return { statement, question, certificate, build: certifiedBuild(certificate?.extensions ?? {}) }
}

export const noCertificate = 'signed with a key: there is no certificate to ask'
