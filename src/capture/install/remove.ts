/** `hooks remove`: what stood there before stands there again; from what somebody has changed since, only our part goes. */
import { chmodSync, existsSync, lstatSync, readdirSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import { writeWholeFile } from '../../platform/files.ts'
import { isBelow, refuseLinksBelow } from '../../platform/links.ts'
import { worldOf } from '../../platform/world.ts'
import type { World } from '../../platform/world.ts'
import { isOfBoth, parted } from './agent-settings.ts'
import { agentRows } from './agents.ts'
import { askGit, cloneAt } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { excludeFile, isExcludeOf } from './exclude.ts'
import { asideSuffix, withoutPart } from './hook-scripts.ts'
import { bytesAt, journalFile, putBack, readJournal } from './journal.ts'
import type { Entry } from './journal.ts'
import { removeMadeFolders } from './made-folders.ts'
import { giveWay } from './managers.ts'
import type { HooksReport } from '../../model/hooks-report.ts'
import { statusOf } from './status.ts'

/**
 * Errors: `git-no-repository`, `git-failed`, `hooks-state-malformed`, `symlink-in-checkout`, `output-failed`.
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
  const clone = cloneAt(world)
  const notes = await takeOut(clone, { keepsState: false })
  return { ...statusOf(clone, []), notes }
}

/** What a person must know of what could not be put back. */
export async function takeOut(clone: Clone, { keepsState }: { readonly keepsState: boolean }): Promise<string[]> {
  // A folder of git that somebody sent may lead anywhere.
  await refuseLinksBelow(clone.commonDir, journalFile(clone.commonDir))
  const journal = readJournal(clone.commonDir)
  const notes: string[] = []
  const own: Entry[] = []
  // The last that was written first: what was moved aside is of an earlier one.
  for (const entry of journal?.entries.toReversed() ?? []) {
    if (!(await isPlace(entry, clone))) {
      notes.push(`${entry.path} is no place of hooks of this clone, so it stays`)
      continue
    }
    own.push(entry)
    if (mayPutBack(entry) && (await putBack(entry))) continue
    const note = await takePart(entry, clone, journal?.keys ?? [])
    if (note !== undefined) notes.push(note)
  }
  await removeMadeFolders(own, clone)
  rmSync(journalFile(clone.commonDir), { force: true })
  if (!keepsState) forgetState(clone)
  return notes
}

/**
 * Whoever sends a folder of git can send a journal in it, which names any file. Hooks and the configuration lie in that folder; of
 * files elsewhere only the part goes that shows itself as ours.
 */
async function isPlace({ kind, name, path }: Entry, { commonDir }: Clone): Promise<boolean> {
  if (kind === 'part' || kind === 'settings') return true
  if (kind === 'exclude' && path !== excludeFile(commonDir)) return false
  if (kind === 'config' && name === 'git') return path === join(commonDir, 'config')
  if (!isBelow(path, commonDir)) return false
  return !((await attemptAsync(() => refuseLinksBelow(commonDir, dirname(path)))) instanceof CountersignError)
}

/** What stood there must be what is there without our part: else it is what somebody wants to stand there. */
function mayPutBack({ kind, name, path, before }: Entry): boolean {
  if (kind === 'hook' || kind === 'config') return true
  if (kind === 'exclude') {
    const held = Buffer.from(before ?? '', 'base64').toString('latin1')
    return isExcludeOf(held, bytesAt(path)?.toString('latin1') ?? '')
  }
  const now = bytesAt(path)?.toString('utf8') ?? ''
  const text = before === null ? undefined : Buffer.from(before, 'base64').toString('utf8')
  if (kind === 'part') {
    const bare = text === undefined ? '#!/bin/sh\n' : (withoutPart(text) ?? text)
    return [bare, `${bare}\n`].includes(withoutPart(now) ?? '')
  }
  const row = agentRows.find(({ id }) => id === name)
  return row !== undefined && isOfBoth(row, text, now)
}

async function takePart(entry: Entry, clone: Clone, keys: readonly string[]): Promise<string | undefined> {
  const { kind, name, path } = entry
  const text = bytesAt(path)?.toString('utf8')
  if (kind === 'config' && name === 'git') {
    for (const key of keys) askGitQuietly(clone, ['config', '--local', '--unset-all', key])
    return undefined
  }
  if (kind === 'exclude') {
    const rest = withoutPart(bytesAt(path)?.toString('latin1') ?? '')
    if (rest !== undefined) await rewrite(path, Buffer.from(rest, 'latin1'))
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
  if (rest === undefined && giveWay(path, hasAside)) return undefined
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

async function rewrite(path: string, text: string | Buffer): Promise<void> {
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
    if (lstatSync(own, { throwIfNoEntry: false })?.isDirectory() !== true) continue
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
