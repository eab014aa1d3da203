/** The version of this package. */
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/**
 * As the package.json beside `src/` or `dist/` has it (semver.org).
 *
 * @example
 * ```ts
 * import { version } from 'countersign'
 *
 * console.log(version)
 * ```
 */
export const version: string = manifest.version
