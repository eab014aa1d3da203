/** A file that is its owner's alone: a key, or what nobody else may have chosen. */
import type { CountersignError } from '../errors.ts'
import { openRegular } from './files.ts'
import { ownSystem } from './system.ts'

export interface OwnersFile {
  /** In errors. */
  readonly what: string
  /** Bytes. */
  readonly most: number
  readonly unusable: (reason: string) => CountersignError
}

/**
 * Errors: what `unusable` makes (others can read or write it, or it is too large), and those of opening a file. No link is followed at
 * the end of the path.
 */
export async function readOwnersFile(
  path: string,
  { what, most, unusable }: OwnersFile,
  system: NodeJS.Platform = ownSystem,
): Promise<Buffer> {
  const handle = await openRegular(path, what, 'refuse', system)
  try {
    const { mode, size } = await handle.stat()
    // Windows says nothing of others in the mode.
    if (system !== 'win32' && (mode & 0o077) !== 0) {
      throw unusable('others than its owner can use the file (its mode is not 600)')
    }
    if (size > most) throw unusable(`it has more than ${most} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
