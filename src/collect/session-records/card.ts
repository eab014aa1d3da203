/** What the card of a record says: the same as beside a kept record, and what the session did. Paths of a machine stay out. */
import { isAbsolute, posix } from 'node:path'
import { mostCardEdits } from '../../model/session-record.ts'
import type { RecordCard } from '../../model/session-record.ts'
import type { ReadTranscript, TranscriptEdit } from '../../model/transcript.ts'
import type { CollectedAiConfiguration } from '../../model/ai-configuration.ts'
import { isUnpublishable, isUnpublishablePath } from '../redact/unpublishable.ts'
import { pathOfUri } from '../transcripts/file-names.ts'
import { cardOf } from '../transcripts/record-folder.ts'

export interface CardContext {
  /** Absolute path of the work tree. */
  readonly root: string
  /** The name of the transcript, without its folder. */
  readonly file: string
  readonly configuration: CollectedAiConfiguration | undefined
}

/** `transcript` names its session. */
export function recordCardOf(transcript: ReadTranscript, { root, file, configuration }: CardContext): RecordCard {
  const { session: told } = transcript
  const edits = told.edits.slice(0, mostCardEdits)
  const beyond = told.edits.length - edits.length
  const { parent, role, startedAt, endedAt, tokens } = told
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(file) && !isUnpublishable(file)
  return JSON.parse(
    JSON.stringify({
      ...cardOf(transcript),
      ...{ file: isPlain ? file : undefined, parent, role, startedAt, endedAt, tokens },
      ...{ toolVersions: told.toolVersions, models: told.models, turns: told.turns, iterations: told.iterations },
      edits: edits.map((it) => editIn(it, root, transcript.folder)),
      ...(beyond === 0 ? {} : { editsBeyond: beyond }),
      aiConfiguration: configuration,
    }),
  ) as RecordCard
}

function editIn(
  { path, verdict, acceptedBy, lines }: TranscriptEdit,
  root: string,
  folder: string | undefined,
): RecordCard['edits'][number] {
  const inside = insideOf(wholePath(path, folder), root.replaceAll('\\', '/'))
  return {
    ...(inside === undefined ? {} : { path: inside }),
    ...{ verdict, lines: lines.length },
    ...(acceptedBy === undefined ? {} : { acceptedBy }),
  }
}

/** The transcript has it from the folder of the session, which may be another one than the root. */
function wholePath(path: string, folder: string | undefined): string {
  const of = folder === undefined ? undefined : pathOfUri(folder).replaceAll('\\', '/')
  if (of === undefined || isAbsolute(path) || /^(?:[A-Za-z]:|~)/.test(path)) return path
  return posix.normalize(`${of}/${path}`)
}

/** The path from the root; undefined for what lies outside, or must not be shown. */
function insideOf(path: string, root: string): string | undefined {
  const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
  if (isAbsolute(below) || /^[A-Za-z]:/.test(below) || below.startsWith('~')) return undefined
  const plain = posix.normalize(below)
  return plain === '..' || plain.startsWith('../') || isUnpublishablePath(plain) ? undefined : plain
}
