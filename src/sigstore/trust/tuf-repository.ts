/** Which TUF repository: public-good Sigstore's with the seed that came with the program, or a private one under its root. */
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
  /** Trusted from the start; all else follows from it. */
  readonly firstRoot: Role<'root'>
  /** Files as they were when the program was released, by name; empty for a private repository. */
  readonly seed: ReadonlyMap<string, Uint8Array>
}

/** The repository that a source of trust names. Errors: those of `privateRepository`. */
export function openRepository(source: TufSource, { cwd }: World): Promise<TufRepository> {
  return source.kind === 'public' ? publicRepository() : privateRepository(source.mirror, resolve(cwd, source.root))
}

const publicMirror = 'https://tuf-repo-cdn.sigstore.dev'

/** The repository of public-good Sigstore; its first root and files are those of the @sigstore/tuf that we ship. */
export async function publicRepository(): Promise<TufRepository> {
  const { default: seeds } = await import('@sigstore/tuf/seeds.json', { with: { type: 'json' } })
  const { 'root.json': root, targets } = seeds[publicMirror]
  return {
    name: 'public-good Sigstore',
    mirror: publicMirror,
    firstRoot: readFirstRoot(Buffer.from(root, 'base64')),
    seed: new Map(
      Object.entries(targets).map(([name, text]) => [decodeURIComponent(name), Buffer.from(text, 'base64')]),
    ),
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
    return { name: `the TUF mirror ${address}`, mirror: address, firstRoot: readFirstRoot(bytes), seed: new Map() }
  } catch (thrown) {
    const { message } = asFailure(thrown, 'internal', 'it')
    throw new CountersignError('trusted-root-malformed', `${rootPath} is no TUF root: ${message}`, {
      cause: thrown,
      option: 'root',
      hint: `expected the root.json of a TUF repository, such as 1.root.json; a Sigstore trusted root is another thing (${option('trust')})`,
    })
  }
}
