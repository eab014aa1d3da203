/** An artifact as a caller has it. Its name is a label; only its digest counts. */
import type { ArtifactDigests } from './subject-match.ts'

export type ArtifactInput =
  /** `sha256:<hex>` (or sha384, sha512), or digests by algorithm. */
  | { readonly digest: string | ArtifactDigests; readonly name?: string }
  | { readonly bytes: Uint8Array; readonly name?: string }
  /** Read once, to its end. */
  | { readonly stream: AsyncIterable<Uint8Array>; readonly name?: string }
  /** A regular file; a symbolic link to one is followed, but not out of the folder `within`, where one is named. */
  | { readonly path: string; readonly name?: string; readonly within?: string }
