/**
 * Commits that a person has undone, as by `git reset`, to make others of their lines. That HEAD does not come from a commit is not enough: so it is
 * with each branch that a forge squashed. It must have been on this branch, none that came since may have the same, and what the session wrote
 * in a file must have come back, the greater part of it: one line of a few words is anybody's.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bringBack } from './edits.ts'
import type { CommittedEdit } from './edits.ts'
import { askGit } from './git.ts'
import { changesSince, workingChanges } from './patch.ts'
import type { Changes, FileChange } from './patch.ts'
import type { Places } from './places.ts'
import { objectOf, readText, writeOwn } from './state.ts'

/** What was undone, and is staged in part at least. An edit for all that a session wrote of a file in a commit. */
export function undoneEdits(committed: readonly CommittedEdit[], staged: Changes): CommittedEdit[] {
  const touched = [...joined(committed)].filter((it) => newLines(it, staged).size > 0)
  if (touched.length === 0) return []
  const head = askGit(['rev-parse', '--quiet', '--verify', 'HEAD'])?.trim()
  // A branch without a commit has lost its reflog with its first one, and nothing came since.
  const undone = head === undefined ? undefined : undoneOf(new Set(touched.map(({ commit }) => commit)), head)
  const own = touched.filter(({ commit }) => undone?.has(commit) !== false)
  if (own.length === 0) return []
  const working = workingChanges(new Set(own.map(({ path }) => path))) ?? new Map<string, FileChange>()
  const back = own.filter((it) => isMostOf(it, new Set([...newLines(it, staged), ...newLines(it, working)])))
  if (head === undefined) return back
  return [...Map.groupBy(back, ({ commit }) => commit)].flatMap(([commit, all]) => notSince(commit, all))
}

function isMostOf({ lines }: CommittedEdit, some: ReadonlySet<string>): boolean {
  return 2 * some.size > lines.length
}

/** Without what came in by another commit, as by a squash of a forge: who writes it again did not undo this one. None where git does not tell. */
function notSince(commit: string, edits: readonly CommittedEdit[]): CommittedEdit[] {
  const since = changesSince(commit, new Set(edits.map(({ path }) => path)))
  if (since === undefined) return []
  return edits.filter((it) => {
    const added = since.get(it.path)?.added
    return !isMostOf(it, new Set(it.lines.filter((line) => added?.has(line) === true)))
  })
}

function joined(committed: readonly CommittedEdit[]): Iterable<CommittedEdit> {
  const all = new Map<string, CommittedEdit>()
  for (const edit of committed) {
    const before = all.get(keyOf(edit))?.lines ?? []
    all.set(keyOf(edit), { ...edit, lines: [...new Set([...before, ...edit.lines])] })
  }
  return all.values()
}

function keyOf({ commit, path, session }: Omit<CommittedEdit, 'lines'>): string {
  return JSON.stringify([commit, path, session.tool, session.id])
}

/** Where a line goes away and comes in one change, it was moved, or its indentation changed. */
function newLines({ path, lines }: CommittedEdit, changes: Changes): Set<string> {
  const change = changes.get(path)
  return new Set(lines.filter((it) => change?.added.has(it) === true && !change.removed.has(it)))
}

const mostEntries = 1_000

/** Those of these commits that this branch had, and HEAD does not come from. */
function undoneOf(commits: ReadonlySet<string>, head: string): Set<string> {
  const branch = askGit(['symbolic-ref', '--quiet', 'HEAD'])?.trim() ?? 'HEAD'
  const args = ['--no-pager', 'log', '--walk-reflogs', '--no-show-signature', '--format=%H']
  const held = askGit([...args, `--max-count=${mostEntries}`, branch, '--'])?.split('\n') ?? []
  const asked = held.filter((it) => commits.has(it))
  if (asked.length === 0) return new Set()
  const lines = [...asked, `^${head}`].map((it) => `${it}\n`).join('')
  const beyond = askGit(['rev-list', '--ignore-missing', '--stdin'], lines)?.split('\n') ?? []
  return new Set(beyond.filter((it) => commits.has(it)))
}

/** For the time when the commit is made; it may be given up. */
export function noteUndone({ gitDir }: Places, undone: readonly CommittedEdit[]): void {
  if (undone.length === 0) rmSync(fileIn(gitDir), { force: true })
  else writeOwn(fileIn(gitDir), JSON.stringify({ undone: undone.map(keyOf) }))
}

/** The commit was made: what it was made of is pending, until it is settled with the rest. */
export function bringUndoneBack(places: Places, now: number): void {
  const said: unknown = objectOf(readText(fileIn(places.gitDir), most) ?? '')?.['undone']
  if (!Array.isArray(said)) return
  rmSync(fileIn(places.gitDir), { force: true })
  const undone = new Set<unknown>(said)
  bringBack(places, (it) => undone.has(keyOf(it)), now)
}

const most = 4 * 1024 * 1024

function fileIn(gitDir: string): string {
  return join(gitDir, 'countersign', 'undone.json')
}
