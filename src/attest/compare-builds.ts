/** The comparison of two builds, before anything of it is signed. */
import { compareBuilds as compare } from '../collect/archives/compare-builds.ts'
import type { RebuildReport } from '../model/rebuild-report.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'

/** Relative paths start at the world's `cwd`. */
interface BuildsRequest {
  /** What was released: a file, or a folder of artifacts. */
  readonly released: string
  /** What came out of the rebuild: a file whatever it is called, or a folder with the same names. */
  readonly rebuilt: string
  readonly world?: Partial<World>
}

/**
 * In what two builds of one source differ. Only equal bytes are `same`; of archives that differ, members are compared, as far as they
 * can be read. Errors: `path-missing`, `path-not-regular`, `usage` (a file and a folder), `subject-none`, `subject-limit`,
 * `symlink-escapes-root`, `input-unreadable`.
 *
 * @example
 * ```ts
 * import { compareBuilds } from 'countersign/attest'
 * import { render } from 'countersign/report'
 *
 * const report = await compareBuilds({ released: 'dist/app.tgz', rebuilt: 'dist/app.tgz' })
 * process.stdout.write(render(report, 'text')) // same  "app.tgz"  sha256:…
 * ```
 */
export async function compareBuilds({ released, rebuilt, world }: BuildsRequest): Promise<RebuildReport> {
  return compare(released, rebuilt, worldOf(world).cwd)
}
