/** How a rebuilt artifact compares, and the token of the job → the predicate of a rebuild comparison. */
import type { VerifiedToken } from '../model/facts.ts'
import { certifiedBuild } from '../model/identity.ts'
import { limits } from '../model/limits.ts'
import type { RebuiltSource } from '../model/predicate.ts'
import { countKinds } from '../model/rebuild-report.ts'
import type { ArtifactComparison } from '../model/rebuild-report.ts'
import { jobOf } from './job.ts'
import type { RebuildComparisonPredicate } from './rebuild-comparison.ts'

/** What no token says. */
export interface RebuildFacts {
  readonly token: VerifiedToken
  readonly comparison: Pick<ArtifactComparison, 'outcome' | 'members' | 'differences' | 'notCompared'>
  readonly rebuilt: { readonly name: string; readonly sha256: string }
  /** Undefined: the job built its own repository, at the commit that its token names. */
  readonly source: RebuiltSource | undefined
  /** RFC 3339, UTC. */
  readonly at: string
}

export function buildRebuildComparison(facts: RebuildFacts, toolVersion: string): RebuildComparisonPredicate {
  const { token, comparison, rebuilt, at } = facts
  const { outcome, members, differences, notCompared } = comparison
  const source = facts.source ?? ownSource(token)
  return {
    outcome,
    rebuilt: { name: rebuilt.name, digest: { sha256: rebuilt.sha256 } },
    ...(source === undefined ? {} : { source: { ...source } }),
    ...{ job: jobOf(token), at },
    ...(members === undefined ? {} : { members }),
    ...(differences.length === 0 ? {} : { differences: countKinds(differences), differing: bounded(differences) }),
    ...(notCompared.length === 0 ? {} : { notCompared: bounded(notCompared) }),
    tool: { countersign: toolVersion },
  }
}

function ownSource({ identity }: VerifiedToken): RebuiltSource | undefined {
  const { source: uri, commit } = certifiedBuild(identity.extensions)
  return uri === undefined || commit === undefined ? undefined : { uri, commit }
}

/** The first of them, without names that are longer than any that is meant to be read. */
function bounded<T extends { readonly name?: string | undefined; readonly within?: string | undefined }>(
  all: readonly T[],
): { members: T[]; more: number } {
  const members = all
    .filter((it) => [it.name, it.within].every((name) => (name ?? '').length <= limits.identityCharacters))
    .slice(0, limits.signedDifferences)
  return { members, more: all.length - members.length }
}
