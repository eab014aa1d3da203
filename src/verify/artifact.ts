/** An artifact → its name and its digests, by just the algorithms that the bundles name. */
import { basename, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import { isDigest } from '../model/digest.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import { hashBytes, hashChunks, hashFile } from '../platform/hash.ts'

export interface NamedDigests {
  readonly name: string
  readonly digest: ArtifactDigests
}

/** For sentences, before anything was read. */
export function nameOf(artifact: ArtifactInput): string {
  if (artifact.name !== undefined) return artifact.name
  if ('path' in artifact) return basename(artifact.path)
  if ('digest' in artifact) return typeof artifact.digest === 'string' ? artifact.digest : inWords(artifact.digest)
  return 'the artifact'
}

/**
 * The digests of an artifact. Errors: `usage` (a digest that is none), those of `hashFile`; what a stream throws becomes
 * `input-unreadable`.
 */
export async function digestsOf(
  artifact: ArtifactInput,
  algorithms: readonly DigestAlgorithm[],
  cwd: string,
): Promise<NamedDigests> {
  const name = nameOf(artifact)
  if ('digest' in artifact) return { name, digest: givenDigests(artifact.digest) }
  if ('bytes' in artifact) return { name, digest: hashBytes(artifact.bytes, algorithms) }
  if ('path' in artifact) return { name, digest: (await hashFile(resolve(cwd, artifact.path), algorithms)).digest }
  try {
    return { name, digest: await hashChunks(artifact.stream, algorithms) }
  } catch (thrown) {
    throw new CountersignError('input-unreadable', 'the stream of the artifact ended with an error', { cause: thrown })
  }
}

function givenDigests(given: string | ArtifactDigests): ArtifactDigests {
  const digests = typeof given === 'string' ? parseDigest(given) : given
  const entries = Object.entries(digests)
  if (entries.length > 0 && entries.every(([algorithm, value]) => isDigest(algorithm, value))) return digests
  throw new CountersignError('usage', 'a digest is sha256, sha384 or sha512 in lower-case hex, as sha256:<64 digits>', {
    option: 'artifact',
  })
}

/** `algorithm:hex`, exactly two parts. */
function parseDigest(text: string): { readonly [algorithm: string]: string } {
  const [algorithm = '', value = '', ...more] = text.split(':')
  return more.length === 0 ? { [algorithm]: value } : {}
}

function inWords(digests: ArtifactDigests): string {
  return Object.entries(digests)
    .map(([algorithm, value]) => `${algorithm}:${value}`)
    .join(' ')
}
