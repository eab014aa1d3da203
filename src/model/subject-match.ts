/** Does a statement name this artifact? By digest alone (SLSA 1.2 verifying-artifacts; names are untrusted labels). */
import { isDigest } from './digest.ts'
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

/** A subject under another digest that has the artifact's name: the exact one, else that of a path which ends so. */
export function subjectNamed({ subject }: Statement, name: string): Statement['subject'][number] | undefined {
  return (
    subject.find((it) => it.name === name) ??
    subject.find((it) => it.name !== undefined && baseName(it.name) === baseName(name))
  )
}

/** The last part of a path as a statement has it, in the slashes of any system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
