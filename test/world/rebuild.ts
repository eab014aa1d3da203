/** What `rebuild-compare --out` writes for a job, as a test may edit it. */
import { buildRebuildComparison } from '../../src/predicates/build-rebuild-comparison.ts'
import { rebuildComparisonV1 } from '../../src/predicates/rebuild-comparison.ts'
import type { RebuildComparisonPredicate } from '../../src/predicates/rebuild-comparison.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { artifactDigest, claimsOf } from './release.ts'
import type { Job, Release } from './release.ts'

export function rebuildOf({ sigstore: { issuer } }: Release, job: Job): RebuildComparisonPredicate {
  const claims = { iss: issuer, ...claimsOf(job) }
  const identity = tokenIdentity(claims)
  if (identity === undefined) throw new Error('the claims give no identity')
  return buildRebuildComparison(
    {
      ...{ token: { raw: '', issuer, claims, identity }, source: undefined, at: new Date().toISOString() },
      comparison: { outcome: 'same', differences: [], notCompared: [] },
      rebuilt: { name: 'app.tgz', sha256: artifactDigest },
    },
    '0',
  )
}

/** The statement with an edit of its predicate. */
export function rebuildStatement(
  release: Release,
  job: Job,
  edit: (predicate: RebuildComparisonPredicate) => unknown = () => undefined,
): object {
  const predicate = rebuildOf(release, job)
  edit(predicate)
  return {
    ...{ _type: 'https://in-toto.io/Statement/v1', predicateType: rebuildComparisonV1, predicate },
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
  }
}
