/** `hooks install`: everything that is there is looked at first, then written; what cannot be joined is left alone and said. */
import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CountersignError, option } from '../../errors.ts'
import { writeWholeFile } from '../../platform/files.ts'
import { isBelow, refuseLinksBelow } from '../../platform/links.ts'
import { worldOf } from '../../platform/world.ts'
import { isUsed } from './agents-used.ts'
import { agentIds, agentRows } from './agents.ts'
import type { AgentRow, AgentScope } from './agents.ts'
import { joined } from './agent-settings.ts'
import { askGit, cloneAt } from './ask-git.ts'
import type { Clone } from './ask-git.ts'
import { configHooks } from './config-hooks.ts'
import { hookPlace, passedHooks } from './hook-places.ts'
import type { HookPlace } from './hook-places.ts'
import { excludeFile, plannedExclude } from './exclude.ts'
import {
  asideSuffix,
  gitHooks,
  hookScript,
  joinedHook,
  passingScript,
  runnerScript,
  withoutPart,
} from './hook-scripts.ts'
import type { GitHook } from './hook-scripts.ts'
import { bytesAt, digestOf, journalFile, put, readJournal } from './journal.ts'
import type { Entry } from './journal.ts'
import { takeOut } from './remove.ts'
import { recordSignings } from './request.ts'
import type { HooksRequest } from './request.ts'
import { newRollback } from './rollback.ts'
import type { Rollback } from './rollback.ts'
import type { HookRow, HooksReport } from '../../model/hooks-report.ts'
import { gitSettings, keptSettings, settingsNow, settingsOf } from './settings.ts'
import type { Settings } from './settings.ts'
import { statusOf } from './status.ts'

interface Write {
  readonly kind: Entry['kind']
  readonly name: string
  readonly path: string
  readonly text: string
}

/**
 * Errors: `git-no-repository`, `git-failed`, `usage`, `record-key-missing`, `hooks-state-malformed`, `symlink-in-checkout`, `output-failed`. What was
 * installed before is taken out first, so that there is never a second one; where that which is to follow fails, it is there again.
 * Settings of the clone stay where nothing else is asked: `kept` of the report names them.
 *
 * @example
 * ```ts
 * import { installHooks, removeHooks } from 'countersign/hooks'
 *
 * const { git } = await installHooks({ agents: [], sign: 'none' })
 * console.log(git.every(({ state }) => state === 'installed')) // true
 * await removeHooks()
 * ```
 */
export async function installHooks(request: HooksRequest = {}): Promise<HooksReport> {
  const world = worldOf(request.world)
  const clone = cloneAt(world)
  const home = world.env['HOME'] ?? homedir()
  const kept = keptSettings(request, settingsNow(clone))
  const signing = { sign: request.sign ?? recordSignings.find((it) => it === kept['countersign.sign']) ?? 'ssh' }
  refuseUnsaid({
    ...signing,
    ...(kept['countersign.publishidentity'] === 'true' ? { publishIdentity: true } : {}),
    ...request,
  })
  const key = keyAsked({ ...request, ...signing }, world.cwd)
  const agents = agentsAsked(request.agents, clone)
  if (request.gitHooks === 'config') configHooks('prepare-commit-msg', clone.git)
  const target: Target = { clone, home, agents, kept, scope: request.agentScope ?? 'local' }
  await refuseLinks(clone, [hookPlace(clone).folder, ...agents.map((row) => settingsPath(row, target))])
  await refuseLinksBelow(clone.commonDir, journalFile(clone.commonDir))
  const rollback = newRollback()
  try {
    return await replaceHooks({ ...request, ...key }, target, rollback)
  } catch (thrown) {
    await rollback.putAllBack()
    throw thrown
  }
}

/** Where hooks go that an agent has, and what stays as the clone has it. */
interface Target {
  readonly clone: Clone
  readonly home: string
  readonly agents: readonly AgentRow[]
  readonly scope: AgentScope
  readonly kept: Settings
}

