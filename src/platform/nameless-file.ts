/** A file for what waits to be read: it has no name by which another person could open it, and is gone with the program, whatever ends that. */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface NamelessFile {
  /** The open file, for a program to write into. */
  readonly descriptor: number
  /** Bytes that were written. */
  size(): number
  /** At most the first `most` bytes, in parts, which wait in memory or nearly so. Throws what the system says. */
  read(most: number): Generator<Buffer, void, undefined>
  close(): void
}

const partBytes = 1024 * 1024

/** Undefined where none can be made. `what` stands in its name, which it has for a moment. Windows takes no name from a file that is open. */
export function namelessFile(what: string, platform: NodeJS.Platform): NamelessFile | undefined {
  if (platform === 'win32') return undefined
  let descriptor: number
  try {
    const folder = mkdtempSync(join(tmpdir(), `countersign-${what}-`))
    try {
      descriptor = openSync(join(folder, what), 'wx+', 0o600)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch {
    return undefined
  }
  let isOpen = true
  return {
    descriptor,
    size: () => fstatSync(descriptor).size,
    *read(most) {
      for (let at = 0; at < most && isOpen;) {
        const part = Buffer.allocUnsafe(Math.min(partBytes, most - at))
        const bytes = readSync(descriptor, part, 0, part.length, at)
        if (bytes === 0) return
        at += bytes
        yield part.subarray(0, bytes)
      }
    },
    close() {
      if (isOpen) closeSync(descriptor)
      isOpen = false
    },
  }
}
