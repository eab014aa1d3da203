/** git-ai notes, and which of their AI lines stand in what the commit added, as `git diff -U0` says. */
import { git, pieces } from './git.ts'
import type { Commit } from './history.ts'

/** A session as a note names it, with the lines that it claims by path. */
export interface NoteSession {
  readonly tool: string
  readonly id: string
  readonly lines: ReadonlyMap<string, readonly (readonly [number, number])[]>
}

export interface Note {
  readonly commit: string
  /** Why it does not count. */
  readonly wrong: string | undefined
  readonly sessions: readonly NoteSession[]
}

/** The notes of these commits; one counts where its base is the commit or a parent. */
export async function notesOf(repository: string, commits: ReadonlyMap<string, Commit>): Promise<readonly Note[]> {
  if (git(repository, ['for-each-ref', 'refs/notes/ai']) === '') return []
  const blobs = new Map<string, string>()
  for (const line of git(repository, ['ls-tree', '-r', 'refs/notes/ai']).split('\n')) {
    const [, , blob = '', path = ''] = line.split(/\s/)
    const id = path.replaceAll('/', '')
    if (commits.has(id)) blobs.set(id, blob)
  }
  const texts = await contents(repository, [...new Set(blobs.values())])
  return [...blobs].map(([id, blob]) => noteOf(commits.get(id)!, texts.get(blob) ?? ''))
}

/** The content of each blob, by its id. */
export async function contents(repository: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  let id = ''
  let text: string[] = []
  const end = (): void => {
    if (id !== '') texts.set(id, text.join('\n'))
    text = []
  }
  // One at a time in lines is enough: none of what is asked for has a line that looks like the head of another.
  for await (const line of pieces(
    repository,
    ['cat-file', '--batch=%(objectname) countersign-counter %(objecttype)'],
    '\n',
    `${ids.join('\n')}\n`,
  )) {
    const head = /^([0-9a-f]{40}) countersign-counter blob$/.exec(line)
    if (head === null) text.push(line)
    else {
      end()
      id = head[1] ?? ''
    }
  }
  end()
  return texts
}

interface Metadata {
  readonly base_commit_sha?: string
  readonly prompts?: Record<string, { readonly agent_id?: AgentId }>
  readonly sessions?: Record<string, { readonly agent_id?: AgentId }>
}
interface AgentId {
  readonly tool?: string
  readonly id?: string
}

function noteOf(commit: Commit, text: string): Note {
  const cut = /^---$/m.exec(text)
  const none = { commit: commit.id, sessions: [] }
  if (cut === null) return { ...none, wrong: 'no divider' }
  let metadata: Metadata
  try {
    metadata = JSON.parse(text.slice(cut.index + 3)) as Metadata
  } catch {
    return { ...none, wrong: 'no JSON' }
  }
  const base = metadata.base_commit_sha
  if (base !== commit.id && !commit.parents.includes(base ?? '')) return { ...none, wrong: 'base is another commit' }
  const claimed = linesByKey(text.slice(0, cut.index))
  const sessions = Object.entries({ ...metadata.prompts, ...metadata.sessions }).flatMap(
    ([key, { agent_id: agent }]) =>
      agent?.id === undefined
        ? []
        : [{ tool: agent.tool ?? '', id: agent.id, lines: claimed.get(key) ?? new Map<string, never>() }],
  )
  return { commit: commit.id, wrong: undefined, sessions }
}

function linesByKey(text: string): Map<string, Map<string, (readonly [number, number])[]>> {
  const found = new Map<string, Map<string, (readonly [number, number])[]>>()
  let path = ''
  for (const line of text.split('\n')) {
    const entry = /^ {2}(\S+) ([\d,-]+)$/.exec(line)
    if (entry === null) {
      path = line.startsWith('"') ? line.slice(1, -1) : line
      continue
    }
    const key = (entry[1] ?? '').split('::')[0] ?? ''
    const files = found.get(key) ?? new Map<string, (readonly [number, number])[]>()
    const ranges = (entry[2] ?? '').split(',').map((range) => {
      const [from = 0, to = from] = range.split('-').map(Number)
      return [from, to] as const
    })
    files.set(path, [...(files.get(path) ?? []), ...ranges])
    found.set(key, files)
  }
  return found
}

