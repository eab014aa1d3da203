/** Opening files that somebody else names: only regular files, and never a wait for one that is not. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { CountersignError } from '../errors.ts'

/** What to do where the last part of the path is a symbolic link. */
export type Links = 'follow' | 'refuse'

/**
 * Opens a regular file for reading; the caller closes it. What was opened is what is looked at: the checks are made on the
 * handle, so a path that is swapped in between changes nothing. `what` names the file in errors.
 *
 * Errors: `path-missing`, `path-directory`, `path-not-regular` (pipe, socket, device), `input-unreadable`.
 */
export async function openRegular(path: string, what: string, links: Links = 'follow'): Promise<FileHandle> {
  let handle: FileHandle
  try {
    // O_NONBLOCK: without it, opening a pipe that nobody writes to waits for ever.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
    handle = await open(path, links === 'refuse' ? flags | constants.O_NOFOLLOW : flags)
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
 * A whole regular file, read into memory. Errors: those of `openRegular`, and `input-too-large` above `maxBytes`.
 */
export async function readRegularFile(path: string, maxBytes: number, what: string): Promise<Uint8Array> {
  const handle = await openRegular(path, what)
  try {
    const chunks: Uint8Array[] = []
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
 * The operating system's name for a failure (`ENOENT`), all that is told of it: Node's own message repeats the path, and
 * what stands in a path's place may be a token.
 */
export function systemCode(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown reason'
}

function openFailure(code: string, what: string): CountersignError {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CountersignError('path-missing', `${what} does not exist`)
    case 'ENXIO': // a socket
      return new CountersignError('path-not-regular', `${what} is not a regular file`)
    case 'ELOOP':
      return new CountersignError('input-unreadable', `${what} became a symbolic link, or its links form a circle`)
    default:
      return unreadable(code, what)
  }
}

function unreadable(code: string, what: string): CountersignError {
  return new CountersignError('input-unreadable', `${what} cannot be read (${code})`)
}
