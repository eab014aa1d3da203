/**
 * The flows of trust material: what is trusted now and why, refreshing it, and keeping a trusted root under a name.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { trustReportType } from '../model/trust-report.ts'
import type { TrustReport } from '../model/trust-report.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { describeServices } from '../sigstore/trust/describe.ts'
import { importTrust as keepTrust } from '../sigstore/trust/imported-root.ts'
import { refuseOtherTrust } from '../model/trust-kind.ts'
import { gatherTrust, leftOutOf, materialFrom } from '../sigstore/trust/source.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import { trustFromJson } from '../sigstore/verify/trusted-root.ts'

/**
 * What a verification under this source would trust, a report a root; refreshes as it would. Stale trust is shown and not
 * refused. Errors: those of the source.
 *
 * @example
 * ```ts
 * import { showTrust } from 'countersign/trust'
 *
 * for (const { origin, services } of await showTrust({ kind: 'file', path: 'trusted_root.json' })) {
 *   console.log(origin, services.map((it) => `${it.role} ${it.keyId}`))
 * }
 * ```
 */
export async function showTrust(
  source: TrustSource = { kind: 'public' },
  given: Partial<World> = {},
): Promise<readonly TrustReport[]> {
  const warnings: string[] = []
  const world = worldOf({ ...given, warn: (message) => void warnings.push(message) })
  refuseOtherTrust(source)
  const found = await gatherTrust(withStaleShown(source), world)
  if (found.length === 0) throw new CountersignError('trusted-root-malformed', 'the file holds no trusted root')
  return found.map((material) => ({ ...reportOf(material, world.now()), warnings }))
}

/**
 * Refreshes the cache of a TUF repository now and says what changed; a cache that does not verify is replaced. Errors:
 * `usage` (the source is no TUF repository), `trust-unavailable`, `trust-repository-invalid`, `output-failed`.
 *
 * @example
 * ```ts
 * import { CountersignError } from 'countersign'
 * import { updateTrust } from 'countersign/trust'
 *
 * try {
 *   await updateTrust({ kind: 'file', path: 'trusted_root.json' })
 * } catch (error) {
 *   if (!(error instanceof CountersignError)) throw error
 *   console.log(error.code) // usage: a file is what it is
 * }
 * ```
 */
export async function updateTrust(
  source: TrustSource = { kind: 'public' },
  given: Partial<World> = {},
): Promise<TrustReport> {
  refuseOtherTrust(source)
  if (source.kind !== 'public' && source.kind !== 'github' && source.kind !== 'tuf') {
    throw new CountersignError('usage', 'only trust that comes through TUF can be updated', { option: 'trust' })
  }
  if (source.network === 'none') {
    throw new CountersignError('question-conflict', 'an update needs network', { option: 'network' })
  }
  const [{ updateTarget }, { openRepository }] = await Promise.all([
    import('../sigstore/trust/tuf.ts'),
    import('../sigstore/trust/tuf-repository.ts'),
  ])
  const warnings: string[] = []
  const world = worldOf({ ...given, warn: (message) => void warnings.push(message) })
  const repository = await openRepository(source, world)
  const { before, after } = await updateTarget(repository, repository.trustTarget, source, world)
  const report = reportOf(materialFrom(after), world.now())
  const previous = before === undefined ? undefined : reportOf(materialFrom(before), world.now())
  return { ...report, changes: changesBetween(previous, report), warnings: [...warnings, ...report.warnings] }
}

export interface ImportRequest {
  /** A trusted root or ClientTrustConfig. */
  readonly path: string
  readonly name: string
  readonly world?: Partial<World>
}

/**
 * Keeps a trusted root under a name. Errors: those of the store (`sigstore/trust/imported-root`).
 *
 * @example
 * ```ts
 * import { importTrust, showTrust } from 'countersign/trust'
 *
 * await importTrust({ path: 'trusted_root.json', name: 'acme-prod' })
 * const [report] = await showTrust({ kind: 'imported', name: 'acme-prod' })
 * console.log(report?.digest)
 * ```
 */
export async function importTrust({ path, name, world: given }: ImportRequest): Promise<TrustReport> {
  const world = worldOf(given)
  const kept = await keepTrust(resolve(world.cwd, path), name, world)
  const origin = `${name}, imported`
  const material: TrustMaterial = { ...kept, origin, obtained: 'file', tuf: undefined }
  return { ...reportOf(material, world.now()), imported: { name, path: kept.path } }
}

function reportOf(material: TrustMaterial, now: Date): TrustReport {
  const { json, origin, digest, obtained, tuf } = material
  return {
    type: trustReportType,
    origin,
    obtained,
    digest,
    ...(tuf === undefined
      ? {}
      : {
          tuf: {
            mirror: tuf.mirror,
            rootVersion: tuf.rootVersion,
            freshness: tuf.freshness,
            ...(tuf.refreshedAt === undefined ? {} : { refreshedAt: tuf.refreshedAt.toISOString() }),
            roles: tuf.roles.map(({ role, version, expires }) => ({
              role,
              version,
              expires: expires.toISOString(),
              expired: expires <= now,
            })),
          },
        }),
    services: describeServices(trustFromJson(json, origin)),
    warnings: [...leftOutOf(material)],
  }
}

/** What a person wants to know of an update; empty if only dates moved. */
function changesBetween(before: TrustReport | undefined, after: TrustReport): string[] {
  if (before === undefined) return ['nothing was kept before']
  const of = ({ services }: TrustReport): string[] => services.map((it) => JSON.stringify(it))
  const [known, found] = [of(before), of(after)]
  const words = ({ role, host, name, keyId, validUntil }: TrustReport['services'][number]): string =>
    `${role} ${host ?? name ?? ''} ${keyId}${validUntil === undefined ? '' : ` until ${validUntil}`}`
  const versions = (after.tuf?.roles ?? []).flatMap(({ role, version }) => {
    const old = before.tuf?.roles.find((it) => it.role === role)?.version
    return old === version ? [] : [`${role} ${old === undefined ? 'new at' : `v${old} to`} v${version}`]
  })
  return [
    ...versions,
    ...(before.digest === after.digest ? [] : [`trusted root sha256:${short(before)} to sha256:${short(after)}`]),
    ...before.services.filter((it) => !found.includes(JSON.stringify(it))).map((it) => `gone: ${words(it)}`),
    ...after.services.filter((it) => !known.includes(JSON.stringify(it))).map((it) => `new: ${words(it)}`),
  ]
}

function short({ digest }: TrustReport): string {
  return digest.slice(0, 16)
}

/** The same source, stale trust shown: a verification under it would refuse. */
function withStaleShown(source: TrustSource): TrustSource {
  switch (source.kind) {
    case 'public':
    case 'github':
    case 'tuf':
      return { ...source, staleTrust: source.staleTrust ?? 'show' }
    case 'any':
      return { ...source, sources: source.sources.map(withStaleShown) }
    default:
      return source
  }
}
