/** Fetching trusted roots from where a caller says: JSON that nobody has looked at yet, and what is known of it. */
import { resolve } from 'node:path'
import { CountersignError, attempt } from '../../errors.ts'
import { withoutMark } from '../../model/bundle.ts'
import { sha256Hex } from '../../model/digest.ts'
import { newDocumentCutter } from '../../model/json-documents.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { refuseOtherTrust } from '../../model/trust-kind.ts'
import type { TrustSource, TufSource } from '../../model/trust-source.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'
import { trustFromJson } from '../verify/trusted-root.ts'
import type { Trust } from '../verify/trusted-root.ts'
import { importedTrust } from './imported-root.ts'
import type { TufFile, TufStatus } from './tuf.ts'

/** A trusted root as it was found. */
export interface TrustMaterial {
  readonly json: Json
  /** The document, as it was found. */
  readonly bytes: Uint8Array
  /** In words, for a verdict. */
  readonly origin: string
  /** SHA-256 of the document, lower-case hex. */
  readonly digest: string
  readonly obtained: TufStatus['obtained'] | 'file' | 'given'
  readonly tuf: TufStatus | undefined
}

/**
 * Every trusted root of a source; a file that names none gives none. What a root has that cannot be used is told by `warn`.
 * Errors: `usage` (it is no source), `path-*`, `input-unreadable`, `input-too-large`,
 * `json-*`; with TUF those of `obtainTarget`, `usage` (the mirror's address) and `trusted-root-malformed` (its first root).
 */
export async function gatherTrust(source: TrustSource, world: World): Promise<readonly TrustMaterial[]> {
  refuseOtherTrust(source)
  const found = await gather(source, world)
  for (const material of found) for (const warning of leftOutOf(material)) world.warn(warning)
  return found
}

/** What of a root cannot be used, a line each; a root that cannot be read at all has none. */
export function leftOutOf(material: TrustMaterial): readonly string[] {
  const { origin } = material
  const trust = attempt(() => opened(material))
  return trust instanceof CountersignError ? [] : trust.leftOut.map((it) => `left out of ${origin}: ${it.words}`)
}

const trusts = new WeakMap<TrustMaterial, Trust>()

/** Opened once: its keys and certificates are read for what is left out, and again to verify. Errors: those of {@link trustFromJson}. */
function opened(material: TrustMaterial): Trust {
  const trust = trusts.get(material) ?? trustFromJson(material.json, material.origin)
  trusts.set(material, trust)
  return trust
}

async function gather(source: TrustSource, world: World): Promise<readonly TrustMaterial[]> {
  switch (source.kind) {
    case 'public':
    case 'github':
    case 'tuf':
      return [await gatherTuf(source, world)]
    case 'file':
      return gatherFile(resolve(world.cwd, source.path), source.path)
    case 'imported': {
      const { json, bytes, digest } = await importedTrust(source.name, world)
      const origin = `${source.name}, imported, sha256:${digest.slice(0, 16)}`
      return [{ json, bytes, origin, digest, obtained: 'given', tuf: undefined }]
    }
    case 'json': {
      const { json, origin } = source
      const bytes = Buffer.from(JSON.stringify(json))
      return [{ json, bytes, origin, digest: sha256Hex(bytes), obtained: 'given', tuf: undefined }]
    }
    case 'any': {
      const found: TrustMaterial[] = []
      for (const each of source.sources) found.push(...(await gather(each, world)))
      return bounded(found)
    }
  }
}

/**
 * The one trusted root of a source. Errors: those of `gatherTrust`, `trusted-root-malformed`, `trusted-root-lax`;
 * `question-conflict` if the source holds several.
 */
export async function loadTrust(source: TrustSource, world: World): Promise<Trust> {
  const [trust, ...others] = openTrusts(await gatherTrust(source, world))
  if (others.length > 0) throw new CountersignError('question-conflict', 'one trusted root is needed here, not several')
  return trust
}

/** What was found, read as strictly as a verification needs it; at least one. Errors: `trusted-root-*`. */
export function openTrusts(found: readonly TrustMaterial[]): readonly [Trust, ...Trust[]] {
  const [first, ...others] = found.map(opened)
  if (first === undefined) throw new CountersignError('trusted-root-malformed', 'there is no trusted root')
  return [first, ...others]
}

/** The JSON of a trusted root or ClientTrustConfig file; bounded. Errors: `path-*`, `input-*`, `json-*`. */
export async function readTrustFile(path: string): Promise<Json> {
  const bytes = await readRegularFile(path, limits.trustedRootBytes, path)
  return parseJson(withoutMark(bytes), path, limits.trustedRootBytes)
}

async function gatherTuf(source: TufSource, world: World): Promise<TrustMaterial> {
  // Loaded when asked for: whoever verifies under a file pays for no TUF.
  const [{ obtainTarget }, { openRepository }] = await Promise.all([import('./tuf.ts'), import('./tuf-repository.ts')])
  const repository = await openRepository(source, world)
  return materialFrom(await obtainTarget(repository, repository.trustTarget, source, world))
}

export function materialFrom({ bytes, origin, status }: TufFile): TrustMaterial {
  return {
    json: parseJson(bytes, 'the trusted root', limits.trustedRootBytes),
    bytes,
    origin,
    digest: sha256Hex(bytes),
    obtained: status.obtained,
    tuf: status,
  }
}

async function gatherFile(path: string, given: string): Promise<readonly TrustMaterial[]> {
  const bytes = await readRegularFile(path, limits.trustedRootBytes, given).catch((thrown: unknown) => {
    throw withExportHint(thrown)
  })
  const documents: { readonly bytes: Uint8Array; readonly line: number }[] = []
  const cutter = newDocumentCutter((start, end, line) => {
    if (documents.length <= limits.trustedRoots) documents.push({ bytes: bytes.subarray(start, end), line })
  })
  cutter.push(bytes)
  cutter.end()
  // What `gh attestation trusted-root` prints is a root a line, whatever the file is called.
  const isList = path.endsWith('.jsonl') || documents.length > 1
  if (!isList) return [materialOf(bytes, given)]
  return bounded(documents).map((it) => materialOf(it.bytes, `${given}:${it.line}`))
}

/** Whoever has no such file yet is told what writes one. */
function withExportHint(thrown: unknown): unknown {
  if (!(thrown instanceof CountersignError) || thrown.code !== 'path-missing') return thrown
  return new CountersignError(thrown.code, thrown.message, {
    option: 'trust',
    hint: 'check the path; countersign trust export writes the trusted root of public-good Sigstore to a file',
    cause: thrown,
  })
}

function bounded<T>(found: readonly T[]): readonly T[] {
  if (found.length <= limits.trustedRoots) return found
  throw new CountersignError('input-too-large', `there are more than ${limits.trustedRoots} trusted roots`)
}

function materialOf(bytes: Uint8Array, origin: string): TrustMaterial {
  // The digest is that of the file, as whoever hands it on computes it.
  const json = parseJson(withoutMark(bytes), origin, limits.trustedRootBytes)
  return { json, bytes, origin, digest: sha256Hex(bytes), obtained: 'file', tuf: undefined }
}
