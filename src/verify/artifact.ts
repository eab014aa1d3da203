/** An artifact → its name and its digests, by just the algorithms that the bundles name. */
import { realpath, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import { isDigest } from '../model/digest.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import { hashBytes, hashChunks, hashFile } from '../platform/hash.ts'
import { isBelow } from '../platform/links.ts'

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
 * Refuses a link that leads out of the folder in which it was found, or to a folder whose files nobody has looked at. Nothing is
 * read of what is there. Error: `symlink-escapes-root`.
 */
export async function refuseLinkOut(artifact: ArtifactInput, cwd: string): Promise<void> {
  if (!('path' in artifact) || artifact.within === undefined) return
  const root = await realpath(resolve(cwd, artifact.within)).catch(() => undefined)
  const real = await realpath(resolve(cwd, artifact.path)).catch(() => undefined)
  // What is not there, or may not be looked at, says so when it is read.
  if (real === undefined || root === undefined) return
  const isFolder = (await stat(real).catch(() => undefined))?.isDirectory() === true
  if (isBelow(real, root) && !isFolder) return
  const leads = isFolder ? 'a link to a folder, which is not followed' : 'a link that leads out of the folder'
  throw new CountersignError('symlink-escapes-root', `${JSON.stringify(artifact.path)} is ${leads}`, {
    option: 'artifact',
    hint: `name what it leads to as an artifact of its own, or put the files themselves into the folder`,
  })
}

/**
 * The digests of an artifact. Errors: `usage` (a digest that is malformed), those of `hashFile`; what a stream throws becomes
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
  if ('path' in artifact) {
    const path = resolve(cwd, artifact.path)
    const { digest } = await hashFile(path, algorithms).catch((thrown: unknown) => {
      throw explained(thrown)
    })
    return { name, digest }
  }
  try {
    return { name, digest: await hashChunks(bounded(artifact.stream), algorithms) }
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('input-unreadable', 'the stream of the artifact ended with an error', { cause: thrown })
  }
}

async function* bounded(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > limits.artifactStreamBytes) {
      throw new CountersignError('input-too-large', `the artifact has more than ${limits.artifactStreamBytes} bytes`)
    }
    yield chunk
  }
}

export const howToName = 'name a file, a folder, a quoted glob, or a digest as sha256:HEX'

/** What a person can do who named a file that cannot be opened as one. */
export function explained(thrown: unknown): unknown {
  if (!(thrown instanceof CountersignError)) return thrown
  const { code, message } = thrown
  if (code === 'path-missing') return new CountersignError(code, message, { option: 'artifact', hint: howToName })
  if (code !== 'path-not-regular') return thrown
  const hint = 'what comes from a pipe is read from standard input, or as a stream'
  return new CountersignError(code, message, { option: 'artifact', hint })
}

/** Error: `usage` (a digest that is malformed). */
export function givenDigests(given: string | ArtifactDigests): ArtifactDigests {
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
