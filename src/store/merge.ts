/** Bundle files that are joined into one, such as those of the jobs of a build matrix. */
import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import { bundleKey, compareLines, sortedLine } from '../model/bundle-line.ts'
import type { SortedLine } from '../model/bundle-line.ts'
import { limits } from '../model/limits.ts'
import { writeWholeFile } from '../platform/files.ts'
import { withFileLock } from '../platform/lock.ts'
import type { Lock } from '../platform/lock.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { refuseNoFile } from './bundle-file.ts'
import { indexBundleBytes, visitBundlesAlone } from './bundle-index.ts'

export interface MergeRequest {
  /** Bundle files, at least one; one of them may be the file that is written. Relative paths start at the world's `cwd`. */
  readonly paths: readonly string[]
  /** Path of the file that is to hold them all. */
  readonly out: string
  /** Default: refuse. */
  readonly whenPresent?: 'refuse' | 'replace'
  readonly world?: Partial<World>
}

export interface Merged {
  /** Bundles in all the files. */
  readonly read: number
  /** Those of them that say the same as another one, and were left out. */
  readonly doubled: number
  readonly written: number
  /** Path of the file that holds them now. */
  readonly path: string
}

/**
 * Joins bundle files: every bundle once, a line each, in an order that depends on the bundles alone. Two are the same if their
 * content is, however it is formatted. A file with anything in it that is no bundle ends it, and nothing is written. Errors:
 * `usage` (no file; an output that is `-`), `path-missing` (also: the folder of the output), `input-*`, `json-*`, `bundle-*`, `output-exists`, `output-failed`, `output-busy`.
 *
 * @example
 * ```ts
 * import { mergeBundles } from 'countersign/store'
 *
 * const file = 'dist/app.tgz.sigstore.json'
 * const { read, doubled, written } = await mergeBundles({ paths: [file, file], out: 'all.jsonl', whenPresent: 'replace' })
 * console.log(read, doubled, written) // 2 1 1
 * ```
 */
export async function mergeBundles(request: MergeRequest): Promise<Merged> {
  const { paths, out, whenPresent = 'refuse' } = request
  const world = worldOf(request.world)
  if (paths.length === 0) throw new CountersignError('usage', 'there is no file to merge')
  const path = resolve(world.cwd, out)
  await refuseNoFile(path, out)
  // From the first byte that is read, for the file that is written may be among those: nobody may add to it meanwhile.
  const merge = async (lock: Lock): Promise<Merged> => {
    const isNew = whenPresent === 'refuse'
    await refuseOutput(path, isNew)
    const { read, lines } = await readAll(paths.map((it) => resolve(world.cwd, it)))
    await writeLines(path, lines, isNew, lock)
    return { read, doubled: read - lines.length, written: lines.length, path }
  }
  const lasts = (): void => world.progress(`another process writes ${path}`, 'wait')
  return withFileLock(path, world, merge, { waiting: { lasts } })
}

/** Before anything is read, which may take its time. */
async function refuseOutput(path: string, isNew: boolean): Promise<void> {
  const status = await lstat(path).catch(() => undefined)
  if (status?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
  if (status === undefined || !isNew) return
  throw new CountersignError('output-exists', `${path} is there already and would be overwritten`, {
    option: 'whenPresent',
  })
}

async function readAll(
  paths: readonly string[],
): Promise<{ readonly read: number; readonly lines: readonly string[] }> {
  const kept = new Map<string, SortedLine>()
  let read = 0
  let bytes = 0
  for (const path of paths) {
    await visitBundlesAlone(path, (label, bundle) => {
      read += 1
      const key = bundleKey(bundle)
      const line = attempt(() => sortedLine(bundle))
      if (line instanceof CountersignError) throw new CountersignError(line.code, `${label}: ${line.message}`)
      const before = kept.get(key)
      if (before === undefined) bytes += line.line.length
      // Of two that differ in form alone one stays that does not depend on which was read first.
      if (before === undefined || compareLines(line, before) < 0) kept.set(key, line)
      if (kept.size > limits.bundlesPerFile || bytes > limits.bundleFileBytes) {
        throw new CountersignError('input-too-large', 'these are more bundles than one file may hold')
      }
    })
  }
  return { read, lines: [...kept.values()].sort(compareLines).map((it) => it.line) }
}

async function writeLines(path: string, lines: readonly string[], isNew: boolean, lock: Lock): Promise<void> {
  const content = Buffer.from(lines.map((it) => `${it}\n`).join(''))
  // Whoever verifies reads it within the bounds of one file, and it must be all there for them.
  const { count } = await indexBundleBytes(path, content)
  if (count !== lines.length) throw new CountersignError('internal', 'the merged bundles cannot be read again')
  await writeWholeFile(path, content, { present: isNew ? 'refuse' : 'replace', ready: () => lock.assertHeld() })
}
