/** Which TUF repository: public-good Sigstore's with the seed that came with the program, GitHub's, or a private one under its root. */
import { resolve } from 'node:path'
import { CountersignError, asFailure, option } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { TufSource } from '../../model/trust-source.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'
import { readFirstRoot } from './tuf-metadata.ts'
import type { Role } from './tuf-metadata.ts'
import { mirrorAddress } from './tuf-mirror.ts'

export interface TufRepository {
  /** For sentences: `public-good Sigstore`. */
  readonly name: string
  readonly mirror: string
  /** Its file with the trusted root. */
  readonly trustTarget: string
  /** Trusted from the start; all else follows from it. */
  readonly firstRoot: Role<'root'>
  /** Files as they were when the program was released, by name; empty for a private repository. */
  readonly seed: ReadonlyMap<string, Uint8Array>
}

/** The repository that a source of trust names. Errors: those of `gitHubRepository` and `privateRepository`. */
export async function openRepository(source: TufSource, { cwd }: World): Promise<TufRepository> {
  switch (source.kind) {
    case 'public':
      return publicRepository()
    case 'github':
      return gitHubRepository(source.trustDomain)
    case 'tuf':
      return privateRepository(source.mirror, resolve(cwd, source.root))
  }
}

/** The file that TUF repositories of Sigstore distribute trust by. */
const trustTarget = 'trusted_root.json'

const publicMirror = 'https://tuf-repo-cdn.sigstore.dev'

/** The repository of public-good Sigstore; its first root and files lie here as data. */
export async function publicRepository(): Promise<TufRepository> {
  const { default: seed } = await import('./public-good-seed.json', { with: { type: 'json' } })
  return {
    name: 'public-good Sigstore',
    mirror: publicMirror,
    trustTarget,
    firstRoot: readFirstRoot(Buffer.from(seed.root)),
    seed: new Map(Object.entries(seed.targets).map(([name, text]) => [name, Buffer.from(text)])),
  }
}

const gitHubMirror = 'https://tuf-repo.github.com'

/**
 * The repository of GitHub's own Sigstore under the first root that GitHub's client carries; it has expired, as a first root may. It has no seed: nobody publishes its
 * files but the mirror. Each trust domain has a trusted root of its own in it. Error: `usage` (what is no such domain).
 */
export async function gitHubRepository(trustDomain?: string): Promise<TufRepository> {
  if (trustDomain !== undefined && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(trustDomain)) {
    throw new CountersignError(
      'usage',
      `a trust domain is a name such as acme, not ${JSON.stringify(trustDomain.slice(0, 100))}`,
      {
        option: 'sigstore',
      },
    )
  }
  const { default: carried } = await import('./github-tuf-root.json', { with: { type: 'json' } })
  const own = "GitHub's own Sigstore"
  return {
    name: trustDomain === undefined ? own : `${own} for ${trustDomain}`,
    mirror: gitHubMirror,
    trustTarget: trustDomain === undefined ? trustTarget : `${trustDomain}.${trustTarget}`,
    firstRoot: readFirstRoot(Buffer.from(carried.root)),
    seed: new Map(),
  }
}

/**
 * A private repository. Errors: `usage` (the address), `path-*`, `input-*`, `trusted-root-malformed` (the file is no TUF
 * root).
 */
export async function privateRepository(mirror: string, rootPath: string): Promise<TufRepository> {
  const address = mirrorAddress(mirror)
  const bytes = await readRegularFile(rootPath, limits.tufMetadataBytes, rootPath)
  try {
    const firstRoot = readFirstRoot(bytes)
    return { name: `the TUF mirror ${address}`, mirror: address, trustTarget, firstRoot, seed: new Map() }
  } catch (thrown) {
    const { message } = asFailure(thrown, 'internal', 'it')
    throw new CountersignError('trusted-root-malformed', `${rootPath} is no TUF root: ${message}`, {
      cause: thrown,
      option: 'root',
      hint: `expected the root.json of a TUF repository, such as 1.root.json; a Sigstore trusted root is another thing (${option('trust')})`,
    })
  }
}
