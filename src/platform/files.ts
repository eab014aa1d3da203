/**
 * Files that somebody names: read whole within a bound, and only regular ones, so that no pipe is waited for; written whole or
 * not at all.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CountersignError } from '../errors.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { makeFolders } from './folders.ts'
import { openFlags, ownSystem, refuseLink } from './system.ts'
import type { Links } from './system.ts'

/**
 * Opens a regular file for reading; the caller closes it. What was opened is what is looked at: the checks are made on the
 * handle, so a path that is swapped in between changes nothing. `what` names the file in errors.
 *
 * Errors: `path-missing`, `path-directory`, `path-not-regular` (pipe, socket, device), `input-unreadable`.
 */
export async function openRegular(
  path: string,
  what: string,
  links: Links = 'follow',
  system: NodeJS.Platform = ownSystem,
): Promise<FileHandle> {
  let handle: FileHandle
  try {
    refuseLink(path, links, system)
    handle = await open(path, openFlags(constants.O_RDONLY, links, system))
  } catch (thrown) {
    throw openFailure(systemCode(thrown), what)
  }
  try {
    const stats = await handle.stat()
    if (stats.isDirectory()) throw new CountersignError('path-directory', `${what} is a directory`)
    if (!stats.isFile()) throw new CountersignError('path-not-regular', `${what} is not a regular file`)
    return handle
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

/**
 * What a file is and how it was called, for errors: `the keyring "keys.gpg"`. Not for tokens and private keys, which people write in the place
 * of the path of one.
 */
export function namedFile(what: string, given: string): string {
  return `${what} ${JSON.stringify(given.length > shownPath ? `${given.slice(0, shownPath)}…` : given)}`
}

/** Characters of a path in an error. */
const shownPath = 200

/**
 * A whole regular file, read into memory. Errors: those of `openRegular`, and `input-too-large` above `maxBytes`.
 */
export async function readRegularFile(
  path: string,
  maxBytes: number,
  what: string,
  links: Links = 'follow',
): Promise<Buffer> {
  const handle = await openRegular(path, what, links)
  try {
    const chunks: Buffer[] = []
    let total = 0
    // The size is not trusted: a file may grow while it is read, and those in /proc say 0.
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(64 * 1024), 0, 64 * 1024, null)
      if (bytesRead === 0) return Buffer.concat(chunks)
      total += bytesRead
      if (total > maxBytes) throw new CountersignError('input-too-large', `${what} has more than ${maxBytes} bytes`)
      chunks.push(buffer.subarray(0, bytesRead))
    }
  } catch (thrown) {
    throw thrown instanceof CountersignError ? thrown : unreadable(systemCode(thrown), what)
  } finally {
    await handle.close()
  }
}

/**
 * The same, and undefined where there is no such file. A file where one of its folders should be is `input-unreadable`: what
 * was kept there is hidden, and that is not the same as nothing.
 */
export async function readFileIfThere(
  path: string,
  maxBytes: number,
  what: string,
  links: Links = 'follow',
): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path, maxBytes, what, links)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'path-missing') throw thrown
    const blocked = await lstat(path).then(
      () => false,
      (reason: unknown) => systemCode(reason) === 'ENOTDIR',
    )
    if (blocked) throw unreadable('ENOTDIR', what)
    return undefined
  }
}

/** How a file is written. */
export interface Writing {
  /** What becomes of a file that is there already: it is replaced as a whole, or the write fails. */
  readonly present: 'replace' | 'refuse'
  /** Permissions; default 0o644. */
  readonly mode?: number
  /** Folders that are missing on the way are made, for their owner alone. */
  readonly folders?: 'make'
  /** Called when all is written, right before it gets its name; what it throws leaves everything as it was. */
  readonly ready?: () => void
  readonly system?: Partial<FileSystem>
}

/** What differs between file systems; a test can give another one than the process's own. */
export interface FileSystem {
  readonly platform: NodeJS.Platform
  readonly link: (from: string, to: string) => Promise<void>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly clock: Clock
}

const ownFileSystem: FileSystem = { platform: ownSystem, link, rename, clock: systemClock }

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed, then renamed, so that a full disk or a crash
 * leaves what was there. To refuse means also a file that comes there in between. Of several that replace a file at once the
 * last remains, whole: whoever makes a new value out of the old one needs a lock (`lock.ts`). Errors: `output-exists`,
 * `output-failed`.
 */
export async function writeWholeFile(path: string, content: Uint8Array | string, writing: Writing): Promise<void> {
  const { present, mode = 0o644, folders, ready } = writing
  const system = { ...ownFileSystem, ...writing.system }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    if (folders === 'make') makeFolders(dirname(path))
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    ready?.()
    await (present === 'replace' ? renameOver(temporary, path, system) : nameNew(temporary, path, system))
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('output-failed', `cannot write ${path} (${systemCode(thrown)})`, {
      cause: thrown,
      hint: 'nothing was written; the file that was there is unchanged',
    })
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined) // gone already where it was renamed
  }
}

/** Windows lets nobody replace a file that a scanner or a reader has open at that moment. */
async function renameOver(temporary: string, path: string, { platform, rename, clock }: FileSystem): Promise<void> {
  for (let tries = platform === 'win32' ? 40 : 1; ; tries -= 1) {
    try {
      await rename(temporary, path)
      return
    } catch (thrown) {
      if (tries <= 1 || !['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(thrown))) throw thrown
      await clock.sleep(50)
    }
  }
}

/** What link(2) says where there are no hard links (FAT, some shares); Linux says EPERM. */
const linkless = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']

/** link(2) does not replace; where there is none, the name is taken by a new, empty file first. */
async function nameNew(temporary: string, path: string, system: FileSystem): Promise<void> {
  try {
    await system.link(temporary, path)
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') throw exists(path, thrown)
    if (!linkless.includes(systemCode(thrown))) throw thrown
    await takeName(path)
    await renameOver(temporary, path, system)
  }
}

async function takeName(path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close()
  } catch (thrown) {
    throw systemCode(thrown) === 'EEXIST' ? exists(path, thrown) : thrown
  }
}

function exists(path: string, cause: unknown): CountersignError {
  return new CountersignError('output-exists', `${path} is there already and would be overwritten`, {
    option: 'out',
    cause,
  })
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => it.isFile(),
    () => false,
  )
}

/** Whether anything has this name, also a link that leads nowhere, and what nobody may look at. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (thrown: unknown) => !['ENOENT', 'ENOTDIR'].includes(systemCode(thrown)),
  )
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  )
}

/**
 * The operating system's name for a failure (`ENOENT`), all that is told of it: Node's own message repeats the path, and
 * what stands in a path's place may be a token.
 */
export function systemCode(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown reason'
}

function openFailure(code: string, what: string): CountersignError {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CountersignError('path-missing', `${what} does not exist`)
    case 'ENXIO': // a socket
      return new CountersignError('path-not-regular', `${what} is not a regular file`)
    case 'ELOOP':
      return new CountersignError('input-unreadable', `${what} is a symbolic link, or its links form a circle`)
    default:
      return unreadable(code, what)
  }
}

function unreadable(code: string, what: string): CountersignError {
  return new CountersignError('input-unreadable', `${what} cannot be read (${code})`)
}