async function replaceHooks(request: HooksRequest, target: Target, rollback: Rollback): Promise<HooksReport> {
  const { clone, kept } = target
  const own = join(clone.commonDir, 'countersign')
  const config = join(clone.commonDir, 'config')
  const old = readJournal(clone.commonDir)?.entries ?? []
  const places = old.flatMap(({ path }) => [path, path + asideSuffix])
  rollback.hold([config, journalFile(clone.commonDir), join(own, 'hook'), ...places])
  const notes = await takeOut(clone, { keepsState: true })

  const place = hookPlace(clone)
  const inConfig = request.gitHooks === 'config'
  const skipped: HookRow[] = []
  const settingsWrites = plannedSettings(target, skipped)
  const writes = [...(inConfig ? [] : plannedHooks(place, skipped)), ...settingsWrites]
  // A hook that is a link is moved aside as a link, and nothing is written through it.
  await refuseLinks(
    clone,
    writes.map(({ kind, path }) => (kind === 'hook' ? dirname(path) : path)),
  )
  // Whoever wrote beside our entries in a file that we made still does not see it.
  const wasKept = old.some(({ kind }) => kind === 'exclude')
  const newFiles = settingsWrites.filter(({ path }) => wasKept || bytesAt(path) === undefined).map(({ path }) => path)
  const exclude = await plannedExclude(clone, newFiles)
  if (exclude !== undefined) {
    writes.push({ kind: 'exclude', name: 'git', path: excludeFile(clone.commonDir), text: exclude })
  }
  const made: Entry[] = []
  rollback.hold(writes.flatMap(({ path }) => [path, path + asideSuffix]))

  // What a person has set without us is not ours to take out.
  const left = settingsNow(clone)
  const settings = [
    ...settingsOf(request, kept).filter(([key, value]) => left[key.toLowerCase()] !== value),
    ...gitSettings(place, inConfig, clone),
  ]
  try {
    for (const { kind, name, path, text } of writes) made.push(await put(kind, name, path, text))
    const before = bytesAt(config)
    for (const [key, value] of settings) askGit(clone.git, ['config', '--local', key, value])
    const after = bytesAt(config)
    if (before !== undefined && after !== undefined) made.push(entryOfConfig(config, before, after))
  } finally {
    // Also of half an installation, should it not go back: what is written is to be found by whoever removes it.
    const journal = { v: 1, entries: made, keys: settings.map(([key]) => key) }
    const private600 = { present: 'replace', mode: 0o600, folders: 'make' } as const
    await writeWholeFile(journalFile(clone.commonDir), JSON.stringify(journal), private600)
  }
  const isWatched = writes.some(
    (it) => it.kind === 'hook' && it.path === join(clone.commonDir, 'hooks/prepare-commit-msg'),
  )
  const runner = runnerScript({ isWatched, ...(request.program ?? ownProgram()) })
  await writeWholeFile(join(own, 'hook'), runner, { present: 'replace', mode: 0o755 })
  const report = statusOf(clone, skipped)
  const unused = request.agents === undefined && target.agents.length === 0 ? [noAgent] : []
  const names = Object.keys(kept)
  return {
    ...report,
    ...(names.length === 0 ? {} : { kept: names }),
    notes: [...new Set([...notes, ...report.notes, ...unused])],
  }
}

const noAgent =
  'no agent is used here yet, so none tells of its transcripts, and no transcript is recorded; run countersign hooks install again after the first use of one'

/** Error: `symlink-in-checkout`. */
async function refuseLinks({ root }: Clone, paths: readonly string[]): Promise<void> {
  for (const path of paths) if (isBelow(path, root)) await refuseLinksBelow(root, path)
}

/** Error: `usage`. */
function refuseUnsaid({ sign, publishIdentity }: HooksRequest): void {
  if (sign !== 'sigstore' || publishIdentity === true) return
  throw new CountersignError(
    'usage',
    'a record that is signed with Sigstore shows the address of who signs it, for ever, in a public log',
    {
      hint: `accept that (${option('publishIdentity')}), or sign with the key of your commits (${option('recordSigning')})`,
    },
  )
}

/** As every later push finds it, wherever that starts. Errors: `usage`, `record-key-missing`. */
function keyAsked({ signingKey: named, sign = 'ssh' }: HooksRequest, cwd: string): Pick<HooksRequest, 'signingKey'> {
  if (named === undefined) return {}
  if (sign !== 'ssh') {
    throw new CountersignError('usage', 'a key signs records only where they are signed with SSH', {
      option: 'signingKey',
      hint: `leave it out, or sign with it (${option('recordSigning')})`,
    })
  }
  if (/^(?:key::|ssh-)/.test(named)) return { signingKey: named }
  const path = resolve(cwd, named)
  if (existsSync(path) || existsSync(`${path}.pub`)) return { signingKey: path }
  throw new CountersignError('record-key-missing', `there is no key ${JSON.stringify(named.slice(0, 200))}`, {
    option: 'signingKey',
    hint: 'make one that is for your records alone (ssh-keygen -t ed25519 -f FILE), or name another',
  })
}

