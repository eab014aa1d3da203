/**
 * A folder for what must not be left behind: it is gone when its use ends, also where a signal ends the program. By default a signal ends Node at
 * once, with no word to anybody; what lies in such a folder may be a transcript.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Those that are in use. */
const used = new Set<string>()

/** For its owner alone, of a name that nobody knows before; `what` stands in it. Throws what the system says. */
export async function withTemporaryFolder<T>(what: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder(what)
  try {
    return await use(folder)
  } finally {
    await removeTemporaryFolder(folder)
  }
}

/** The same for whoever cannot say beforehand where its use ends. */
export async function makeTemporaryFolder(what: string): Promise<string> {
  const place = await realpath(tmpdir())
  // At once: a signal is heard before or behind it. Before others, who may end the program.
  for (const it of signals) if (!process.listeners(it).includes(leave)) process.prependListener(it, leave)
  try {
    const folder = mkdtempSync(join(place, `countersign-${what}-`))
    used.add(folder)
    return folder
  } finally {
    unlistenIfUnused()
  }
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  used.delete(folder)
  unlistenIfUnused()
}

function unlistenIfUnused(): void {
  if (used.size === 0) for (const it of signals) process.removeListener(it, leave)
}

function leave(signal: NodeJS.Signals): void {
  for (const it of used) {
    try {
      rmSync(it, { recursive: true, force: true, maxRetries: 2 })
    } catch {
      // The rest may go all the same.
    }
  }
  used.clear()
  unlistenIfUnused()
  // Who else listens says what becomes of the program; else it ends as it would have.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}
