/** Verified statements → what the rules of a policy look at. */
import { sha256Hex } from '../model/digest.ts'
import type { Evidence, VerifiedStatement } from '../model/evidence.ts'
import type { AiEvidence, PolicyEvidence } from '../model/policy-evidence.ts'
import type { Policy } from '../model/policy.ts'
import { unreadSessions } from '../predicates/session.ts'
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
  const ai = aiEvidenceOf(provenance, evidence.statements)
  const revocations = policy === undefined ? [] : revocationsOf(policy)
  const changes = ai.changes === undefined ? undefined : changesWithoutRevoked(ai.changes, revocations)
  const before = previous === undefined ? {} : { previous }
  return { ...evidence, now, provenance, companions, ai: { ...ai, changes }, ...before }
}

/** What provenance says of AI, with the statement of changes whose bytes it names, if that was given and holds. */
function aiEvidenceOf({ predicate }: VerifiedStatement, statements: readonly VerifiedStatement[]): AiEvidence {
  const build = predicate.kind === 'build-provenance' ? predicate : undefined
  const named = statements.find(
    (it) =>
      it.predicate.kind === 'change-provenance' && sha256Hex(it.signed.envelope.payload) === build?.changeStatement,
  )
  const changes = named?.predicate.kind === 'change-provenance' ? named.predicate : undefined
  const readers = [...(build?.attribution?.readers ?? []), ...(changes?.readers ?? [])]
  return {
    // Without a summary of what was looked at, an empty list of sessions says nothing.
    sessions:
      build?.attribution === undefined ? undefined : [...build.sessions, ...unreadSessions(build.resolvedDependencies)],
    changes: changes?.changes,
    total: changes?.total ?? changes?.changes.length,
    attribution: build?.attribution,
    readers: build?.attribution === undefined ? undefined : readers.map(({ reader, outcome }) => ({ reader, outcome })),
    configuration: build?.aiConfiguration,
    branch: changes?.branch,
  }
}
