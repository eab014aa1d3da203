/**
 * Authorship notes of git-ai (git-ai-project/git-ai specs/git_ai_standard_v3.0.0.md, schema `authorship/3.0.0`):
 *
 *     src/pay.ts
 *       s_4f0c11aa22bb33::t_00112233445566 3-9,14
 *       h_9e8d7c6b5a4f31 10-12
 *     ---
 *     {"schema_version":"authorship/3.0.0","base_commit_sha":"…","prompts":{},"sessions":{"s_4f0c11aa22bb33":{…}}}
 *
 * A key is that of a session (with the id of a checkpoint behind it), of a person (`h_…`), or in older notes of a prompt
 * (7 or 16 hex digits). A path with blanks stands in quotes, as it is, even with a line end in it.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../../../errors.ts'
import { parseJson } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { issueText } from '../../../model/statement.ts'

/** The lines of a file that a key stands for, flat: `[first, last, first, last, …]`, in any order. */
export interface NoteEntry {
  /** Without the id of the checkpoint. */
  readonly key: string
  readonly ranges: readonly number[]
}

export interface AgentRecord {
  readonly tool: string
  readonly id: string
  readonly model: string
}

/** A note as it says; nothing is checked against the commit. */
export interface Note {
  readonly baseCommit: string
  /** Its first versions did not write theirs. */
  readonly hasVersion: boolean
  /** By path, in the bytes of the note read as Latin-1. */
  readonly files: ReadonlyMap<string, readonly NoteEntry[]>
  /** Sessions and prompts by key. */
  readonly agents: ReadonlyMap<string, AgentRecord>
  /** Keys of people; who they are is not read. */
  readonly humans: ReadonlySet<string>
}

/** Why something is no note: one line without any of its contents. */
export interface NoNote {
  readonly malformed: string
}

const record = z.looseObject({
  agent_id: z.looseObject({ tool: z.string(), id: z.string(), model: z.string() }),
})

const metadata = z.looseObject({
  schema_version: z.string().check(z.regex(/^authorship\/3\.\d{1,5}\.\d{1,5}$/)),
  git_ai_version: z.optional(z.unknown()),
  base_commit_sha: z.string().check(z.maxLength(64)),
  prompts: z.optional(z.record(z.string(), record)),
  sessions: z.optional(z.record(z.string(), record)),
  humans: z.optional(z.record(z.string(), z.unknown())),
})

/** Bytes of a note → Note. The caller has bounded their number; the number of ranges is bounded here. Never throws. */
export function parseNote(bytes: Buffer): Note | NoNote {
  const text = bytes.toString('latin1')
  const divider = dividerIn(text)
  if (divider === undefined) return { malformed: 'it has no line "---"' }
  const files = parseFiles(text.slice(0, divider.start))
  if (typeof files === 'string') return { malformed: files }
  try {
    const json = parseJson(bytes.subarray(divider.end), 'the metadata', limits.noteBytes)
    const parsed = metadata.safeParse(json)
    if (!parsed.success) return { malformed: `its metadata has another shape: ${issuePath(issueText(parsed.error))}` }
    const { base_commit_sha, git_ai_version, prompts = {}, sessions = {}, humans = {} } = parsed.data
    const records = [...Object.entries(prompts), ...Object.entries(sessions)]
    return {
      baseCommit: base_commit_sha,
      hasVersion: git_ai_version !== undefined,
      files,
      agents: new Map(records.map(([key, { agent_id }]) => [key, agent_id])),
      humans: new Set(Object.keys(humans)),
    }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    return { malformed: `its metadata is no good JSON (${thrown.code})` }
  }
}

function dividerIn(text: string): { readonly start: number; readonly end: number } | undefined {
  const found = /^---\r?$/m.exec(text)
  return found === null ? undefined : { start: found.index, end: found.index + found[0].length }
}

/** A key of the record could be anything; only the names of the schema are said. */
function issuePath(issue: string): string {
  return /^(schema_version|base_commit_sha|prompts|sessions|humans)\b/.exec(issue)?.[0] ?? 'it is no object'
}

function parseFiles(text: string): Map<string, NoteEntry[]> | string {
  const files = new Map<string, NoteEntry[]>()
  let entries: NoteEntry[] | undefined
  let ranges = 0
  let paths = 0
  for (let at = 0; at < text.length;) {
    if (!text.startsWith('  ', at)) {
      const { path, end } = pathAt(text, at)
      at = end + 1
      if (path === '') continue
      if (path.length > pathBytes) return 'a path is too long'
      paths += 1
      if (paths > limits.noteRanges) return `it has more than ${limits.noteRanges} paths`
      entries = files.get(path) ?? []
      files.set(path, entries)
      continue
    }
    const end = lineEnd(text, at)
    const line = text.slice(at + 2, end).replace(/\r$/, '')
    at = end + 1
    const blank = line.indexOf(' ')
    if (entries === undefined || blank < 1) return 'lines are given for no file, or for nobody'
    const parsed = parseRanges(line.slice(blank + 1), limits.noteRanges - ranges)
    if (typeof parsed === 'string') return parsed
    ranges += parsed.length / 2
    entries.push({ key: keyOf(line.slice(0, blank)), ranges: parsed })
  }
  return files
}

/** PATH_MAX. */
const pathBytes = 4_096

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/**
 * The path on the line at `at`, and where its last line ends. git-ai puts it in quotes if it holds a space, a tab or a line
 * end, and escapes nothing; a path that begins with a quote of its own is known by having none of these.
 */
function pathAt(text: string, at: number): { readonly path: string; readonly end: number } {
  const end = lineEnd(text, at)
  const line = text.slice(at, end).replace(/\r$/, '')
  if (!line.startsWith('"')) return { path: line, end }
  if (line.length > 1 && line.endsWith('"')) return { path: /[ \t]/.test(line) ? line.slice(1, -1) : line, end }
  const close = text.slice(at, at + pathBytes + 4).search(/"\r?(?:\n|$(?![^]))/)
  const isOneLine = text.startsWith('\n  ', end) || close < 1
  return isOneLine ? { path: line, end } : { path: text.slice(at + 1, at + close), end: lineEnd(text, at + close) }
}

/** The id of a checkpoint tells apart calls of one session; `"key"` also without one. */
function keyOf(written: string): string {
  const end = written.indexOf('::')
  return (end < 0 ? written : written.slice(0, end)).slice(0, 100)
}

function parseRanges(text: string, most: number): number[] | string {
  const ranges: number[] = []
  for (let at = 0; at <= text.length;) {
    const comma = text.indexOf(',', at)
    const end = comma < 0 ? text.length : comma
    const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text.slice(at, Math.min(end, at + 32))) ?? []
    const from = Number(first)
    const to = last === undefined ? from : Number(last)
    if (first === undefined || from < 1 || to < from) return 'a range of lines is malformed'
    if (ranges.length / 2 === most) return `it has more than ${limits.noteRanges} ranges`
    ranges.push(from, to)
    at = end + 1
  }
  return ranges
}
