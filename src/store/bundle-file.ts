/** Bundle files, written without loss. Reading is in `bundle-index.ts`, finding them in `sidecars.ts`. */
import { lstat, rm } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { CountersignError, attempt } from '../errors.ts'
import { bundleLine } from '../model/bundle-line.ts'
import { parseBundle } from '../model/bundle.ts'
import { sha256Hex } from '../model/digest.ts'
import { limits } from '../model/limits.ts'
import { isFolder, readFileIfThere, writeWholeFile } from '../platform/files.ts'
import { withFileLock } from '../platform/lock.ts'
import type { Lock, Machine, Waiting } from '../platform/lock.ts'

/** The sidecar that belongs to one artifact (DESIGN §4). */
export function sidecarOf(artifact: string): string {
  return `${artifact}.sigstore.json`
}

/**
 * Refuses a place that no file can have, before anything is done that was for nothing then: `-`, which is standard output
 * elsewhere, and a folder that is not there. `written` is the path as it was said. Errors: `usage`, `path-missing`.
 */
export async function refuseNoFile(path: string, written: string): Promise<void> {
  if (written === '-') {
    throw new CountersignError('usage', 'a bundle is written to a file, and - is not a file', {
      option: 'out',
      hint: 'a file of that name is ./-',
    })
  }
  const isMeantAsFolder = written.endsWith('/') || written.endsWith(sep)
  const folder = isMeantAsFolder ? path : dirname(path)
  if (await isFolder(folder)) return
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  )
  throw new CountersignError(
    'path-missing',
    isThere ? `${folder} is not a folder` : `the folder ${folder} does not exist`,
    {
      option: 'out',
      hint: isThere ? 'name another place' : 'make it first, or name another place',
    },
  )
}

/** What to do where the file is there already: refuse, replace it by name, or add a line. */
export type WriteMode = 'new' | 'replace' | 'append'

/**
 * Writes one bundle, whole or not at all, after whoever else writes this file: two that add to it at once would each keep what
 * they read, and lose the other's line. Errors: `output-exists`, `output-failed`, `output-busy`, and those of `readAppendable`.
 */
export async function writeBundleFile(
  path: string,
  bundle: string,
  mode: WriteMode,
  machine: Machine,
  waiting: Waiting = {},
): Promise<void> {
  const write = async (lock: Lock): Promise<void> => {
    const status = await lstat(path).catch(() => undefined)
    // A pipe, a device or a link cannot be replaced, and with enough rights the rename would do just that.
    if (status?.isFile() === false) throw new CountersignError('output-failed', `${path} is not a regular file`)
    const before = mode === 'append' ? await readAppendable(path) : Buffer.alloc(0)
    const gap = before.length > 0 && before.at(-1) !== 0x0a ? '\n' : ''
    const content = Buffer.concat([before, Buffer.from(`${gap}${bundle}\n`)])
    await writeWholeFile(path, content, {
      present: mode === 'new' ? 'refuse' : 'replace',
      ready: () => lock.assertHeld(),
    })
  }
  await withFileLock(path, machine, write, { waiting })
}

/**
 * Keeps a signed bundle that could not be written where it belongs, because its log entry is for ever: beside that place, under a
 * name that only this bundle has. The answer is its path. Error: `output-failed`.
 */
export async function keepSigned(path: string, bundle: string): Promise<string> {
  const kept = sidecarOf(`${path}.${sha256Hex(bundle).slice(0, 12)}`)
  await writeWholeFile(kept, `${bundle}\n`, { present: 'replace' })
  return kept
}

/** Removes what was kept, once it is written where it belongs. It is no failure if that cannot be done. */
export async function removeKept(kept: string): Promise<void> {
  await rm(kept, { force: true }).catch(() => undefined)
}

/**
 * What a file holds that a bundle is to be added to, as lines; nothing where there is none. It will be published with what it
 * holds, so it must be a bundle, or each of its lines must, whatever else its owner can read. Errors: `output-not-bundles`,
 * `input-too-large`, `input-unreadable`.
 */
export async function readAppendable(path: string): Promise<Buffer> {
  const bytes = await readFileIfThere(path, limits.bundleFileBytes, path, 'refuse')
  if (bytes === undefined) return Buffer.alloc(0)
  for (const [index, line] of linesOf(bytes).entries()) {
    if (isBlank(line) || isBundle(line)) continue
    // One bundle over many lines, as others write it.
    const whole = attempt(() => bundleLine(parseBundle(bytes)))
    if (typeof whole === 'string') return Buffer.from(`${whole}\n`)
    // Not a word of the line: it may be anything.
    throw new CountersignError('output-not-bundles', `line ${index + 1} of ${path} is no bundle`)
  }
  return bytes
}

function isBundle(line: Buffer): boolean {
  return !(attempt(() => parseBundle(line)) instanceof CountersignError)
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start)
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end))
    start = end < 0 ? bytes.length : end + 1
  }
  return lines
}

/** Nothing but blanks and control characters, as reading a bundle file has it. */
function isBlank(line: Buffer): boolean {
  return !line.some((byte) => byte > 0x20)
}
