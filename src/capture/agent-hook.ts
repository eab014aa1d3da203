/** `capture agent <tool>`: notes the session that an agent tells of, and what it edited. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { agentEvent } from './agent-payload.ts'
import type { AgentEvent } from './agent-payload.ts'
import { lineKey, noteEdit } from './edits.ts'
import { placesAbove } from './places.ts'
import type { Places } from './places.ts'
import { isModel, isTool, isToolVersion } from './session-name.ts'
import { readSession, writeSession } from './state.ts'

export interface AgentHook {
  readonly tool: string
  readonly payload: string
  /** Where the hook was started. */
  readonly cwd: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Makes records of what has none yet, and is not waited for. */
  readonly record: (worktree: string) => void
}

/** Only in a repository in which hooks were installed: settings of a person's own are read in every other one, too. */
export function onAgentEvent({ tool, payload, cwd, now, record }: AgentHook): void {
  const event = agentEvent(payload)
  if (event === undefined || !isTool(tool)) return
  const folder = event.folder !== undefined && isAbsolute(event.folder) ? event.folder : cwd
  for (const edit of event.edits) noteIn(tool, event, resolve(folder, edit.path), edit.text, now)
  const places = placesAbove(folder)
  if (places === undefined || !isInstalled(places)) return
  see(tool, event, places, places.worktree, now)
  if (event.kind === 'end') record(places.worktree)
}

/** The file's own working tree counts, which may be another one than that in which the agent was started. */
function noteIn(tool: string, event: AgentEvent, file: string, text: string, now: number): void {
  const path = realPath(file)
  const places = placesAbove(dirname(path))
  if (places === undefined || !isInstalled(places)) return
  const below = relative(realPath(places.worktree), path)
  if (below === '' || below.startsWith('..') || isAbsolute(below)) return
  const lines = [...new Set(text.split('\n').flatMap((line) => lineKey(line) ?? []))]
  if (lines.length === 0) return
  see(tool, event, places, places.worktree, now)
  noteEdit(places, { session: { tool, id: event.id }, path: below.split(sep).join('/'), lines }, now)
}

function see(tool: string, event: AgentEvent, places: Places, worktree: string, now: number): void {
  const before = readSession(places, { tool, id: event.id })
  const transcript = event.transcript ?? before?.transcript
  const told = transcript === undefined ? {} : toldBy(transcript)
  const model = event.model ?? told.model ?? before?.model
  const toolVersion = event.toolVersion ?? told.toolVersion ?? before?.toolVersion
  const at = new Date(now).toISOString()
  const startedAt = before?.startedAt ?? (event.kind === 'start' ? at : undefined)
  writeSession(places, {
    ...{ tool, id: event.id, worktree, seenAt: at },
    ...(toolVersion === undefined ? {} : { toolVersion }),
    ...(model === undefined ? {} : { model }),
    ...(transcript === undefined ? {} : { transcript }),
    ...(startedAt === undefined ? {} : { startedAt }),
  })
}

const tailBytes = 64 * 1024

/** The last model and version that a transcript names; those of a tool's synthetic rows are none. */
function toldBy(transcript: string): { model?: string; toolVersion?: string } {
  const text = tailOf(transcript)
  const last = (member: RegExp, isFit: (value: unknown) => value is string): string | undefined =>
    [...text.matchAll(member)].map(([, value]) => value).findLast(isFit)
  const model = last(/"model":"([^"\\]{1,96})"/g, isModel)
  const toolVersion = last(/"(?:version|cli_version)":"([^"\\]{1,64})"/g, isToolVersion)
  return { ...(model === undefined ? {} : { model }), ...(toolVersion === undefined ? {} : { toolVersion }) }
}

function tailOf(path: string): string {
  if (!isAbsolute(path)) return ''
  let file: number | undefined
  try {
    // O_NONBLOCK: a pipe that nobody writes to would be waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(file)
    if (!stats.isFile()) return ''
    const buffer = Buffer.alloc(Math.min(stats.size, tailBytes))
    const bytes = readSync(file, buffer, 0, buffer.length, stats.size - buffer.length)
    return buffer.toString('utf8', 0, bytes)
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function isInstalled({ commonDir }: Places): boolean {
  return existsSync(join(commonDir, 'countersign', 'hook'))
}

/** Without links, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), path.slice(above.length))
  }
}
