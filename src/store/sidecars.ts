/** Bundle files that lie beside an artifact, whoever made them. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DigestAlgorithm } from '../model/digest.ts'
import { deployedIn, digestNameAlgorithm, digestNames, isSharedName, sidecarNames } from '../model/sidecar-names.ts'
import { byText } from '../model/text-order.ts'

/** How many files for a whole release are read in search of an artifact's bundle. */
export const sharedFiles = 16

/** Names of what lies in a folder, but for folders; empty where it cannot be listed. */
export type FolderReader = (folder: string) => Promise<ReadonlySet<string>>

/** Folders that are remembered: artifacts come folder by folder. */
const rememberedFolders = 16

/** One that reads a folder once for all artifacts in it. */
export function newFolderReader(): FolderReader {
  const known = new Map<string, Promise<ReadonlySet<string>>>()
  return (folder) => {
    const names = known.get(folder) ?? namesIn(folder)
    known.delete(folder)
    known.set(folder, names)
    for (const oldest of known.keys()) if (known.size > rememberedFolders) known.delete(oldest)
    return names
  }
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return new Set(entries.filter((it) => !it.isDirectory()).map((it) => it.name))
}

/** Names of the bundles about deployments in a folder, by artifact: looked through once for all artifacts in it. */
const deployments = new WeakMap<ReadonlySet<string>, ReadonlyMap<string | undefined, readonly string[]>>()

function deploymentsOf(artifact: string, names: ReadonlySet<string>): readonly string[] {
  const known = deployments.get(names) ?? Map.groupBy([...names].sort(byText), deployedIn)
  deployments.set(names, known)
  return known.get(artifact) ?? []
}

/** Its own sidecars, in the order of their names' table; those about deployments last. */
export async function ownSidecars(artifact: string, read: FolderReader): Promise<readonly string[]> {
  const folder = dirname(artifact)
  const name = basename(artifact)
  const names = await read(folder)
  const wanted = sidecarNames(name).map((it) => join(folder, it))
  const deployed = deploymentsOf(name, names).map((it) => join(folder, it))
  if (names.has(name)) return [...wanted.filter((it) => names.has(basename(it))), ...deployed]
  // A folder that cannot be listed, or a file system that takes the name in other letters.
  const present: string[] = []
  for (const path of wanted) if (await isThere(path)) present.push(path)
  return present
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => !it.isDirectory(),
    () => false,
  )
}

/** Files of a release as a whole, sorted; there may be more than `sharedFiles`. */
export async function sharedSidecars(folder: string, read: FolderReader): Promise<readonly string[]> {
  const names = await read(folder)
  return [...names]
    .filter(isSharedName)
    .sort(byText)
    .map((it) => join(folder, it))
}

/** Algorithms of the digests after which files of these folders are named. */
export async function digestsNamed(
  folders: readonly string[],
  read: FolderReader,
): Promise<readonly DigestAlgorithm[]> {
  const found: (DigestAlgorithm | undefined)[] = []
  for (const folder of new Set(folders)) found.push(...[...(await read(folder))].map(digestNameAlgorithm))
  return [...new Set(found)].filter((it) => it !== undefined)
}

/** Files of these folders that are named after one of the digests. */
export async function digestSidecars(
  folders: readonly string[],
  digests: { readonly [algorithm in DigestAlgorithm]?: string },
  read: FolderReader,
): Promise<readonly string[]> {
  const names = Object.entries(digests).flatMap(([algorithm, hex]) => digestNames(algorithm as DigestAlgorithm, hex))
  const present: string[] = []
  for (const folder of new Set(folders)) {
    const here = await read(folder)
    present.push(...names.filter((it) => here.has(it)).map((it) => join(folder, it)))
  }
  return present
}
