/**
 * Windsurf: rows of `type`, `status` and a member that is called as the type. An edit is written with the whole new file, and with what the
 * person said to it. No id, model or time: the id is the name of the file.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { AcceptedBy, EditVerdict } from '../../../model/transcript.ts'
import { addedLines } from '../added-lines.ts'
import { pathOfUri, uuidInName } from '../file-names.ts'
import { objectIn, textIn } from '../members.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const windsurf: TranscriptFormat = {
  id: 'windsurf',
  title: 'Windsurf',
  tool: 'windsurf',
  basis: 'seen',
  source: 'git-ai-project/git-ai; what a refusal is called is guessed',
  folders: {
    linux: ['~/.windsurf/transcripts'],
    darwin: ['~/.windsurf/transcripts'],
    win32: ['~/.windsurf/transcripts'],
  },
  body: { kind: 'rows', isOwn, open },
}

const types: ReadonlySet<string> = new Set([
  'user_input',
  'planner_response',
  'code_action',
  'run_command',
  'view_file',
])

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => {
    const type = textIn(it?.['type'])
    return type !== undefined && types.has(type) && textIn(it?.['status']) !== undefined && partOf(it) !== undefined
  })
}

function partOf(row: JsonObject | undefined): JsonObject | undefined {
  const type = textIn(row?.['type'])
  return type === undefined || !types.has(type) ? undefined : objectIn(row?.[type])
}

function open({ sink, name }: Telling): RowReader {
  const id = uuidInName(name)
  if (id !== undefined) sink.id(id)
  return {
    row(row) {
      const time = textIn(row['timestamp'])
      if (time !== undefined) sink.time(time)
      const part = partOf(row)
      if (part === undefined) return
      switch (row['type']) {
        case 'user_input':
          sink.prompt(textIn(part['user_response']) ?? '')
          break
        case 'planner_response':
          sink.answer(undefined)
          break
        case 'code_action': {
          const text = textIn(part['new_content'])
          const path = pathOfUri(textIn(part['path']) ?? '')
          const added = text === undefined ? undefined : addedLines(textIn(part['original_content']) ?? '', text)
          if (added !== undefined) sink.edit({ path, text: added, ...verdictOf(part, row['status']) })
          break
        }
        case 'run_command':
          if (part['user_rejected'] !== true) sink.shell(textIn(part['command']) ?? '')
          break
        default:
      }
    },
  }
}

/** Without a word of the person an edit that is done stands in the file all the same: it is shown there to be judged. */
function verdictOf(
  part: JsonObject,
  status: Json | undefined,
): { readonly verdict: EditVerdict; readonly acceptedBy?: AcceptedBy } {
  const said = textIn(part['acknowledgement_type']) ?? ''
  if (/_REJECT(?:ED)?$/.test(said)) return { verdict: 'rejected', acceptedBy: 'person' }
  if (status !== 'done') return { verdict: status === 'error' || status === 'canceled' ? 'failed' : 'unanswered' }
  return /_ACCEPT(?:ED)?$/.test(said) ? { verdict: 'applied', acceptedBy: 'person' } : { verdict: 'applied' }
}
