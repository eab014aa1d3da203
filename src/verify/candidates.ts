/** Which bundles are worth verifying for an artifact: those that name one of its digests, whatever else lies beside them. */
import { basename, dirname, resolve } from 'node:path'
import { CountersignError, attemptAsync, option } from '../errors.ts'
import type { ArtifactInput } from '../model/artifact.ts'
import type { Bundle } from '../model/bundle.ts'
import type { DigestAlgorithm } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { namesLookedFor } from '../model/sidecar-names.ts'
import { baseName } from '../model/subject-match.ts'
import { openRegular } from '../platform/files.ts'
import { hashFile } from '../platform/hash.ts'
import { indexBundle, indexBundleBytes, indexBundleFile } from '../store/bundle-index.ts'
import type { BundleIndex } from '../store/bundle-index.ts'
import {
  digestSidecars,
  digestsNamed,
  newFolderReader,
  ownSidecars,
  sharedFiles,
  sharedSidecars,
} from '../store/sidecars.ts'
import type { FolderReader } from '../store/sidecars.ts'
import { explained, givenDigests } from './artifact.ts'
import type { NamedDigests } from './artifact.ts'
import type { Candidate, Candidates } from './judge.ts'
import { holdsAttestations } from './set-aside.ts'

/** Names of files that may be bundles: an artifact of gigabytes is not read for the sake of a hint. */
const mayHoldBundles = /\.(?:jsonl?|sigstore|bundle|att|attestation|provenance)$/i

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

export function isList(input: BundleInput): input is readonly (Uint8Array | Bundle)[] {
  return Array.isArray(input)
}

/** Reads what lies beside artifacts: folders, and the files in them that were found. */
export interface Surroundings {
  readonly folder: FolderReader
  readonly index: (path: string) => Promise<BundleIndex>
}

/** Those that remember the last files: what lies beside many artifacts is read once for all of them. */
export function newSurroundings(): Surroundings {
  const known = new Map<string, Promise<BundleIndex>>()
  return {
    folder: newFolderReader(),
    index(path) {
      const index = known.get(path) ?? indexBundleFile(path, 'found')
      known.delete(path)
      known.set(path, index)
      for (const oldest of known.keys()) if (known.size > sharedFiles) known.delete(oldest)
      return index
    },
  }
}

/**
 * The bundle files that lie beside an artifact: its own by name or by digest; those of the whole release too where no statement
 * in its own names any digest, as in a signature without one. Files that are named after its digest may lie in the working folder
 * as well, where `gh attestation download` puts them. Errors: `attestation-none`, `usage` (a digest that is malformed); where there is
 * no file of the artifact's name, or something else, `path-*`; where a bundle file is no regular file, `input-unreadable`.
 */
export async function indexBeside(
  artifact: ArtifactInput,
  cwd: string,
  surroundings: Surroundings,
): Promise<readonly BundleIndex[]> {
  if ('digest' in artifact) {
    const digests = givenDigests(artifact.digest)
    const files = await digestSidecars([cwd], digests, surroundings.folder)
    if (files.length > 0) return indexAll(files, surroundings)
  }
  if (!('path' in artifact)) {
    throw new CountersignError('attestation-none', 'an artifact without a file has no bundle beside it', {
      option: 'bundle',
      hint: `name the bundle (${option('bundle')})`,
    })
  }
  const path = resolve(cwd, artifact.path)
  const own = await indexAll(await ownFiles(path, cwd, surroundings.folder), surroundings)
  // A bundle that cannot be read, or that is about nothing, hides none that is about the artifact.
  if (own.some(({ count, unclear }) => count > unclear.length)) return own
  const shared = await sharedSidecars(dirname(path), surroundings.folder)
  const indexes = shared.length > sharedFiles ? own : [...own, ...(await indexAll(shared, surroundings))]
  if (indexes.length > 0) return indexes
  // Beside a file that is not there lies no bundle either, but that is not what is wrong.
  const handle = await openRegular(path, JSON.stringify(artifact.path)).catch((thrown: unknown) => {
    throw explained(thrown)
  })
  await handle.close()
  if (mayHoldBundles.test(path) && (await holdsAttestations(path))) {
    throw new CountersignError('attestation-none', `${basename(path)} is a bundle, and none lies beside it`, {
      option: 'bundle',
      hint: `name the artifact that it is about, and this file as its bundle (${option('bundle')})`,
    })
  }
  throw noneBeside(basename(path), shared.length)
}

async function ownFiles(path: string, cwd: string, read: FolderReader): Promise<readonly string[]> {
  const own = await ownSidecars(path, read)
  const folders = [dirname(path), cwd]
  const algorithms = await digestsNamed(folders, read)
  if (algorithms.length === 0) return own
  const digests = await attemptAsync(async () => (await hashFile(path, algorithms)).digest)
  return digests instanceof CountersignError ? own : [...own, ...(await digestSidecars(folders, { ...digests }, read))]
}

async function indexAll(paths: readonly string[], { index }: Surroundings): Promise<readonly BundleIndex[]> {
  const indexes: BundleIndex[] = []
  for (const path of paths) indexes.push(await index(path))
  return indexes
}

function noneBeside(name: string, shared: number): CountersignError {
  if (shared > sharedFiles) {
    const found = `no bundle of its own lies beside ${name}, and ${shared} files that may hold one are too many to read`
    return new CountersignError('attestation-none', found, { option: 'bundle' })
  }
  return new CountersignError('attestation-none', `no bundle lies beside ${name}`, {
    option: 'bundle',
    hint: `looked for ${namesLookedFor(name)}; another place is named (${option('bundle')})`,
  })
}

/** The algorithms whose digests the bundles name, so that an artifact is hashed once with just these. */
export function algorithmsIn(indexes: readonly BundleIndex[]): readonly DigestAlgorithm[] {
  return [...new Set(indexes.flatMap((it) => [...it.algorithms]))]
}

/**
 * The bundles that name the artifact, and some of which nobody can say what they are about; where none names it, one that has its
 * name under another digest, or the first, so that the verdict can explain. What is more than `limits.candidates` is named and not examined.
 */
export async function candidatesFor(
  { name, digest }: NamedDigests,
  indexes: readonly BundleIndex[],
): Promise<Candidates> {
  const digests = Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`)
  const about = indexes.flatMap((index) => index.about(digests))
  const unclear = indexes.flatMap((index) => index.unclear)
  const some = Math.min(limits.unclearCandidates, Math.max(limits.candidates - about.length, 0))
  const fitting = [...about.slice(0, limits.candidates), ...unclear.slice(0, some)]
  const namesakes = about.length > 0 ? [] : indexes.flatMap((index) => index.naming(baseName(name)) ?? []).slice(0, 1)
  const near = [...fitting, ...namesakes]
  const chosen = near.length > 0 ? near : indexes.flatMap((index) => index.first() ?? []).slice(0, 1)
  const examined: Candidate[] = []
  for (const { label, read } of chosen) examined.push({ label, content: await attemptAsync(read) })
  const broken = indexes.flatMap((it) => it.unreadable)
  const unreadable = broken.slice(0, limits.candidates).map(({ label, error }) => ({ label, content: error }))
  const beyond = [...about.slice(limits.candidates), ...unclear.slice(some), ...broken.slice(limits.candidates)]
  const count = indexes.reduce((sum, it) => sum + it.count, 0)
  return {
    examined: [...examined, ...unreadable],
    beyond: beyond.map((it) => it.label),
    unrelated: count - Math.max(about.length + unclear.length + namesakes.length, chosen.length),
  }
}
