/**
 * Notes of agentblame (mesa-dot-dev/agentblame `packages/cli/src/lib/types.ts`), one JSON object a commit; version 1 writes
 * `start_line` and `end_line`:
 *
 *     {"version": 2, "timestamp": "…", "attributions": [{"path": "src/pay.ts", "startLine": 3, "endLine": 9,
 *      "category": "ai_generated", "provider": "claudeCode", "model": null, "confidence": 1, …}]}
 *
 * They name tools and no session. A version 3 has been begun, with sessions; no note of it was ever seen.
 */
import { isList, memberAt, textAt } from '../../../model/json.ts'
import type { Json } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { draftClaims } from '../line-claims.ts'
import type { ClaimsDraft, LineClaims } from '../line-claims.ts'
import type { NoNote } from '../line-notes.ts'
import { modelName } from '../models.ts'
import { lineRange, recordJson } from '../record-json.ts'
import type { ToolTable } from '../tools.ts'

const newestVersion = 2

export function readAgentblameNote(contents: Buffer, tools: ToolTable): LineClaims | NoNote {
  const parsed = recordJson(contents, limits.noteBytes)
  if ('malformed' in parsed) return parsed
  const [version, attributions] = [memberAt(parsed.json, 'version'), memberAt(parsed.json, 'attributions')]
  if (typeof version !== 'number' || version < 1) return { malformed: 'it has no version' }
  const isNewer = version > newestVersion
  if (!isList(attributions) && !isNewer) return { malformed: 'it has no attributions' }
  const draft = draftClaims()
  if (isNewer) draft.newer()
  const parts = isList(attributions) ? attributions : []
  const problem = parts.map((it) => readAttribution(it, draft, tools)).find((it) => it !== undefined)
  return problem === undefined || isNewer ? draft.claims() : { malformed: problem }
}

function readAttribution(said: Json, draft: ClaimsDraft, tools: ToolTable): string | undefined {
  if (memberAt(said, 'category') !== 'ai_generated') return undefined
  const [path, provider] = [memberAt(said, 'path'), memberAt(said, 'provider')]
  const range = lineRange(memberOf(said, 'startLine', 'start_line'), memberOf(said, 'endLine', 'end_line'))
  if (typeof path !== 'string' || typeof provider !== 'string') return 'a range of it has no path, or no provider'
  if (range === undefined) return 'a range of lines is malformed'
  const model = modelName(textAt(said, 'model') ?? '')
  const owner = draft.agent({
    tool: tools.slug(provider.replace(/([a-z])([A-Z])/g, '$1 $2')),
    session: undefined,
    toolVersion: undefined,
    models: model === undefined ? [] : [model],
  })
  return draft.lines(path, owner, ...range) ? undefined : `it has more than ${limits.noteRanges} ranges of lines`
}

function memberOf(said: Json, name: string, older: string): Json {
  return memberAt(said, name) ?? memberAt(said, older)
}