function plannedHooks(place: HookPlace, skipped: HookRow[]): Write[] {
  if (place.kind === 'joined') return gitHooks.flatMap((hook) => plannedPart(hook, place.folder, skipped))
  const own = gitHooks.flatMap((hook) => plannedHook(hook, place.folder, skipped))
  const { before } = place
  if (before === undefined) return own
  const passing = passedHooks(before).filter((it) => !gitHooks.some((hook) => hook === it))
  return [
    // Moved aside by ours, so that they run first.
    ...gitHooks.map((hook) => write('config', hook, place.folder, passingScript(hook, before))),
    ...own,
    ...passing.map((hook) => write('config', hook, place.folder, passingScript(hook, before))),
  ]
}

/** What lies aside already belongs to a hook that something else has replaced, and must not be lost. */
function plannedHook(hook: GitHook, folder: string, skipped: HookRow[]): Write[] {
  const path = join(folder, hook)
  if (!existsSync(path + asideSuffix)) return [write('hook', hook, folder, hookScript(hook))]
  skipped.push({
    name: hook,
    state: 'skipped',
    path,
    why: `the hook that was there before is still ${path}${asideSuffix}`,
  })
  return []
}

function plannedPart(hook: GitHook, folder: string, skipped: HookRow[]): Write[] {
  const path = join(folder, hook)
  const before = bytesAt(path)?.toString('latin1')
  const isShell = before?.startsWith('#!') !== true || /^#!.*\b(?:ba|da|k|z)?sh\b/.test(before)
  const skip = (why: string): [] => {
    skipped.push({ name: hook, state: 'skipped', path, why })
    return []
  }
  if (!isShell || before?.includes('\0') === true) return skip('it is no shell script; call the runner from it')
  const text = Buffer.from(before ?? '#!/bin/sh\n', 'latin1').toString('utf8')
  // Somebody has committed it in another clone: it is there once.
  const joint = joinedHook(hook, withoutPart(text) ?? text)
  if (joint === undefined)
    return skip('it ends with exit or exec, and nothing behind that would run; take that line out')
  return [write('part', hook, folder, joint)]
}

function plannedSettings(target: Target, skipped: HookRow[]): Write[] {
  return target.agents.flatMap((row) => {
    const path = settingsPath(row, target)
    const before = bytesAt(path)?.toString('utf8')
    const text = joined(row, before)
    if (text === undefined) {
      skipped.push({ name: row.id, state: 'skipped', path, why: 'its text cannot be added to; add the hooks by hand' })
      return []
    }
    // A person's own settings can have them from another clone, which takes them out again.
    return text === before ? [] : [{ kind: 'settings', name: row.id, path, text }]
  })
}

function settingsPath({ files }: AgentRow, { clone, home, scope }: Target): string {
  if (scope !== 'user') return join(clone.root, scope === 'local' ? (files.local ?? files.project) : files.project)
  const named = join(home, files.user)
  // A person's own may be kept elsewhere, and linked.
  return existsSync(named) ? realpathSync(named) : named
}

function write(kind: Write['kind'], name: string, folder: string, text: string): Write {
  return { kind, name, path: join(folder, name), text }
}

/** Error: `usage`. */
function agentsAsked(asked: readonly string[] | undefined, clone: Clone): readonly AgentRow[] {
  if (asked === undefined) return agentRows.filter((it) => isUsed(it, clone))
  return asked.flatMap((name) => {
    if (name === 'none') return []
    const row = agentRows.find(({ id }) => id === name)
    if (row !== undefined) return [row]
    throw new CountersignError('usage', `there are no hooks for an agent ${JSON.stringify(name.slice(0, 60))}`, {
      hint: `those that are known: ${agentIds.join(', ')}`,
    })
  })
}

function entryOfConfig(path: string, before: Buffer, after: Buffer): Entry {
  return {
    ...{ kind: 'config', name: 'git', path, before: before.toString('base64'), isAside: false, folders: [] },
    after: digestOf(after),
  }
}

/** Error: `internal`, where the program is no installed one. */
function ownProgram(): { node: string; capture: string; program: string } {
  const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
  // From a chunk of dist/, and from the source, which only tests run.
  const [built, source] = [at('./capture.js'), at('../../../dist/capture.js')]
  const isBuilt = existsSync(built)
  const program = at(isBuilt ? '../bin/countersign.js' : '../../../bin/countersign.js')
  return { node: process.execPath, capture: isBuilt ? built : source, program }
}
