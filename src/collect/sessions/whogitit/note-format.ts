/**
 * Notes of whogitit (dotsetlabs/whogitit `docs/src/reference/data-formats.md`), one JSON object a commit:
 *
 *     {"version": 3, "session": {"session_id": "<uuid>", "model": {"id": "…"}, "started_at": "…"}, "prompts": […],
 *      "files": [{"path": "src/pay.rs", "lines": [{"line_number": 3, "source": {"type": "AI", …}, "content": "…"}]}]}
 *
 * They hold prompts and the text of every line, and none of these is read. It takes the lines of Claude Code alone, and its session
 * is one of its own. Lines that the agent wrote and a person changed (`AIModified`) are neither's. Nor are those of `Human` a
 * person's: they are what is left of a file where the agent's lines are taken out, seen by nobody.
 */
import { isList, memberAt, textAt } from '../../../model/json.ts'
import type { Json } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { draftClaims } from '../line-claims.ts'
import type { ClaimsDraft, LineClaims } from '../line-claims.ts'
import type { NoNote } from '../line-notes.ts'
import { modelName } from '../models.ts'
import { lineRange, recordJson } from '../record-json.ts'
import { isoTime } from '../record-time.ts'
import { sessionId } from '../session-id.ts'

/** What it writes whatever the model is, unless its user names one (`src/capture/hook.rs`). */
const standingModel = 'claude-opus-4-5-20251101'
const newestVersion = 3

export function readWhogititNote(contents: Buffer): LineClaims | NoNote {
  const parsed = recordJson(contents, limits.noteBytes)
  if ('malformed' in parsed) return parsed
  const version = memberAt(parsed.json, 'version')
  const [id, files] = [textAt(parsed.json, 'session', 'session_id'), memberAt(parsed.json, 'files')]
  if (typeof version !== 'number' || version < 1) return { malformed: 'it has no version' }
  const isNewer = version > newestVersion
  if (id === undefined || (!isList(files) && !isNewer)) return { malformed: 'it has no session, or no files' }
  const draft = draftClaims()
  if (isNewer) draft.newer()
  const session = sessionId(id)
  if (session === undefined) draft.invalidId()
  const model = modelName(textAt(parsed.json, 'session', 'model', 'id') ?? '')
  const owner = draft.agent({
    tool: 'claude-code',
    session,
    toolVersion: undefined,
    models: model === undefined || model === standingModel ? [] : [model],
    startedAt: isoTime(textAt(parsed.json, 'session', 'started_at')),
  })
  const parts = isList(files) ? files : []
  const problem = parts.map((it) => readFile(it, owner, draft)).find((it) => it !== undefined)
  return problem === undefined || isNewer ? draft.claims() : { malformed: problem }
}

function readFile(file: Json, owner: number, draft: ClaimsDraft): string | undefined {
  const [path, lines] = [memberAt(file, 'path'), memberAt(file, 'lines')]
  if (typeof path !== 'string' || !isList(lines)) return 'a file of it has no path, or no lines'
  let open: [number, number] | undefined
  const close = (): boolean => open === undefined || draft.lines(path, owner, ...open)
  for (const line of lines) {
    if (memberAt(line, 'source', 'type') !== 'AI') continue
    const [number] = lineRange(memberAt(line, 'line_number'), memberAt(line, 'line_number')) ?? []
    if (number === undefined) return 'the number of a line is malformed'
    if (number === (open?.[1] ?? 0) + 1 && open !== undefined) open[1] = number
    else if (!close()) return tooMany
    else open = [number, number]
  }
  return close() ? undefined : tooMany
}

const tooMany = `it has more than ${limits.noteRanges} ranges of lines`
