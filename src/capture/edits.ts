/**
 * Lines that sessions wrote in a working tree: until a commit has them (`edits/`), and for some days behind it (`committed/`), since a
 * commit that is undone gives them back. Of each line its key alone; a file for each session, a line of JSON for each edit.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Places } from './places.ts'
import { isSessionId, isTool } from './session-name.ts'
import type { SessionName } from './session-name.ts'
import { fileSafe, objectOf, readText, removeIfEmpty, writeOwn } from './state.ts'

/** An edit that no commit has yet. */
export interface PendingEdit {
  readonly session: SessionName
  /** From the root of the working tree. */
  readonly path: string
  /** Of lines that it wrote: their keys ({@link lineKey}). */
  readonly lines: readonly string[]
}

/** Lines that were pending when a commit was made of their file. */
export interface CommittedEdit extends PendingEdit {
  readonly commit: string
}

type Folder = 'edits' | 'committed'

const most = {
  editBytes: 4 * 1024 * 1024,
  committedBytes: 512 * 1024,
  /** Of all sessions together. */
  bytes: 16 * 1024 * 1024,
  sessions: 64,
  linesOfEdit: 1_000,
} as const
const day = 24 * 60 * 60 * 1_000
/** After this nobody knows any more whose line it is; milliseconds. */
const longest: Readonly<Record<Folder, number>> = { edits: 30 * day, committed: 7 * day }
const shortestLine = 6

