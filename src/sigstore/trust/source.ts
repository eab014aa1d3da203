/** Where trusted roots come from, and fetching them from there: JSON that nobody has looked at yet, and what is known of it. */
import { createHash } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readBoundedFile } from '../../platform/bounded-file.ts'
import type { TufFile, TufSettings, TufStatus } from './tuf.ts'

/**
 * Public-good Sigstore through TUF, a private TUF repository under its own root, a file, JSON at hand (the embedded
 * Sigstore's), or several of these: then a bundle must hold under one of them as a whole.
 */
export type TrustSource =
  | ({ readonly kind: 'public' } & TufSettings)
  /** `root` is the path of the repository's root.json, which is trusted as it is. */
  | ({ readonly kind: 'tuf'; readonly mirror: string; readonly root: string } & TufSettings)
  /** A trusted root, a ClientTrustConfig, or a `.jsonl` of trusted roots. */
  | { readonly kind: 'file'; readonly path: string }
  /** `digest` is that of the document, where there was one. */
  | { readonly kind: 'json'; readonly json: Json; readonly origin: string; readonly digest?: string }
  | { readonly kind: 'any'; readonly sources: readonly TrustSource[] }

/** A trusted root as it was found. */
export interface TrustMaterial {
  readonly json: Json
  /** In words, for a verdict. */
  readonly origin: string
  /** SHA-256 of the document, lower-case hex. */
  readonly digest: string
  readonly obtained: TufStatus['obtained'] | 'file' | 'given'
  readonly tuf: TufStatus | undefined
}

/**
 * Every trusted root of a source; a file that names none gives none. Errors: `input-unreadable`, `input-too-large`, `json-*`;
 * with TUF those of `obtainTarget`, `usage` (the mirror's address) and `trusted-root-malformed` (its first root).
 */
export async function gatherTrust(source: TrustSource): Promise<readonly TrustMaterial[]> {
  switch (source.kind) {
    case 'public':
    case 'tuf':
      return [await gatherTuf(source)]
    case 'file':
      return gatherFile(source.path)
    case 'json': {
      const { json, origin, digest = sha256(JSON.stringify(json)) } = source
      return [{ json, origin, digest, obtained: 'given', tuf: undefined }]
    }
    case 'any': {
      const found: TrustMaterial[] = []
      for (const each of source.sources) found.push(...(await gatherTrust(each)))
      return bounded(found)
    }
  }
}

/** The JSON of a trusted root or ClientTrustConfig file; bounded. Errors: `input-unreadable`, `input-too-large`, `json-*`. */
export async function readTrustFile(path: string): Promise<Json> {
  return parseJson(await readBoundedFile(path, limits.trustedRootBytes), path, limits.trustedRootBytes)
}

/** The file that TUF repositories of Sigstore distribute trust by. */
export const trustTarget = 'trusted_root.json'

export type TufSource = Extract<TrustSource, { readonly kind: 'public' | 'tuf' }>

async function gatherTuf(source: TufSource): Promise<TrustMaterial> {
  // Loaded when asked for: whoever verifies under a file pays for no TUF.
  const [{ obtainTarget }, { openRepository }] = await Promise.all([import('./tuf.ts'), import('./tuf-repository.ts')])
  return materialFrom(await obtainTarget(await openRepository(source), trustTarget, source))
}

export function materialFrom({ bytes, origin, status }: TufFile): TrustMaterial {
  return {
    json: parseJson(bytes, trustTarget, limits.trustedRootBytes),
    origin,
    digest: sha256(bytes),
    obtained: status.obtained,
    tuf: status,
  }
}

async function gatherFile(path: string): Promise<readonly TrustMaterial[]> {
  const bytes = await readBoundedFile(path, limits.trustedRootBytes)
  if (!path.endsWith('.jsonl')) return [materialOf(bytes, path)]
  const lines = Buffer.from(bytes).toString('utf8').split('\n')
  return bounded(
    lines.flatMap((line, index) => (line.trim() === '' ? [] : [materialOf(Buffer.from(line), `${path}:${index + 1}`)])),
  )
}

function bounded(found: readonly TrustMaterial[]): readonly TrustMaterial[] {
  if (found.length <= limits.trustedRoots) return found
  throw new CountersignError('input-too-large', `${found.length} trusted roots are more than ${limits.trustedRoots}`)
}

function materialOf(bytes: Uint8Array, origin: string): TrustMaterial {
  const json = parseJson(bytes, origin, limits.trustedRootBytes)
  return { json, origin, digest: sha256(bytes), obtained: 'file', tuf: undefined }
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
