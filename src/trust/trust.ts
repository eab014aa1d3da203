/**
 * The flows of trust material: what is trusted now and why, refreshing it, and keeping a trusted root under a name.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { trustReportType } from '../model/trust-report.ts'
import type { TrustReport } from '../model/trust-report.ts'
import { describeServices } from '../sigstore/trust/describe.ts'
import { gatherTrust, materialFrom, trustTarget } from '../sigstore/trust/source.ts'
import type { TrustMaterial, TrustSource } from '../sigstore/trust/source.ts'
import { importTrust as keepTrust, importedTrust } from '../sigstore/trust/imported-root.ts'
import { trustFromJson } from '../sigstore/verify/trusted-root.ts'

export { importedTrust }

/**
 * What a verification under this source would trust, a report a root; refreshes as it would. Stale trust is shown and not
 * refused. Errors: those of `loadTrust`.
 */
export async function showTrust(source: TrustSource = { kind: 'public' }): Promise<readonly TrustReport[]> {
  const warnings: string[] = []
  const found = await gatherTrust(listening(source, (message) => warnings.push(message)))
  if (found.length === 0) throw new CountersignError('trusted-root-malformed', 'the file holds no trusted root')
  return found.map((material) => ({ ...reportOf(material, nowOf(source)), warnings }))
}

/**
 * Refreshes the cache of a TUF repository now and says what changed; a cache that does not verify is replaced. Errors:
 * `usage` (the source is no TUF repository), `trust-unavailable`, `trust-repository-invalid`, `output-failed`.
 */
export async function updateTrust(source: TrustSource = { kind: 'public' }): Promise<TrustReport> {
  if (source.kind !== 'public' && source.kind !== 'tuf') {
    throw new CountersignError('usage', 'only trust that comes through TUF can be updated')
  }
  if (source.network === 'none') throw new CountersignError('question-conflict', 'an update needs network')
  const [{ updateTarget }, { openRepository }] = await Promise.all([
    import('../sigstore/trust/tuf.ts'),
    import('../sigstore/trust/tuf-repository.ts'),
  ])
  const warnings: string[] = []
  const settings = { ...source, warn: (message: string) => warnings.push(message) }
  const { before, after } = await updateTarget(await openRepository(source), trustTarget, settings)
  const report = reportOf(materialFrom(after), nowOf(source))
  const previous = before === undefined ? undefined : reportOf(materialFrom(before), nowOf(source))
  return { ...report, changes: changesBetween(previous, report), warnings }
}

export interface ImportRequest {
  /** A trusted root or ClientTrustConfig. */
  readonly path: string
  readonly name: string
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string | undefined }
}

/** Keeps a trusted root under a name. Errors: those of the store (`sigstore/trust-store`). */
export async function importTrust(request: ImportRequest): Promise<TrustReport> {
  const { path, name, cwd = process.cwd(), env = process.env } = request
  const kept = await keepTrust(resolve(cwd, path), name, env)
  const origin = `${name}, imported`
  const material: TrustMaterial = { ...kept, origin, obtained: 'file', tuf: undefined }
  return { ...reportOf(material, new Date()), imported: { name, path: kept.path } }
}

function reportOf({ json, origin, digest, obtained, tuf }: TrustMaterial, now: Date): TrustReport {
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
    services: describeServices(trustFromJson(json, origin), json),
    warnings: [],
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

/** The same source, its warnings heard and stale trust shown. */
function listening(source: TrustSource, warn: (message: string) => void): TrustSource {
  switch (source.kind) {
    case 'public':
    case 'tuf':
      return { ...source, warn, staleTrust: source.staleTrust ?? 'show' }
    case 'any':
      return { ...source, sources: source.sources.map((it) => listening(it, warn)) }
    default:
      return source
  }
}

function nowOf(source: TrustSource): Date {
  return source.kind === 'public' || source.kind === 'tuf' ? (source.now ?? (() => new Date()))() : new Date()
}
