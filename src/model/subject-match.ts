/** Does a statement name this artifact? By digest alone (SLSA 1.2 verifying-artifacts; names are untrusted labels). */
import { digestAlgorithms, isDigest } from './digest.ts'
import type { DigestAlgorithm } from './digest.ts'
import type { Statement } from './statement.ts'

/** Digests of the artifact by algorithm; only those that were computed. */
export type ArtifactDigests = { readonly [algorithm in DigestAlgorithm]?: string }

/**
 * Index of the first subject that names the artifact; -1 if none does. At least one SHA-2 digest of the subject must be
 * known and equal, and none of the known ones may differ: a subject with a right sha256 and a wrong sha512 is about two
 * files (GHSA-pgpm-j729-qcvh is such a case). Truncated, upper-case and other digests do not count.
 */
export function matchSubject(statement: Statement, artifact: ArtifactDigests): number {
  return statement.subject.findIndex(({ digest }) => {
    const known = Object.entries(digest).flatMap(([algorithm, value]) =>
      isDigest(algorithm, value) && artifact[algorithm] !== undefined ? [artifact[algorithm] === value] : [],
    )
    return known.length > 0 && known.every(Boolean)
  })
}

/** The algorithms whose digests statements name, so that an artifact is hashed once with just these. */
export function algorithmsOf(statements: readonly Statement[]): readonly DigestAlgorithm[] {
  const named = new Set(
    statements
      .flatMap((it) => it.subject.flatMap(({ digest }) => Object.entries(digest)))
      .filter(([algorithm, value]) => isDigest(algorithm, value))
      .map(([algorithm]) => algorithm),
  )
  const known = Object.keys(digestAlgorithms) as DigestAlgorithm[]
  return known.filter((algorithm) => algorithm === 'sha256' || named.has(algorithm))
}
