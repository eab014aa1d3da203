/**
 * The metadata of a checkpoint and of a session in it, as Entire writes them (entireio/cli `cmd/entire/cli/checkpoint`):
 *
 *     metadata.json    {"checkpoint_id": "7b9d8e75f733", "sessions": [{"metadata": "/7b/9d8e75f733/0/metadata.json", …}], …}
 *     0/metadata.json  {"checkpoint_id": "7b9d8e75f733", "session_id": "<uuid>", "agent": "Claude Code", "created_at": "…",
 *                      "kind": "agent_review", …}
 *
 * They also hold summaries of what was asked, branch names and paths, and none of these is read.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../../../errors.ts'
import { parseJson } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { issueText } from '../../../model/statement.ts'
import { withoutDay } from '../session-id.ts'

export interface CheckpointMetadata {
  readonly checkpoint: string
  /** How many sessions it says it has. */
  readonly sessions: number
  readonly isNewer: boolean
}

export interface SessionMetadata {
  readonly checkpoint: string
  /** As the tool names it: Entire used to put the day before it. */
  readonly session: string
  /** As it was said; undefined also for `Agent`, which stands for any. */
  readonly agent: string | undefined
  readonly model: string | undefined
  /** It reviewed, and changed nothing (`entire review`). */
  readonly isReview: boolean
  /** As it was said. */
  readonly createdAt: string | undefined
  readonly isNewer: boolean
}

/** One line without any of the contents. */
export interface NoMetadata {
  readonly malformed: string
}

const optionalText = z.optional(z.nullable(z.string()))
const optionalVersion = z.optional(z.nullable(z.union([z.string(), z.number()])))
const versions = { version: optionalVersion, format_version: optionalVersion, schema_version: optionalVersion }

const checkpointShape = z.looseObject({
  ...versions,
  checkpoint_id: z.string(),
  sessions: z.optional(z.nullable(z.array(z.unknown()))),
})

const sessionShape = z.looseObject({
  ...versions,
  checkpoint_id: z.string(),
  session_id: z.string(),
  agent: optionalText,
  model: optionalText,
  created_at: optionalText,
  kind: optionalText,
})

/** Bytes of the metadata of a checkpoint. Never throws. */
export function parseCheckpointMetadata(bytes: Buffer): CheckpointMetadata | NoMetadata {
  const parsed = parsedAs(bytes, checkpointShape)
  if ('malformed' in parsed) return parsed
  const { checkpoint_id, sessions } = parsed.value
  return { checkpoint: checkpoint_id, sessions: sessions?.length ?? 0, isNewer: isNewer(parsed.value) }
}

/** Bytes of the metadata of a session. Never throws. */
export function parseSessionMetadata(bytes: Buffer): SessionMetadata | NoMetadata {
  const parsed = parsedAs(bytes, sessionShape)
  if ('malformed' in parsed) return parsed
  const { checkpoint_id, session_id, agent, model, created_at, kind } = parsed.value
  return {
    checkpoint: checkpoint_id,
    session: withoutDay(session_id),
    agent: agent === null || agent === '' || agent === 'Agent' ? undefined : agent,
    model: model ?? undefined,
    isReview: kind === 'agent_review',
    createdAt: created_at ?? undefined,
    isNewer: isNewer(parsed.value),
  }
}

/** The digest in a `content_hash.txt`, `sha256:<64 hex digits>`; undefined if there is none. */
export function parseContentHash(bytes: Buffer): string | undefined {
  return /^sha256:([0-9a-f]{64})\s*$/.exec(bytes.toString('latin1', 0, 100))?.[1]
}

function parsedAs<T extends z.ZodMiniType>(bytes: Buffer, shape: T): { readonly value: z.output<T> } | NoMetadata {
  try {
    const parsed = shape.safeParse(parseJson(bytes, 'the metadata', limits.checkpointMetadataBytes))
    if (parsed.success) return { value: parsed.data }
    return { malformed: `its metadata has another shape: ${issuePath(issueText(parsed.error))}` }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    return { malformed: `its metadata is no good JSON (${thrown.code})` }
  }
}

/** Only the names of the schema are said. */
function issuePath(issue: string): string {
  return /^[a-z_]{1,40}\b/.exec(issue)?.[0] ?? 'it is no object'
}

/** No version is known to write such a field; one that does counts its format from 1 on. */
function isNewer(said: { readonly [name in keyof typeof versions]?: string | number | null | undefined }): boolean {
  return Object.keys(versions).some((name) => {
    const version = said[name as keyof typeof versions]
    return version !== undefined && version !== null && Number.parseInt(String(version), 10) !== 1
  })
}
