/** What provenance says of AI, for the rules: the same of a release that was signed and of a range that nobody built yet. */
import type { AiEvidence } from '../model/policy-evidence.ts'
import type { ChangeProvenance, Provenance } from '../model/predicate.ts'
import { unreadSessions } from '../predicates/session.ts'

/** `changes`: the statement of changes that the provenance names; undefined where that was not given, or does not hold. */
export function aiEvidenceOf(
  build: Pick<Provenance, 'sessions' | 'attribution' | 'aiConfiguration' | 'resolvedDependencies'> | undefined,
  changes: ChangeProvenance | undefined,
): AiEvidence {
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
