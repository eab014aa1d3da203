/**
 * Lines that notes of a request's own commits claim, in the change that it became: of a squash what `git blame` says of a merge in its
 * place, of a rewritten commit the lines at the same places of what both added, where they are the same.
 */
import { git } from './git.ts'
import type { Commit, Squash } from './history.ts'
import type { Note } from './notes.ts'

interface Row {
  readonly commit: string
  readonly id: string
  readonly path: string
  readonly lines: number
}

/** `copies` are pairs of a commit of a request and the change that it was rewritten into. Writes commits into the repository. */
export function followedLines(
  repository: string,
  notes: readonly Note[],
  squashes: readonly Squash[],
  copies: readonly { readonly head: string; readonly commit: Commit }[],
): Row[] {
  const told = new Map(
    notes.filter(({ sessions }) => sessions.some(({ lines }) => lines.size > 0)).map((it) => [it.commit, it]),
  )
  const rows = new Map<string, Row>()
  const taken = new Set<string>()

  function writer(commit: string, path: string, line: number): string | undefined {
    const has = (ranges: readonly (readonly [number, number])[] = []): boolean =>
      ranges.some(([from, to]) => from <= line && line <= to)
    return told.get(commit)?.sessions.find(({ lines }) => has(lines.get(path)))?.id
  }

  function add(commit: string, path: string, line: number, id: string | undefined): void {
    // What the change's own note says stands alone.
    if (id === undefined || told.has(commit) || taken.has(`${commit} ${path}\0${line}`)) return
    taken.add(`${commit} ${path}\0${line}`)
    const key = `${commit} ${id} ${path}`
    rows.set(key, { commit, id, path, lines: (rows.get(key)?.lines ?? 0) + 1 })
  }

  for (const { commit, heads } of squashes) {
    const [head] = heads
    if (head === undefined || !heads.some((it) => told.has(it))) continue
    const own = new Set(heads)
    const parent = commit.parents[0] ?? ''
    const who = ['-c', 'user.name=counter', '-c', 'user.email=counter@example.org']
    const merge = git(repository, [...who, 'commit-tree', commit.tree, '-p', parent, '-p', head, '-m', 'merge']).trim()
    for (const path of added(repository, parent, commit.id).keys()) {
      const [bySquash, byMerge] = [blamed(repository, commit.id, path), blamed(repository, merge, path)]
      for (const [index, { commit: from, line, file }] of byMerge.entries()) {
        const isOfChange = bySquash[index]?.commit === commit.id && own.has(from) && file === path
        if (isOfChange) add(commit.id, path, index + 1, writer(from, path, line))
      }
    }
  }
  for (const { head, commit } of copies) {
    if (!told.has(head)) continue
    const [before, now] = [added(repository, `${head}^`, head), added(repository, commit.parents[0] ?? '', commit.id)]
    for (const [path, lines] of now) {
      const same = before.get(path) ?? []
      if (same.length !== lines.length) continue
      for (const [index, { line, text }] of lines.entries()) {
        if (same[index]?.text === text) add(commit.id, path, line, writer(head, path, same[index].line))
      }
    }
  }
  return [...rows.values()]
}

interface Blamed {
  readonly commit: string
  readonly line: number
  readonly file: string
}

function blamed(repository: string, commit: string, path: string): Blamed[] {
  const found: Blamed[] = []
  let open: { commit: string; line: number } | undefined
  let file = ''
  for (const it of git(repository, ['blame', '--line-porcelain', commit, '--', path]).split('\n')) {
    if (it.startsWith('\t')) {
      if (open !== undefined) found.push({ ...open, file })
      open = undefined
    } else if (open === undefined) {
      const [, id, line] = /^([0-9a-f]{40}) (\d+) \d+/.exec(it) ?? []
      if (id !== undefined) open = { commit: id, line: Number(line) }
    } else if (it.startsWith('filename ')) file = it.slice('filename '.length)
  }
  return found
}

/** Path → the lines that were added, in their order. */
function added(repository: string, from: string, to: string): Map<string, { line: number; text: string }[]> {
  const files = new Map<string, { line: number; text: string }[]>()
  const flags = [
    '--unified=0',
    '-r',
    '--patch',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--text',
    '--no-prefix',
  ]
  let path = ''
  let line = 0
  let [removed, left] = [0, 0]
  for (const it of git(repository, ['-c', 'core.quotePath=false', 'diff-tree', ...flags, from, to]).split('\n')) {
    if (removed > 0 && it.startsWith('-')) removed -= 1
    else if (left > 0 && it.startsWith('+')) {
      const lines = files.get(path) ?? []
      files.set(path, lines)
      lines.push({ line, text: it.slice(1) })
      line += 1
      left -= 1
    } else if (it.startsWith('+++ ')) path = it.slice(4).replace(/\t$/, '')
    else if (it.startsWith('@@ ')) {
      const match = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(it)
      removed = Number(match?.[1] ?? 1)
      line = Number(match?.[2])
      left = Number(match?.[3] ?? 1)
    }
  }
  return files
}
