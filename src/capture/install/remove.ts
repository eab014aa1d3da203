/** `hooks remove`: what stood there before stands there again; from what somebody has changed since, only our part goes. */
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeWholeFile } from '../../platform/files.ts'
import { worldOf } from '../../platform/world.ts'
import type { World } from '../../platform/world.ts'
import { parted } from './agent-settings.ts'
import { agentRows } from './agents.ts'
import { askGit, cloneAt } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { asideSuffix, withoutPart } from './hook-scripts.ts'
import { bytesAt, journalFile, putBack, readJournal, removeFolders } from './journal.ts'
import type { Entry } from './journal.ts'
import type { HooksReport } from '../../model/hooks-report.ts'
import { statusOf } from './status.ts'

/**
 * Errors: `git-no-repository`, `git-failed`, `hooks-state-malformed`, `output-failed`.
 *
 * @example
 * ```ts
 * import { installHooks, removeHooks } from 'countersign/hooks'
 *
 * await installHooks({ agents: [] })
 * const { git } = await removeHooks()
 * console.log(git.every(({ state }) => state === 'absent')) // true
 * ```
 */
export async function removeHooks(given: Partial<World> = {}): Promise<HooksReport> {
  const world = worldOf(given)
  const clone = cloneAt({ cwd: world.cwd, env: world.env })
  const notes = await takeOut(clone, { keepsState: false })
  return { ...statusOf(clone, []), notes }
}

/** What a person must know of what could not be put back. */
export async function takeOut(clone: Clone, { keepsState }: { readonly keepsState: boolean }): Promise<string[]> {
  const journal = readJournal(clone.commonDir)
  const notes: string[] = []
  // The last that was written first: what was moved aside is of an earlier one.
  for (const entry of journal?.entries.toReversed() ?? []) {
    if (await putBack(entry)) continue
    const note = await takePart(entry, clone, journal?.keys ?? [])
    if (note !== undefined) notes.push(note)
  }
  removeFolders(journal?.entries ?? [])
  rmSync(journalFile(clone.commonDir), { force: true })
  if (!keepsState) forgetState(clone)
  return notes
}

async function takePart(entry: Entry, clone: Clone, keys: readonly string[]): Promise<string | undefined> {
  const { kind, name, path } = entry
  const text = bytesAt(path)?.toString('utf8')
  if (kind === 'config' && name === 'git') {
    for (const key of keys) askGitQuietly(clone, ['config', '--local', '--unset-all', key])
    return undefined
  }
  if (kind === 'settings') {
    const row = agentRows.find(({ id }) => id === name)
    if (text === undefined || row === undefined) return undefined
    if (row.text !== undefined) return `${path} was changed, so it stays`
    const rest = parted(row, text)
    if (rest !== text) await rewrite(path, rest)
    return undefined
  }
  return takeHook(entry, text)
}

async function takeHook({ path, isAside }: Entry, text: string | undefined): Promise<string | undefined> {
  const aside = path + asideSuffix
  const hasAside = isAside && existsSync(aside)
  if (text === undefined) {
    if (hasAside) renameSync(aside, path)
    return undefined
  }
  const rest = withoutPart(text)
  // Somebody's own by now.
  if (rest === undefined)
    return hasAside ? `${path} was replaced; the hook that was there before is ${aside}` : undefined
  if (rest.trim() === '#!/bin/sh' || rest.trim() === '') {
    if (hasAside) renameSync(aside, path)
    else rmSync(path)
    return undefined
  }
  if (!hasAside) {
    await rewrite(path, rest)
    return undefined
  }
  const first = `#!/bin/sh\n"$0${asideSuffix}" "$@" || exit $?\n`
  await rewrite(path, first + rest.replace(/^#!\/bin\/sh\n/, ''))
  return `${path} was changed, so it stays, and runs first what was there before: ${aside}`
}

async function rewrite(path: string, text: string): Promise<void> {
  const mode = statSync(path).mode & 0o7777
  await writeWholeFile(path, text, { present: 'replace', mode })
  chmodSync(path, mode)
}

/** A key that somebody has taken out already is no failure. */
function askGitQuietly(clone: Clone, args: readonly string[]): void {
  try {
    askGit(clone.git, args)
  } catch {
    // `--unset-all` ends with 5 where there is none.
  }
}

/** Of all working trees. */
function forgetState({ commonDir }: Clone): void {
  const worktrees = join(commonDir, 'worktrees')
  const folders = existsSync(worktrees) ? readdirSync(worktrees).map((it) => join(worktrees, it)) : []
  for (const folder of [commonDir, ...folders]) {
    const own = join(folder, 'countersign')
    for (const name of ['hook', 'sessions', 'edits', 'by-hand.json', 'offered.json']) {
      rmSync(join(own, name), { recursive: true, force: true })
    }
    try {
      rmdirSync(own)
    } catch {
      // Something else is in it, or it is not there.
    }
  }
}
