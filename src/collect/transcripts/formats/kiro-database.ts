/**
 * Kiro CLI: one database of all its conversations, each with the folder that it was in. What it keeps beside them, as what it signs in with,
 * is never asked for.
 */
import { objectIn } from '../members.ts'
import { tellKiroConversation } from '../kiro-conversation.ts'
import { order, sessionRows } from '../session-rows.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const kiroDatabase: TranscriptFormat = {
  id: 'kiro-database',
  title: 'Kiro CLI',
  tool: 'kiro',
  basis: 'documented',
  source:
    'others that read it, for its table and its place; aws/amazon-q-developer-cli crates/chat-cli for conversations',
  folders: {
    linux: ['$XDG_DATA_HOME/kiro-cli', '~/.local/share/kiro-cli'],
    darwin: ['~/Library/Application Support/kiro-cli'],
    win32: ['$LOCALAPPDATA/kiro-cli'],
  },
  body: {
    kind: 'database',
    tables: { conversations_v2: ['key', 'conversation_id', 'value', 'updated_at'] },
    sessions: (database) =>
      sessionRows(
        database,
        {
          table: 'conversations_v2',
          query: `SELECT CAST(conversation_id AS TEXT) AS session, * FROM conversations_v2 ${order('conversation_id', 'updated_at DESC')}`,
          json: ['value'],
        },
        [],
      ),
    open: openKiroRows,
  },
}

/** Rows of one conversation each. */
export function openKiroRows({ sink }: Telling): RowReader {
  let broken = 0
  return {
    row(row) {
      const conversation = objectIn(row['value'])
      if (conversation === undefined) broken += 1
      else tellKiroConversation(sink, conversation)
    },
    end() {
      if (broken > 0) sink.problem('transcript-row-broken', `${broken} rows`)
    },
  }
}
