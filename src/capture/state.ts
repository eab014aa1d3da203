/**
 * What hooks keep on this machine, and nobody else ever sees: the sessions that were seen in a repository, and what a person said by
 * hand (their edits: `edits.ts`). Files of their owner alone; what cannot be read is not there.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Places } from './places.ts'
import { isModel, isToolVersion, sessionOfText } from './session-name.ts'
import type { SessionName } from './session-name.ts'

/** A session that was seen; `<common>/countersign/sessions/<tool>/<id>.json`. */
export interface SeenSession extends SessionName {
  /** Absolute path, as the tool gave it. */
  readonly transcript?: string | undefined
  /** RFC 3339. */
  readonly startedAt?: string | undefined
  readonly seenAt: string
  readonly worktree: string
}

/** What a person said of the next commit. */
export type ByHand = { readonly sessions: readonly SessionName[] } | { readonly none: string }

const most = { fileBytes: 64 * 1024, sessions: 64 } as const

export function readSession({ commonDir }: Places, { tool, id }: SessionName): SeenSession | undefined {
  const said = readJson(sessionFile(commonDir, tool, id), most.fileBytes)
  if (said?.['tool'] !== tool || said['session'] !== id) return undefined
  const { toolVersion, model, transcript, startedAt, seenAt, worktree } = said
  return {
    tool,
    id,
    ...(isToolVersion(toolVersion) ? { toolVersion } : {}),
    ...(isModel(model) ? { model } : {}),
    ...(typeof transcript === 'string' ? { transcript } : {}),
    ...(typeof startedAt === 'string' ? { startedAt } : {}),
    seenAt: typeof seenAt === 'string' ? seenAt : '',
    worktree: typeof worktree === 'string' ? worktree : '',
  }
}

export function writeSession({ commonDir }: Places, { id, tool, ...said }: SeenSession): void {
  writeOwn(sessionFile(commonDir, tool, id), JSON.stringify({ v: 1, tool, session: id, ...said }))
}

export function readByHand({ gitDir }: Places): ByHand | undefined {
  const said = readJson(byHandFile(gitDir), most.fileBytes)
  if (typeof said?.['none'] === 'string') return { none: said['none'] }
  const named: unknown = said?.['sessions']
  if (!Array.isArray(named)) return undefined
  const texts: readonly unknown[] = named.slice(0, most.sessions)
  return { sessions: texts.flatMap((it) => (typeof it === 'string' ? (sessionOfText(it) ?? []) : [])) }
}

export function writeByHand({ gitDir }: Places, said: ByHand): void {
  const value = 'none' in said ? said : { sessions: said.sessions.map(({ tool, id }) => `${tool}:${id}`) }
  writeOwn(byHandFile(gitDir), JSON.stringify(value))
}

export function forgetByHand({ gitDir }: Places): void {
  rmSync(byHandFile(gitDir), { force: true })
  removeIfEmpty(join(gitDir, 'countersign'))
}

function byHandFile(gitDir: string): string {
  return join(gitDir, 'countersign', 'by-hand.json')
}

function sessionFile(commonDir: string, tool: string, id: string): string {
  return join(commonDir, 'countersign', 'sessions', tool, `${fileSafe(id)}.json`)
}

/** Some systems know no colon in a file name, and no difference of case: whatever is not plain gets a digest behind it. */
export function fileSafe(id: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(id)) return id
  return `${id.replace(/[^A-Za-z0-9_-]/g, '-')}.${createHash('sha256').update(id).digest('hex').slice(0, 12)}`
}

function readJson(path: string, mostBytes: number): { readonly [name: string]: unknown } | undefined {
  return objectOf(readText(path, mostBytes) ?? '')
}

/** A file of a bounded size; undefined where there is none to read. */
export function readText(path: string, mostBytes: number): string | undefined {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= mostBytes ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}

export function objectOf(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [name: string]: unknown })
      : undefined
  } catch {
    return undefined
  }
}

/** Whole or not at all. */
export function writeOwn(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, path)
}

export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Not empty, or not there.
  }
}
