/**
 * Trusted roots that a person imported under a name. They lie in the person's own data folder, each a file as it was given;
 * a name is read whole again and checked again each time.
 */
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { CountersignError, reasonOf } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readBoundedFile } from '../../platform/bounded-file.ts'
import { trustFromJson } from '../verify/trusted-root.ts'
import type { TrustSource } from './source.ts'

type Environment = { readonly [name: string]: string | undefined }

export interface ImportedTrust {
  readonly name: string
  readonly path: string
  /** SHA-256 of the file, lower-case hex. */
  readonly digest: string
  readonly json: Json
}

/** In XDG_DATA_HOME, else ~/.local/share (XDG Base Directory Specification: a relative path does not count). */
export function trustFolder(env: Environment): string {
  const own = env['XDG_DATA_HOME']
  const data = own !== undefined && isAbsolute(own) ? own : join(env['HOME'] ?? homedir(), '.local', 'share')
  return join(data, 'countersign', 'trust')
}

/**
 * Keeps a trusted root (or a ClientTrustConfig) under a name, once it has been read as strictly as a verification reads it.
 * The same file again is no change. Errors: `usage` (the name), those of reading a trusted root, `output-exists` (another
 * root has that name), `output-failed`.
 */
export async function importTrust(path: string, name: string, env: Environment): Promise<ImportedTrust> {
  checkName(name)
  const bytes = await readBoundedFile(path, limits.trustedRootBytes)
  const imported = openImported(bytes, name, env)
  const before = await readImported(name, env)
  if (before === undefined) await writeNew(imported.path, bytes)
  else if (!Buffer.from(before).equals(bytes)) throw taken(imported.path, name)
  return imported
}

/** The trust that was imported under a name. Errors: `usage`, `path-missing`, those of reading a trusted root. */
export async function importedTrust(name: string, env: Environment): Promise<TrustSource> {
  checkName(name)
  const bytes = await readImported(name, env)
  if (bytes === undefined) {
    const names = await importedNames(env)
    throw new CountersignError('path-missing', `no trusted root was imported under the name ${name}`, {
      hint:
        names.length === 0 ? 'countersign trust import FILE --name NAME does that' : `there are: ${names.join(', ')}`,
    })
  }
  const { json, digest } = openImported(bytes, name, env)
  return { kind: 'json', json, digest, origin: `${name}, imported, sha256:${digest.slice(0, 16)}` }
}

/** Names of all imported roots, sorted. */
export async function importedNames(env: Environment): Promise<readonly string[]> {
  const files = await readdir(trustFolder(env)).catch((): string[] => [])
  return files
    .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
    .filter((name) => namePattern.test(name))
    .sort()
}

const namePattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/

/** A name becomes a file name, on any system: no separators, no leading dot, one case. */
function checkName(name: string): void {
  if (namePattern.test(name)) return
  throw new CountersignError(
    'usage',
    'the name of a trusted root has at most 64 of a-z, 0-9, dot, dash and underscore',
    {
      hint: 'it begins and ends with a letter or digit, such as acme-prod',
    },
  )
}

function pathOf(name: string, env: Environment): string {
  return join(trustFolder(env), `${name}.json`)
}

function openImported(bytes: Uint8Array, name: string, env: Environment): ImportedTrust {
  const json = parseJson(bytes, name, limits.trustedRootBytes)
  trustFromJson(json, name)
  return { name, path: pathOf(name, env), digest: createHash('sha256').update(bytes).digest('hex'), json }
}

async function readImported(name: string, env: Environment): Promise<Uint8Array | undefined> {
  try {
    return await readBoundedFile(pathOf(name, env), limits.trustedRootBytes)
  } catch (thrown) {
    const cause = thrown instanceof CountersignError ? thrown.cause : undefined
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw thrown
  }
}

/** A whole file under its name or none, and never one that came there in between: link(2) does not replace. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(temporary, path)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') throw taken(path, path)
    throw new CountersignError('output-failed', `cannot write ${path}: ${reasonOf(thrown)}`, { cause: thrown })
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

function taken(path: string, name: string): CountersignError {
  return new CountersignError('output-exists', `another trusted root is kept under the name ${name}`, {
    hint: `choose another --name, or remove ${path} if it is no longer trusted`,
  })
}
