/**
 * The gate that everything passes which a reader gives: what stands for a name, an id, a version or a time is one, or it is left out. Each
 * reader checks where it reads, and says what it left out. The gate is for the reader that forgets it: what is signed stays for ever.
 */
import { isPersonHash } from '../../model/person.ts'
import type { SessionRecord } from '../../model/record.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import { isModelName, unknownModel } from './models.ts'
import type { AttributedFile } from './readers/row.ts'
import { isoTime } from './record-time.ts'
import { sessionId } from './session-id.ts'
import { toolVersion } from './tool-version.ts'
import { unknownTool } from './tools.ts'

/** The record with what may be signed of it: the same one where nothing is left out, for a history has very many. */
export function soundRecord<T extends Omit<SessionRecord, 'reader'>>(record: T): T {
  const { tool, session, toolVersion: version, models, startedAt, endedAt, parent, requester } = record
  const isSound =
    soundTool(tool) === tool &&
    soundId(session) === session &&
    soundVersion(version) === version &&
    models.every(isSoundModel) &&
    soundTime(startedAt) === startedAt &&
    soundTime(endedAt) === endedAt &&
    (typeof parent !== 'string' || soundId(parent) === parent) &&
    (requester === undefined || isPersonHash(requester))
  if (isSound) return record
  return {
    ...record,
    tool: soundTool(tool),
    session: soundId(session),
    toolVersion: soundVersion(version),
    models: models.filter(isSoundModel),
    startedAt: soundTime(startedAt),
    endedAt: soundTime(endedAt),
    ...(typeof parent === 'string' ? { parent: soundId(parent) } : {}),
    requester: requester !== undefined && isPersonHash(requester) ? requester : undefined,
  }
}

/** The same of whose lines are whose; paths have their own check where they are told (`attribution.ts`). */
export function soundFiles(files: readonly AttributedFile[]): AttributedFile[] {
  return files.map((file) => ({
    ...file,
    sessions: file.sessions.map((it) => ({ ...it, tool: soundTool(it.tool), id: soundId(it.id) })),
  }))
}

function soundId(id: string | undefined): string | undefined {
  return id === undefined || sessionId(id) !== id ? undefined : id
}

/** A record from which a name was taken has the word that stands for any. */
function isSoundModel(name: string): boolean {
  return name === unknownModel || isKnown(soundModels, name, isModelName)
}

function soundVersion(version: string | undefined): string | undefined {
  return version === undefined ? undefined : toolVersion(version)
}

function soundTime(time: string | undefined): string | undefined {
  return time === undefined ? undefined : isoTime(time)
}

/** What was sound before: a history says the same few names again and again. */
const [soundTools, soundModels] = [new Set<string>(), new Set<string>()]
const mostNames = 1_000

function isKnown(names: Set<string>, name: string, isSound: (name: string) => boolean): boolean {
  if (names.has(name)) return true
  if (!isSound(name)) return false
  if (names.size === mostNames) names.clear()
  names.add(name)
  return true
}

function soundTool(tool: string): string {
  return isKnown(soundTools, tool, isTool) ? tool : unknownTool
}

function isTool(name: string): boolean {
  return /^[a-z0-9-]{1,60}$/.test(name) && !isUnpublishable(name)
}
