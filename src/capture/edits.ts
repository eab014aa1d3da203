/**
 * Lines that sessions wrote in a working tree: until a commit has them (`edits/`), and for some days behind it (`committed/`), since a
 * commit that is undone gives them back. Of each line its key alone; a file for each session, a line of JSON for each edit.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
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

const most = { editBytes: 4 * 1024 * 1024, committedBytes: 256 * 1024, sessions: 64, linesOfEdit: 200 } as const
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
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > most.editBytes) return
  append(file, [{ ...session, path, at: now, lines: lines.slice(0, most.linesOfEdit) }])
}

export function pendingEdits({ gitDir }: Places, now: number): PendingEdit[] {
  return filesIn(gitDir, 'edits').flatMap((file) => notesIn(file, 'edits', now).map(editOf))
}

export function committedEdits({ gitDir }: Places, now: number): CommittedEdit[] {
  return filesIn(gitDir, 'committed').flatMap((file) =>
    notesIn(file, 'committed', now).flatMap((it) =>
      it.commit === undefined ? [] : [{ ...editOf(it), commit: it.commit }],
    ),
  )
}

/** What a commit has, as {@link settleEdits} asks for it. */
export interface NewCommit {
  readonly commit: string
  readonly isCommitted: (path: string) => boolean
  /** Whether the file of the working tree has a line that the commit lacks. */
  readonly isLeft: (path: string, line: string) => boolean
}

/**
 * What a commit has is pending no more: a line that comes back later is not theirs. What stands in the working tree alone, as the
 * other half of a file does, stays pending.
 */
export function settleEdits({ gitDir }: Places, { commit, isCommitted, isLeft }: NewCommit, now: number): void {
  for (const file of filesIn(gitDir, 'edits')) {
    const notes = notesIn(file, 'edits', now)
    const kept = notes.flatMap((it) => {
      const lines = isCommitted(it.path) ? it.lines.filter((line) => isLeft(it.path, line)) : it.lines
      return lines.length === 0 ? [] : [{ ...it, lines }]
    })
    const settled = notes.flatMap((it) => {
      const lines = isCommitted(it.path) ? it.lines.filter((line) => !isLeft(it.path, line)) : []
      return lines.length === 0 ? [] : [{ ...it, lines, at: now, commit }]
    })
    if (settled.length > 0) keepCommitted(gitDir, settled, now)
    write(file, kept)
  }
  // What is too old is read by nobody, and the runner asks for the folder alone.
  for (const file of filesIn(gitDir, 'committed')) if (notesIn(file, 'committed', now).length === 0) rmSync(file)
  removeEmpty(gitDir)
}

/** What commits had that are undone is pending again. */
export function bringBack({ gitDir }: Places, isUndone: (commit: string) => boolean, now: number): void {
  for (const file of filesIn(gitDir, 'committed')) {
    const notes = notesIn(file, 'committed', now)
    const back = notes.filter(({ commit }) => commit !== undefined && isUndone(commit))
    const [first] = back
    if (first === undefined) continue
    append(
      fileOf(gitDir, 'edits', first),
      back.map(({ commit: _, ...it }) => ({ ...it, at: now })),
    )
    write(
      file,
      notes.filter((it) => !back.includes(it)),
    )
  }
  removeEmpty(gitDir)
}

/** An amend or a rebase made other commits of those that are named here. */
export function followRewritten({ gitDir }: Places, successors: ReadonlyMap<string, string>, now: number): void {
  for (const file of filesIn(gitDir, 'committed')) {
    const notes = notesIn(file, 'committed', now)
    if (!notes.some(({ commit = '' }) => successors.has(commit))) continue
    write(
      file,
      notes.map((it) => ({ ...it, commit: successors.get(it.commit ?? '') ?? it.commit })),
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

function fileOf(gitDir: string, folder: Folder, { tool, id }: SessionName): string {
  return join(gitDir, 'countersign', folder, `${tool}.${fileSafe(id)}.jsonl`)
}

/** Those of the sessions that were last at work. */
function filesIn(gitDir: string, folder: Folder): string[] {
  const path = join(gitDir, 'countersign', folder)
  try {
    const files = readdirSync(path).filter((it) => it.endsWith('.jsonl'))
    const dated = files.sort().map((it) => [join(path, it), statSync(join(path, it)).mtimeMs] as const)
    const last = new Set([...dated].sort(([, a], [, b]) => b - a).slice(0, most.sessions))
    return dated.filter((it) => last.has(it)).map(([file]) => file)
  } catch {
    return []
  }
}

function notesIn(file: string, folder: Folder, now: number): Note[] {
  return (readText(file, 2 * most.editBytes) ?? '').split('\n').flatMap((line) => {
    const said = objectOf(line)
    if (said === undefined) return []
    const { tool, id, path, at, lines, commit } = said
    if (!isTool(tool) || !isSessionId(id) || typeof path !== 'string' || !Array.isArray(lines)) return []
    if (typeof at !== 'number' || !(now - at <= longest[folder])) return []
    const isCommit = typeof commit === 'string' && /^[0-9a-f]{40,64}$/.test(commit)
    if (isCommit !== (folder === 'committed')) return []
    const keys = lines.filter((it) => typeof it === 'string')
    return [{ tool, id, path, at, lines: keys, ...(isCommit ? { commit } : {}) }]
  })
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
