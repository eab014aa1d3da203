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

/** The record with what may be signed of it; its list of models is the same where nothing of that is left out. */
export function soundRecord<T extends Omit<SessionRecord, 'reader'>>(record: T): T {
  const { session, models, startedAt, endedAt, parent, requester } = record
  return {
    ...record,
    tool: soundTool(record.tool),
    session: soundId(session),
    toolVersion: record.toolVersion === undefined ? undefined : toolVersion(record.toolVersion),
    models: models.every(isSoundModel) ? models : models.filter(isSoundModel),
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
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
  return name === unknownModel || isModelName(name)
}

function soundTool(tool: string): string {
  return /^[a-z0-9-]{1,60}$/.test(tool) && !isUnpublishable(tool) ? tool : unknownTool
}
