/** Which bundles are worth verifying for an artifact: those that name one of its digests, whatever else lies beside them. */
import { resolve } from 'node:path'
import { CountersignError, attemptAsync, option } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { Bundle } from '../model/bundle.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import { openRegular } from '../platform/files.ts'
import { findSidecars, sharedFiles } from '../store/bundle-file.ts'
import { indexBundle, indexBundleBytes, indexBundleFile } from '../store/bundle-index.ts'
import type { BundleIndex } from '../store/bundle-index.ts'
import type { Candidate, Candidates } from './judge.ts'

/** One bundle or several: parsed, or as the bytes of a document or of a `.jsonl`. */
export type BundleInput = Uint8Array | Bundle | readonly (Uint8Array | Bundle)[]

/** Errors: `input-too-large`; bytes that cannot be read give an index that says so. */
export async function indexInput(input: BundleInput): Promise<readonly BundleIndex[]> {
  const bundles: readonly (Uint8Array | Bundle)[] = isList(input) ? input : [input]
  const indexes: BundleIndex[] = []
  for (const [at, bundle] of bundles.entries()) {
    const name = bundles.length === 1 ? 'bundle' : `bundle ${at + 1}`
    indexes.push(bundle instanceof Uint8Array ? await indexBundleBytes(name, bundle) : indexBundle(name, bundle))
  }
  return indexes
}

function isList(input: BundleInput): input is readonly (Uint8Array | Bundle)[] {
  return Array.isArray(input)
}

/** The index of a file that was found. */
export type IndexReader = (path: string) => Promise<BundleIndex>

/** One that remembers the last files: those that lie beside many artifacts are read once for all of them. */
export function newIndexReader(): IndexReader {
  const known = new Map<string, Promise<BundleIndex>>()
  return (path) => {
    const index = known.get(path) ?? indexBundleFile(path, 'found')
    known.delete(path)
    known.set(path, index)
    for (const oldest of known.keys()) if (known.size > sharedFiles) known.delete(oldest)
    return index
  }
}

/**
 * The bundle files that lie beside an artifact. Errors: `attestation-none`, also for an artifact that is no file; where there is
 * no file of that name, or something else, `path-*`; where a bundle file is no regular file, `input-unreadable`.
 */
export async function indexBeside(
  artifact: ArtifactInput,
  cwd: string,
  readIndex: IndexReader,
): Promise<readonly BundleIndex[]> {
  if (!('path' in artifact)) {
    throw new CountersignError('attestation-none', 'an artifact without a file has no bundle beside it', {
      option: 'bundle',
      hint: `name the bundle (${option('bundle')})`,
    })
  }
  const path = resolve(cwd, artifact.path)
  const files = await findSidecars(path).catch(async (none: unknown) => {
    // Beside a file that is not there lies no bundle either, but that is not what is wrong.
    await (await openRegular(path, JSON.stringify(artifact.path))).close()
    throw none
  })
  const indexes: BundleIndex[] = []
  for (const file of files) indexes.push(await readIndex(file))
  return indexes
}

/** The algorithms whose digests the bundles name, so that an artifact is hashed once with just these. */
export function algorithmsIn(indexes: readonly BundleIndex[]): readonly DigestAlgorithm[] {
  return [...new Set(indexes.flatMap((it) => [...it.algorithms]))]
}

/**
 * The bundles that name the artifact, and some of which nobody can say what they are about; if there are none, the first, so
 * that the verdict can explain. What is more than `limits.candidates` is named and not examined.
 */
export async function candidatesFor(digest: ArtifactDigests, indexes: readonly BundleIndex[]): Promise<Candidates> {
  const digests = Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`)
  const about = indexes.flatMap((index) => index.about(digests))
  const unclear = indexes.flatMap((index) => index.unclear)
  const some = Math.min(limits.unclearCandidates, Math.max(limits.candidates - about.length, 0))
  const fitting = [...about.slice(0, limits.candidates), ...unclear.slice(0, some)]
  const chosen = fitting.length > 0 ? fitting : indexes.flatMap((index) => index.first() ?? []).slice(0, 1)
  const examined: Candidate[] = []
  for (const { label, read } of chosen) examined.push({ label, content: await attemptAsync(read) })
  const broken = indexes.flatMap((it) => it.unreadable)
  const unreadable = broken.slice(0, limits.candidates).map(({ label, error }) => ({ label, content: error }))
  const beyond = [...about.slice(limits.candidates), ...unclear.slice(some), ...broken.slice(limits.candidates)]
  const count = indexes.reduce((sum, it) => sum + it.count, 0)
  return {
    examined: [...examined, ...unreadable],
    beyond: beyond.map((it) => it.label),
    unrelated: count - Math.max(about.length + unclear.length, chosen.length),
  }
}
