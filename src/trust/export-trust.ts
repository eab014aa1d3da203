/** Trust that is at hand → a file that whoever verifies without network, or with another tool, is given. */
import { resolve } from 'node:path'
import { withoutMark } from '../model/bundle.ts'
import { sha256Hex } from '../model/digest.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { writeWholeFile } from '../platform/files.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { gatherTrust, openTrusts } from '../sigstore/trust/source.ts'
import type { TrustMaterial } from '../sigstore/trust/source.ts'
import { trustedRootIn } from '../sigstore/verify/trusted-root.ts'

export interface ExportRequest {
  /** Default: public-good Sigstore. */
  readonly source?: TrustSource
  /** Also a file, whole or not at all; one that is there is refused unless it may be replaced. */
  readonly out?: { readonly path: string; readonly whenPresent?: 'refuse' | 'replace' }
  readonly world?: Partial<World>
}

/** What was exported. */
export interface ExportedTrust {
  /** A TrustedRoot as JSON, byte for byte as it was published; of several a line each. */
  readonly text: string
  /** Of the text, lower-case hex. */
  readonly sha256: string
  /** Where each comes from, in words. */
  readonly origins: readonly string[]
}

/**
 * The trusted roots that a verification under this source would use, refreshed as it would, in a form that `{ kind: 'file' }` and other
 * Sigstore tools read. What a verification would refuse is refused here too. Errors: those of the source, `output-exists`,
 * `output-failed`.
 *
 * @example
 * ```ts
 * import { exportTrust, showTrust } from 'countersign/trust'
 *
 * const source = { kind: 'public', network: 'none', staleTrust: 'allow' } as const
 * const { sha256 } = await exportTrust({ source, out: { path: 'public_root.json' } })
 * const [report] = await showTrust({ kind: 'file', path: 'public_root.json' })
 * console.log(report?.digest === sha256) // true
 * ```
 */
export async function exportTrust({ source, out, world: given }: ExportRequest = {}): Promise<ExportedTrust> {
  const world = worldOf(given)
  const found = await gatherTrust(source ?? { kind: 'public' }, world)
  const origins = openTrusts(found).map(({ origin }) => origin)
  const [only] = found
  const text =
    found.length === 1 && only !== undefined
      ? textOf(only)
      : found.map((it) => `${JSON.stringify(rootOf(it))}\n`).join('')
  if (out !== undefined) {
    await writeWholeFile(resolve(world.cwd, out.path), text, { present: out.whenPresent ?? 'refuse' })
  }
  return { text, sha256: sha256Hex(Buffer.from(text)), origins }
}

/** The bytes that were signed, so that their digest is the one that others know; of a ClientTrustConfig the root alone. */
function textOf(material: TrustMaterial): string {
  const root = rootOf(material)
  if (root !== material.json) return `${JSON.stringify(root)}\n`
  return Buffer.from(withoutMark(material.bytes)).toString('utf8')
}

function rootOf({ json, origin }: TrustMaterial): TrustMaterial['json'] {
  return trustedRootIn(json, origin)
}
