/** Kiro CLI as Amazon Q's CLI kept it: a table with the last conversation of each folder. Both tables may stand in one database. */
import { order, sessionRows } from '../session-rows.ts'
import { openKiroRows } from './kiro-database.ts'
import type { TranscriptFormat } from './row.ts'

export const kiroConversations: TranscriptFormat = {
  id: 'kiro-conversations',
  title: 'Kiro CLI, one conversation a folder',
  tool: 'kiro',
  basis: 'documented',
  source: 'aws/amazon-q-developer-cli crates/chat-cli; the table: others that read it',
  body: {
    kind: 'database',
    tables: { conversations: ['key', 'value'] },
    sessions: (database) =>
      sessionRows(
        database,
        {
          table: 'conversations',
          query: `SELECT CAST(key AS TEXT) AS session, key, value FROM conversations ${order('key')}`,
          json: ['value'],
        },
        [],
      ),
    open: openKiroRows,
  },
}
