/**
 * What hooks keep on this machine, and nobody else ever sees: the sessions that were seen in a repository, the edits of a working
 * tree that no commit has yet, and what a person said by hand. Files of their owner alone; what cannot be read is not there.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Places } from './places.ts'
import { isModel, isSessionId, isTool, isToolVersion, sessionOfText } from './session-name.ts'
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

/** An edit that no commit has yet. */
export interface PendingEdit {
  readonly session: SessionName
  /** From the root of the working tree. */
  readonly path: string
  /** Of lines that it wrote: their keys (`lineKey`). */
  readonly lines: readonly string[]
}

/** What a person said of the next commit. */
export type ByHand = { readonly sessions: readonly SessionName[] } | { readonly none: string }

const most = { fileBytes: 64 * 1024, editBytes: 4 * 1024 * 1024, sessions: 64, linesOfEdit: 200 } as const
/** After this nobody knows any more whose line it is; milliseconds. */
const longestPending = 30 * 24 * 60 * 60 * 1_000
const shortestLine = 6

/** A line as it is compared: without blanks at its ends, as 48 bits of its SHA-256; undefined for one that anybody writes. */
export function lineKey(line: string): string | undefined {
  const text = line.trim()
  if (text.length < shortestLine || !/[\p{L}\p{N}]/u.test(text)) return undefined
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

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

/** One line more; several hooks may do so at once. */
export function noteEdit({ gitDir }: Places, { session, path, lines }: PendingEdit, now: number): void {
  const file = editsFile(gitDir, session)
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > most.editBytes) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const text = JSON.stringify({ ...session, path, at: now, lines: lines.slice(0, most.linesOfEdit) })
  appendFileSync(file, `${text}\n`, { mode: 0o600 })
}

export function pendingEdits({ gitDir }: Places, now: number): PendingEdit[] {
  return editFiles(gitDir).flatMap((file) => editsIn(file, now).map(({ edit }) => edit))
}

/** Forgets the edits of files that a commit has now: a line that comes back later is not theirs any more. */
export function forgetEdits({ gitDir }: Places, isCommitted: (path: string) => boolean, now: number): void {
  for (const file of editFiles(gitDir)) {
    const kept = editsIn(file, now).filter(({ edit }) => !isCommitted(edit.path))
    if (kept.length === 0) rmSync(file, { force: true })
    else writeOwn(file, kept.map(({ line }) => `${line}\n`).join(''))
  }
  removeIfEmpty(join(gitDir, 'countersign', 'edits'))
  removeIfEmpty(join(gitDir, 'countersign'))
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

function editsFile(gitDir: string, { tool, id }: SessionName): string {
  return join(gitDir, 'countersign', 'edits', `${tool}.${fileSafe(id)}.jsonl`)
}

/** Some systems know no colon in a file name, and no difference of case: whatever is not plain gets a digest behind it. */
function fileSafe(id: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(id)) return id
  return `${id.replace(/[^A-Za-z0-9_-]/g, '-')}.${createHash('sha256').update(id).digest('hex').slice(0, 12)}`
}

function editFiles(gitDir: string): string[] {
  const folder = join(gitDir, 'countersign', 'edits')
  try {
    return readdirSync(folder)
      .filter((it) => it.endsWith('.jsonl'))
      .sort()
      .slice(0, most.sessions)
      .map((it) => join(folder, it))
  } catch {
    return []
  }
}

function editsIn(file: string, now: number): { readonly line: string; readonly edit: PendingEdit }[] {
  return (readText(file, most.editBytes + most.fileBytes) ?? '').split('\n').flatMap((line) => {
    const said = objectOf(line)
    if (said === undefined) return []
    const { tool, id, path, at, lines } = said
    if (!isTool(tool) || !isSessionId(id) || typeof path !== 'string' || !Array.isArray(lines)) return []
    if (typeof at !== 'number' || !(now - at <= longestPending)) return []
    const keys = lines.filter((it) => typeof it === 'string')
    return [{ line, edit: { session: { tool, id }, path, lines: keys } }]
  })
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

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Not empty, or not there.
  }
}
