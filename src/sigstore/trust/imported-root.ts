/**
 * Trusted roots that a person imported under a name. They lie in the person's own data folder, each a file as it was given;
 * a name is read whole again and checked again each time.
 */
import { readdir } from 'node:fs/promises'
import { CountersignError } from '../../errors.ts'
import { withoutMark } from '../../model/bundle.ts'
import { sha256Hex } from '../../model/digest.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readFileIfThere, readRegularFile, writeWholeFile } from '../../platform/files.ts'
import { ownFile } from '../../platform/folders.ts'
import type { World } from '../../platform/world.ts'
import { trustFromJson } from '../verify/trusted-root.ts'

export interface ImportedTrust {
  readonly name: string
  readonly path: string
  /** SHA-256 of the file, lower-case hex. */
  readonly digest: string
  readonly json: Json
  /** The file. */
  readonly bytes: Uint8Array
}

/** In whose data folder they lie. */
type Whose = Pick<World, 'env' | 'platform'>

/** The folder of all imported roots, in the person's data folder. */
export function trustFolder(whose: Whose): string {
  return ownFile('data', whose, 'trust')
}

/**
 * Keeps a trusted root (or a ClientTrustConfig) under a name, once it has been read as strictly as a verification reads it.
 * The same file again is no change. Errors: `usage` (the name), those of reading a trusted root, `output-exists` (another
 * root has that name), `output-failed`.
 */
export async function importTrust(path: string, name: string, whose: Whose): Promise<ImportedTrust> {
  checkName(name)
  const bytes = await readRegularFile(path, limits.trustedRootBytes, path)
  const imported = openImported(bytes, name, whose, path)
  const before = await readImported(name, whose)
  if (before === undefined) await writeNew(imported.path, bytes, name)
  else if (!before.equals(bytes)) throw taken(imported.path, name)
  return imported
}

/** The root that was imported under a name. Errors: `usage`, `path-missing`, those of reading a trusted root. */
export async function importedTrust(name: string, whose: Whose): Promise<ImportedTrust> {
  checkName(name)
  const bytes = await readImported(name, whose)
  if (bytes === undefined) {
    const names = await importedNames(whose)
    throw new CountersignError('path-missing', `no trusted root was imported under the name ${name}`, {
      option: 'trust',
      hint: names.length === 0 ? 'import one first' : `there are: ${names.join(', ')}`,
    })
  }
  return openImported(bytes, name, whose)
}

/** Names of all imported roots, sorted. */
export async function importedNames(whose: Whose): Promise<readonly string[]> {
  const files = await readdir(trustFolder(whose)).catch((): string[] => [])
  return files
    .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
    .filter((name) => namePattern.test(name))
    .sort()
}

const namePattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/

/** A name becomes a file name, on any system: no separators, no leading dot, one case. */
function checkName(name: string): void {
  if (namePattern.test(name)) return
  throw new CountersignError('usage', 'a trusted root is named by at most 64 of a-z, 0-9, dot, dash and underscore', {
    option: 'name',
    hint: 'it begins and ends with a letter or digit, such as acme-prod',
  })
}

function pathOf(name: string, whose: Whose): string {
  return ownFile('data', whose, 'trust', `${name}.json`)
}

/** `origin` is what errors call it. */
function openImported(bytes: Uint8Array, name: string, whose: Whose, origin = name): ImportedTrust {
  const json = parseJson(withoutMark(bytes), origin, limits.trustedRootBytes)
  trustFromJson(json, origin)
  return { name, path: pathOf(name, whose), digest: sha256Hex(bytes), json, bytes }
}

function readImported(name: string, whose: Whose): Promise<Buffer | undefined> {
  return readFileIfThere(pathOf(name, whose), limits.trustedRootBytes, `the trusted root ${name}`)
}

async function writeNew(path: string, bytes: Uint8Array, name: string): Promise<void> {
  try {
    await writeWholeFile(path, bytes, { present: 'refuse', mode: 0o600, folders: 'make' })
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'output-exists') throw thrown
    // Somebody was faster, perhaps with the same file.
    const present = await readFileIfThere(path, limits.trustedRootBytes, `the trusted root ${name}`)
    if (present?.equals(bytes) !== true) throw taken(path, name)
  }
}

function taken(path: string, name: string): CountersignError {
  return new CountersignError('output-exists', `another trusted root is kept under the name ${name}`, {
    option: 'name',
    hint: `choose another name, or remove ${path} if it is no longer trusted`,
  })
}