/** AI lines within the added lines, by session and path, of the notes that count. */
export async function attestedLines(
  repository: string,
  notes: readonly Note[],
  commits: ReadonlyMap<string, Commit>,
): Promise<{ readonly commit: string; readonly id: string; readonly path: string; readonly lines: number }[]> {
  const rows: { commit: string; id: string; path: string; lines: number }[] = []
  const added = await addedLines(repository, notes, commits)
  for (const { commit, sessions } of notes) {
    const files = added.get(commit)
    // A line that two sessions claim is one line.
    const taken = new Set<string>()
    for (const { id, lines } of sessions) {
      for (const [path, ranges] of lines) {
        let count = 0
        for (const [from, to] of ranges) {
          for (const [start, end] of files?.get(path) ?? []) {
            for (let at = Math.max(from, start); at <= Math.min(to, end); at += 1) {
              if (taken.has(`${path}\0${at}`)) continue
              taken.add(`${path}\0${at}`)
              count += 1
            }
          }
        }
        if (count > 0) rows.push({ commit, id, path, lines: count })
      }
    }
  }
  return rows
}

type Hunks = Map<string, (readonly [number, number])[]>

async function addedLines(
  repository: string,
  notes: readonly Note[],
  commits: ReadonlyMap<string, Commit>,
): Promise<Map<string, Hunks>> {
  const found = new Map<string, Hunks>()
  const wanted = notes
    .filter(({ sessions }) => sessions.some(({ lines }) => lines.size > 0))
    .map(({ commit }) => commit)
  const plain = wanted.filter((id) => commits.get(id)!.parents.length < 2)
  const flags = [
    '-p',
    '-U0',
    '-r',
    '--root',
    '--no-renames',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ]
  const quiet = ['-c', 'core.quotePath=false', 'diff-tree']
  if (plain.length > 0) {
    await hunks(pieces(repository, [...quiet, ...flags, '--stdin'], '\n', `${plain.join('\n')}\n`), found, undefined)
  }
  // What a merge itself added differs from every parent.
  for (const id of wanted.filter((it) => !plain.includes(it))) {
    const sides: Hunks[] = []
    for (const parent of commits.get(id)!.parents) {
      const side = new Map<string, Hunks>()
      await hunks(pieces(repository, [...quiet, ...flags, parent, id], '\n'), side, id)
      sides.push(side.get(id) ?? new Map<string, never>())
    }
    found.set(id, sides.reduce(common))
  }
  return found
}

async function hunks(lines: AsyncIterable<string>, into: Map<string, Hunks>, only: string | undefined): Promise<void> {
  let files: Hunks = new Map<string, never>()
  let path = ''
  let isHead = false
  let left = 0
  if (only !== undefined) into.set(only, files)
  for await (const line of lines) {
    if (left > 0) {
      if (/^[+-]/.test(line)) left -= 1
      continue
    }
    if (/^[0-9a-f]{40}$/.test(line)) into.set(line, (files = new Map<string, never>()))
    else if (line.startsWith('diff --git ')) isHead = true
    else if (isHead && line.startsWith('+++ ')) path = pathOf(line.slice(4))
    else if (line.startsWith('@@ ')) {
      isHead = false
      const match = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
      const [removed, from, count] = [Number(match?.[1] ?? 1), Number(match?.[2]), Number(match?.[3] ?? 1)]
      left = removed + count
      if (count > 0) files.set(path, [...(files.get(path) ?? []), [from, from + count - 1]])
    }
  }
}

function pathOf(text: string): string {
  const bare = text.replace(/\t$/, '')
  const quoted = bare.startsWith('"') ? (JSON.parse(bare) as string) : bare
  return quoted.replace(/^b\//, '')
}

function common(one: Hunks, other: Hunks): Hunks {
  const found: Hunks = new Map<string, never>()
  for (const [path, ranges] of one) {
    const both = ranges.flatMap(([from, to]) =>
      (other.get(path) ?? []).flatMap(([start, end]) => {
        const [first, last] = [Math.max(from, start), Math.min(to, end)]
        return first <= last ? [[first, last] as const] : []
      }),
    )
    if (both.length > 0) found.set(path, both)
  }
  return found
}
