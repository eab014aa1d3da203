/**
 * What was put into a repository, and what stood there before: `<common>/countersign/installed.json`. A file that nobody has touched
 * since gets its bytes back; out of one that somebody has, only our part is taken.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { writeWholeFile } from '../../platform/files.ts'
import { makeFolders } from '../../platform/folders.ts'
import { asideSuffix } from './hook-scripts.ts'

export type Kind = 'hook' | 'part' | 'settings' | 'config' | 'exclude'

export interface Entry {
  readonly kind: Kind
  /** Of the hook or the agent; of what is git's own `git`. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  /** What stood there, as Base64; null where there was nothing, or where it was moved aside. */
  readonly before: string | null
  readonly isAside: boolean
  /** SHA-256 of what was written. */
  readonly after: string
  /** Folders that were made for it, the outermost first. */
  readonly folders: readonly string[]
}

export interface Journal {
  readonly v: number
  readonly entries: readonly Entry[]
  /** Settings of the configuration that were written. */
  readonly keys: readonly string[]
}

/** Of a file that is added to. */
export const mostBytes = 4 * 1024 * 1024

export function journalFile(commonDir: string): string {
  return join(commonDir, 'countersign', 'installed.json')
}

/** Error: `hooks-state-malformed`. */
export function readJournal(commonDir: string): Journal | undefined {
  const path = journalFile(commonDir)
  if (!existsSync(path)) return undefined
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Journal
    const { entries, keys } = value
    const isFit = entries.every((it) => [it.kind, it.name, it.path, it.after].every((text) => typeof text === 'string'))
    if (value.v === 1 && isFit && Array.isArray(keys)) return value
  } catch {
    // Said below.
  }
  throw new CountersignError('hooks-state-malformed', 'what hooks were installed here cannot be read')
}

/** The bytes of a regular file; undefined where there is none. Error: `input-too-large`. */
export function bytesAt(path: string): Buffer | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile() !== true) return undefined
  if (stats.size > mostBytes) throw new CountersignError('input-too-large', `${path} has more than ${mostBytes} bytes`)
  return readFileSync(path)
}

/** Writes a file and says what stood there. A hook that stood there is moved aside, so that it keeps its mode, and can still run. */
export async function put(kind: Kind, name: string, path: string, text: string): Promise<Entry> {
  const before = bytesAt(path)
  const isAside = kind === 'hook' && lstatSync(path, { throwIfNoEntry: false }) !== undefined
  const folders = missingFolders(dirname(path))
  makeFolders(dirname(path))
  if (isAside) renameSync(path, path + asideSuffix)
  const own = kind === 'settings' || kind === 'exclude' ? 0o644 : 0o755
  const mode = before === undefined || isAside ? own : statSync(path).mode & 0o7777
  await writeWholeFile(path, kind === 'exclude' ? Buffer.from(text, 'latin1') : text, { present: 'replace', mode })
  // Whatever the process takes away from modes.
  chmodSync(path, mode)
  const kept = before === undefined || isAside ? null : before.toString('base64')
  return { kind, name, path, before: kept, isAside, after: digestOf(bytesAt(path) ?? text), folders }
}

/** Puts back what stood there if nobody has touched the file since; whether it did. */
export async function putBack({ path, before, isAside, after }: Entry): Promise<boolean> {
  const now = bytesAt(path)
  if (now === undefined || digestOf(now) !== after) return false
  if (isAside && existsSync(path + asideSuffix)) renameSync(path + asideSuffix, path)
  else if (before === null) rmSync(path)
  else {
    const mode = statSync(path).mode & 0o7777
    await writeWholeFile(path, Buffer.from(before, 'base64'), { present: 'replace', mode })
    chmodSync(path, mode)
  }
  return true
}

/** Those that are empty again. */
export function removeFolders(entries: Iterable<Pick<Entry, 'folders'>>): void {
  for (const folder of [...entries].flatMap((it) => it.folders).toSorted((a, b) => b.length - a.length)) {
    try {
      rmdirSync(folder)
    } catch {
      // Somebody has put something into it.
    }
  }
}

/** Folders on the way to one that are not there, the outermost first. */
export function missingFolders(folder: string): string[] {
  const missing: string[] = []
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at)
  return missing
}

export function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
