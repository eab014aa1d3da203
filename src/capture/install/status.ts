/** `hooks status`: what is installed, and whether git and the agents still find it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { worldOf } from '../../platform/world.ts'
import type { World } from '../../platform/world.ts'
import { holdsEntries } from './agent-settings.ts'
import { whyAbsent } from './agents-used.ts'
import { agentRows } from './agents.ts'
import { askGit, cloneAt } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { gitHooks, holdsPart } from './hook-scripts.ts'
import { bytesAt, readJournal } from './journal.ts'
import type { Entry, Journal } from './journal.ts'
import { runByManager } from './managers.ts'
import { settingsNow } from './settings.ts'
import type { HookRow, HooksReport } from '../../model/hooks-report.ts'

/**
 * Errors: `git-no-repository`, `git-failed`, `hooks-state-malformed`.
 *
 * @example
 * ```ts
 * import { hooksStatus } from 'countersign/hooks'
 *
 * console.log(hooksStatus().git.some(({ state }) => state === 'lost')) // false
 * ```
 */
export function hooksStatus(given: Partial<World> = {}): HooksReport {
  const world = worldOf(given)
  return statusOf(cloneAt(world), [])
}

export function statusOf(clone: Clone, skipped: readonly HookRow[]): HooksReport {
  const journal = readJournal(clone.commonDir)
  const settings = settingsNow(clone)
  const folder = askGit(clone.git, ['rev-parse', '--path-format=absolute', '--git-path', 'hooks']) ?? ''
  const git = gitHooks.map((name) => skipped.find((it) => it.name === name) ?? gitRow(name, journal, folder))
  const agents = agentRows.map(({ id }) => skipped.find((it) => it.name === id) ?? agentRow(id, journal, clone))
  const isLost = [...git, ...agents].some(({ state }) => state === 'lost')
  return {
    ...{ git, agents, settings },
    notes: isLost ? ['what is lost was replaced by something else; run countersign hooks install again'] : [],
  }
}

function gitRow(name: string, journal: Journal | undefined, folder: string): HookRow {
  if (journal?.keys.includes(`hook.countersign-${name}.command`) === true) return { name, state: 'installed' }
  const entry = entryOf(journal, name, ['hook', 'part'])
  if (entry === undefined) return { name, state: 'absent' }
  const text = bytesAt(entry.path)?.toString('utf8')
  // husky's folder calls what lies above it.
  const isFound = entry.path === join(folder, name) || (entry.kind === 'part' && existsSync(join(folder, name)))
  const isThere = text !== undefined && holdsPart(text) && isFound
  const former = isThere ? undefined : runByManager(join(folder, name))
  if (former !== undefined) return { name, path: former, state: 'joined' }
  return { name, path: entry.path, state: !isThere ? 'lost' : entry.kind === 'part' ? 'joined' : 'installed' }
}

function agentRow(id: string, journal: Journal | undefined, clone: Clone): HookRow {
  const entry = entryOf(journal, id, ['settings'])
  const row = agentRows.find((it) => it.id === id)
  if (row === undefined) return { name: id, state: 'absent' }
  if (entry === undefined)
    return { name: id, state: 'absent', ...(journal === undefined ? {} : { why: whyAbsent(row, clone) }) }
  const text = bytesAt(entry.path)?.toString('utf8')
  const isThere = text !== undefined && holdsEntries(row, text)
  return { name: id, path: entry.path, state: !isThere ? 'lost' : entry.before === null ? 'installed' : 'joined' }
}

function entryOf(journal: Journal | undefined, name: string, kinds: readonly Entry['kind'][]): Entry | undefined {
  return journal?.entries.findLast((it) => it.name === name && kinds.includes(it.kind))
}
