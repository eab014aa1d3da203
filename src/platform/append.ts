/** Adding to the end of a file that somebody else has made, and that others add to as well. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { CountersignError } from '../errors.ts'
import { systemCode } from './files.ts'
import { openFlags, refuseLink } from './system.ts'

/** The file as it is before something is added. */
export interface Before {
  readonly bytes: number
  /** Its last line has no end yet. */
  readonly isOpen: boolean
}

/**
 * Adds what `make` gives to a regular file that is there, whole or not at all: what could not be written to its end is taken
 * away again. A link in its last place is not followed. Error: `output-failed`, and what `make` throws.
 */
export async function appendToFile(path: string, make: (before: Before) => string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    refuseLink(path, 'refuse')
    handle = await open(path, openFlags(constants.O_RDWR | constants.O_APPEND, 'refuse'))
    const stats = await handle.stat()
    if (!stats.isFile()) throw new CountersignError('output-failed', `${path} is not a regular file`)
    const text = make({ bytes: stats.size, isOpen: await endsWithoutLineEnd(handle, stats.size) })
    const added = handle
    await added.writeFile(text).catch(async (thrown: unknown) => {
      await added.truncate(stats.size).catch(() => undefined)
      throw thrown
    })
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    throw new CountersignError('output-failed', `cannot write ${path} (${systemCode(thrown)})`, { cause: thrown })
  } finally {
    await handle?.close()
  }
}

async function endsWithoutLineEnd(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}