/** A line as it is compared: without blanks at its ends, as 48 bits of its SHA-256; undefined for one that anybody writes. */
export function lineKey(line: string): string | undefined {
  const text = line.trim()
  if (text.length < shortestLine || !/[\p{L}\p{N}]/u.test(text)) return undefined
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** One line more; several hooks may do so at once. */
export function noteEdit({ gitDir }: Places, { session, path, lines }: PendingEdit, now: number): void {
  const file = fileOf(gitDir, 'edits', session)
  if ((lstatSync(file, { throwIfNoEntry: false })?.size ?? 0) > most.editBytes) return
  append(file, [{ ...session, path, at: now, lines: lines.slice(0, most.linesOfEdit) }])
}

export function pendingEdits({ gitDir }: Places, now: number): PendingEdit[] {
  return filesIn(gitDir, 'edits').flatMap((file) => notesIn(file, 'edits', now).map(editOf))
}

export function committedEdits({ gitDir }: Places, now: number): CommittedEdit[] {
  return filesIn(gitDir, 'committed').flatMap((file) => notesIn(file, 'committed', now).flatMap(committedOf))
}

/** A commit that was just made, and what it made of pending edits. */
export interface NewCommit {
  readonly commit: string
  readonly isChanged: (path: string) => boolean
  readonly has: (path: string, line: string) => boolean
  /** Whether the line, written at that time, waits for another commit, as the half of a file does that was not staged. */
  readonly isLeft: (path: string, line: string, at: number) => boolean
}

/** What a commit has is pending no more: a line that comes back later is not theirs. What neither has nor waits is forgotten. */
export function settleEdits({ gitDir }: Places, { commit, isChanged, has, isLeft }: NewCommit, now: number): void {
  for (const file of filesIn(gitDir, 'edits')) {
    const notes = notesIn(file, 'edits', now)
    const settled = notes.flatMap((it) =>
      isChanged(it.path) ? withLines({ ...it, at: now, commit }, (line) => has(it.path, line)) : [],
    )
    if (settled.length > 0) keepCommitted(gitDir, settled, now)
    write(
      file,
      notes.flatMap((it) => (isChanged(it.path) ? withLines(it, (line) => isLeft(it.path, line, it.at)) : [it])),
    )
  }
  forgetOld({ gitDir }, now)
}

/** What is too old is read by nobody, and the runner asks for the folder alone. */
export function forgetOld({ gitDir }: Pick<Places, 'gitDir'>, now: number): void {
  for (const file of filesIn(gitDir, 'committed')) if (notesIn(file, 'committed', now).length === 0) rmSync(file)
  removeEmpty(gitDir)
}

/** What commits had that are undone is pending again. */
export function bringBack({ gitDir }: Places, isUndone: (edit: CommittedEdit) => boolean, now: number): void {
  for (const file of filesIn(gitDir, 'committed')) {
    const notes = notesIn(file, 'committed', now)
    const back = new Set(notes.filter((it) => committedOf(it).some(isUndone)))
    for (const { commit: _, ...it } of back) append(fileOf(gitDir, 'edits', it), [it])
    if (back.size > 0)
      write(
        file,
        notes.filter((it) => !back.has(it)),
      )
  }
}

/** A line of a file, as it is written. */
interface Note {
  readonly tool: string
  readonly id: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly lines: readonly string[]
  readonly commit?: string | undefined
}

function editOf({ tool, id, path, lines }: Note): PendingEdit {
  return { session: { tool, id }, path, lines }
}

function committedOf(note: Note): CommittedEdit[] {
  return note.commit === undefined ? [] : [{ ...editOf(note), commit: note.commit }]
}

function withLines(note: Note, isFit: (line: string) => boolean): Note[] {
  const lines = note.lines.filter(isFit)
  return lines.length === 0 ? [] : [{ ...note, lines }]
}

function fileOf(gitDir: string, folder: Folder, { tool, id }: SessionName): string {
  return join(gitDir, 'countersign', folder, `${tool}.${fileSafe(id)}.jsonl`)
}

/** Those of the sessions that were last at work. What is no file of its own was not written here. */
function filesIn(gitDir: string, folder: Folder): string[] {
  const path = join(gitDir, 'countersign', folder)
  const names = namesIn(path).filter((it) => it.endsWith('.jsonl'))
  const all = names.sort().flatMap((name) => {
    const stats = lstatSync(join(path, name), { throwIfNoEntry: false })
    return stats?.isFile() === true ? [{ file: join(path, name), size: stats.size, at: stats.mtimeMs }] : []
  })
  let left: number = most.bytes
  const last = [...all].sort((a, b) => b.at - a.at).slice(0, most.sessions)
  const read = new Set(last.filter(({ size }) => size <= 2 * most.editBytes && (left -= size) >= 0))
  return all.filter((it) => read.has(it)).map(({ file }) => file)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function notesIn(file: string, folder: Folder, now: number): Note[] {
  return (readText(file, 2 * most.editBytes) ?? '').split('\n').flatMap((line) => {
    const said = objectOf(line)
    if (said === undefined) return []
    const { tool, id, path, at, lines, commit } = said
    if (!isTool(tool) || !isSessionId(id) || !isPathInTree(path) || !Array.isArray(lines)) return []
    if (typeof at !== 'number' || !(now - at <= longest[folder])) return []
    const isCommit = typeof commit === 'string' && /^[0-9a-f]{40,64}$/.test(commit)
    if (isCommit !== (folder === 'committed')) return []
    const keys = lines.filter((it) => typeof it === 'string')
    return [{ tool, id, path, at, lines: keys, ...(isCommit ? { commit } : {}) }]
  })
}

/** For git fails where one of the files that it is asked for cannot be in the tree, and tells of none. */
function isPathInTree(path: unknown): path is string {
  if (typeof path !== 'string' || path.includes('\0')) return false
  return !path.split('/').some((it) => it === '' || it === '.' || it === '..')
}

/** As many of the newest as there is room for. */
function keepCommitted(gitDir: string, notes: readonly Note[], now: number): void {
  for (const [file, own] of Map.groupBy(notes, (it) => fileOf(gitDir, 'committed', it))) {
    const all = [...notesIn(file, 'committed', now), ...own]
    let left: number = most.committedBytes
    const from = all.findLastIndex((it) => (left -= textOf([it]).length) < 0) + 1
    write(file, all.slice(from))
  }
}

function append(file: string, notes: readonly Note[]): void {
  // A folder of git may be somebody else's: nothing is added through a link, or to a pipe that nobody empties.
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  appendFileSync(file, textOf(notes), { mode: 0o600 })
}

function write(file: string, notes: readonly Note[]): void {
  if (notes.length === 0) rmSync(file, { force: true })
  else writeOwn(file, textOf(notes))
}

function textOf(notes: readonly Note[]): string {
  return notes.map((it) => `${JSON.stringify(it)}\n`).join('')
}

function removeEmpty(gitDir: string): void {
  for (const name of ['edits', 'committed', '']) removeIfEmpty(join(gitDir, 'countersign', name))
}
