/** Verified statements → what the rules of a policy look at. */
import { sha256Hex } from '../model/digest.ts'
import type { Evidence, VerifiedStatement } from '../model/evidence.ts'
import type { AiEvidence, PolicyEvidence } from '../model/policy-evidence.ts'
import type { Policy } from '../model/policy.ts'
import { aiEvidenceOf } from '../policy/ai-evidence.ts'
import { changesWithoutRevoked, revocationsOf } from '../policy/not-revoked.ts'

/** What is asked, and when; without a policy nothing is revoked and nothing stands beside. */
export interface Looking extends Pick<PolicyEvidence, 'now' | 'companions'> {
  readonly policy?: Policy
  readonly previous?: readonly VerifiedStatement[] | undefined
}

/** Of one provenance among the statements that pass. */
export function policyEvidence(
  provenance: VerifiedStatement,
  evidence: Evidence,
  { policy, now, companions, previous }: Looking,
): PolicyEvidence {
  const ai = aiIn(provenance, evidence.statements)
  const revocations = policy === undefined ? [] : revocationsOf(policy)
  const changes = ai.changes === undefined ? undefined : changesWithoutRevoked(ai.changes, revocations)
  const before = previous === undefined ? {} : { previous }
  return { ...evidence, now, provenance, companions, ai: { ...ai, changes }, ...before }
}

/** With the statement of changes whose bytes the provenance names, if that was given and holds. */
function aiIn({ predicate }: VerifiedStatement, statements: readonly VerifiedStatement[]): AiEvidence {
  const build = predicate.kind === 'build-provenance' ? predicate : undefined
  const named = statements.find(
    (it) =>
      it.predicate.kind === 'change-provenance' && sha256Hex(it.signed.envelope.payload) === build?.changeStatement,
  )
  return aiEvidenceOf(build, named?.predicate.kind === 'change-provenance' ? named.predicate : undefined)
}
