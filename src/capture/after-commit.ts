/** The hooks behind a commit: post-commit settles what the commit has now, post-rewrite tells of sessions that were lost. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pendingEdits, settleEdits } from './edits.ts'
import { askGit } from './git.ts'
import { sessionLinesOf } from './message.ts'
import { headChanges, workingChanges } from './patch.ts'
import type { Places } from './places.ts'
import { forgetByHand } from './state.ts'
import { bringUndoneBack } from './undone.ts'

/** What was said by hand was said of this commit, and the edits that it has are no longer pending. */
export function afterCommit(places: Places, now: number): void {
  forgetByHand(places)
  bringUndoneBack(places, now)
  const paths = new Set(pendingEdits(places, now).map(({ path }) => path))
  const head = paths.size === 0 ? undefined : headChanges(paths)
  if (head === undefined) return
  const { commit, changes } = head
  const working = workingChanges(new Set(changes.keys()))
  const stashed = lastStash()
  const has = (path: string, line: string): boolean => changes.get(path)?.added.has(line) === true
  // Where git cannot tell what the working tree has, what the commit has not may be there.
  const isLeft = (path: string, line: string, at: number): boolean =>
    working?.get(path)?.added.has(line) === true || ((working === undefined || at <= stashed) && !has(path, line))
  settleEdits(places, { commit, isChanged: (path) => changes.has(path), has, isLeft }, now)
}

/** When the last stash was made, which may hold what is in neither: what was written later is in none. Milliseconds since 1970. */
function lastStash(): number {
  const seconds = askGit(['--no-pager', 'log', '-1', '--no-show-signature', '--format=%ct', 'refs/stash', '--'])
  return seconds === undefined ? -Infinity : (Number(seconds) + 1) * 1_000
}

/** Git amends for a rebase that it is at, and tells of all together at its end. Where the rebase waits for a person, it has `amend`. */
export function isReworded({ gitDir }: Places): boolean {
  return existsSync(join(gitDir, 'rebase-merge')) && !existsSync(join(gitDir, 'rebase-merge/amend'))
}

const mostRewritten = 10_000

/**
 * Commits that named sessions, and whose successors do not. They are not mended here: what other hooks noted of the new commit
 * holds for its id. `rewritten` is the input of post-rewrite: `<old> <new>`, a line each.
 */
export function lostSessions(rewritten: string): { readonly commit: string; readonly lines: readonly string[] }[] {
  const pairs = rewritten.split('\n').flatMap((line) => {
    const [, from, to] = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64})(?: |$)/.exec(line) ?? []
    return from === undefined || to === undefined ? [] : [[from, to] as const]
  })
  if (pairs.length === 0 || pairs.length > mostRewritten) return []
  const messages = messagesBy(new Set(pairs.flat()))
  const lost = new Map<string, Set<string>>()
  for (const [from, to] of pairs) {
    const now = new Set(sessionLinesOf(messages.get(to) ?? ''))
    const gone = sessionLinesOf(messages.get(from) ?? '').filter((it) => /^AI-Session-ID/i.test(it) && !now.has(it))
    if (gone.length > 0) lost.set(to, new Set([...(lost.get(to) ?? []), ...gone.map(shown)]))
  }
  return [...lost].map(([commit, lines]) => ({ commit, lines: [...lines] }))
}

/** What somebody else wrote into a message steers no terminal. */
function shown(line: string): string {
  return line.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200)
}

function messagesBy(commits: ReadonlySet<string>): Map<string, string> {
  const args = ['--no-pager', 'log', '--no-walk=unsorted', '--no-show-signature', '-z', '--format=%H%n%B', '--stdin']
  const told = askGit(args, [...commits].map((it) => `${it}\n`).join('')) ?? ''
  return new Map(
    told.split('\0').map((it) => {
      const end = it.indexOf('\n')
      return [it.slice(0, end), it.slice(end + 1)]
    }),
  )
}
