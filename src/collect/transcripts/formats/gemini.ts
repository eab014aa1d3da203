/**
 * Gemini CLI: a row of metadata, then messages (google-gemini/gemini-cli `chatRecordingTypes.ts`). A message is written anew when its calls
 * are done; `$rewindTo` takes back the message of that id and all behind it, `$set` changes metadata. A subagent has its own file.
 */
import type { Json } from '../../../model/json.ts'
import { geminiHeader, GeminiMessages } from '../gemini-messages.ts'
import { listIn, objectIn, textIn } from '../members.ts'
import { RowMarks } from '../row-marks.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const gemini: TranscriptFormat = {
  id: 'gemini',
  title: 'Gemini CLI',
  tool: 'gemini',
  basis: 'seen',
  source: 'git-ai-project/git-ai; google-gemini/gemini-cli packages/core for rewinds, headers and subagents',
  folders: {
    linux: ['$GEMINI_CLI_HOME/.gemini/tmp', '~/.gemini/tmp'],
    darwin: ['$GEMINI_CLI_HOME/.gemini/tmp', '~/.gemini/tmp'],
    win32: ['$GEMINI_CLI_HOME/.gemini/tmp', '~/.gemini/tmp'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some(
    (it) =>
      (textIn(it?.['sessionId']) !== undefined && textIn(it?.['projectHash']) !== undefined && !isDocument(it)) ||
      // A part without its header.
      (it?.['type'] === 'gemini' && textIn(it['id']) !== undefined && textIn(it['timestamp']) !== undefined),
  )
}

/** A document on one line is the older form. */
function isDocument(row: ReturnType<typeof objectIn>): boolean {
  return listIn(row?.['messages']).length > 0
}

function open({ sink, name }: Telling): RowReader {
  const messages = new GeminiMessages(sink)
  const marks = new RowMarks()

  function rewind(id: string): void {
    // The tool itself goes back to the start where it does not know the message.
    const mark = marks.get(id) ?? 0
    sink.undo(mark)
    marks.forget(mark)
  }

  return {
    row(row) {
      const rewound = textIn(row['$rewindTo'])
      const changed = objectIn(row['$set'])
      const id = textIn(row['id'])
      if (rewound !== undefined) rewind(rewound)
      else if (changed !== undefined) {
        geminiHeader(sink, changed, name)
        // Written when the history is compressed: what is new in it is a summary, and nothing is taken back.
      } else if (textIn(row['type']) !== undefined && id !== undefined) {
        if (marks.get(id) === undefined) marks.set(id, sink.mark())
        messages.tell(row)
      } else if (row['sessionId'] !== undefined) geminiHeader(sink, row, name)
    },
  }
}
