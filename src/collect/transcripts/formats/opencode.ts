/** opencode since 1.2: one database of all its sessions, `data` of a message and of a part as JSON. */
import { objectIn, textIn } from '../members.ts'
import { newOpencodeTelling } from '../opencode-messages.ts'
import { order, sessionRows } from '../session-rows.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const opencode: TranscriptFormat = {
  id: 'opencode',
  title: 'opencode',
  tool: 'opencode',
  basis: 'seen',
  source: 'git-ai-project/git-ai; what is reverted and rejected is guessed',
  folders: {
    linux: ['$XDG_DATA_HOME/opencode', '~/.local/share/opencode'],
    darwin: ['$XDG_DATA_HOME/opencode', '~/.local/share/opencode'],
    win32: ['$XDG_DATA_HOME/opencode', '~/.local/share/opencode'],
  },
  body: {
    kind: 'database',
    tables: {
      session: ['id', 'parent_id', 'version', 'time_created'],
      message: ['id', 'session_id', 'time_created', 'data'],
      part: ['id', 'message_id', 'session_id', 'time_created', 'data'],
    },
    sessions: (database) =>
      sessionRows(
        database,
        {
          table: 'session',
          query: `SELECT CAST(id AS TEXT) AS session, * FROM session ${order('id')}`,
          json: ['revert'],
        },
        [
          {
            table: 'message',
            query: `SELECT CAST(session_id AS TEXT) AS session, id, time_created, data FROM message ${order('session_id', 'id')}`,
            json: ['data'],
          },
          {
            table: 'part',
            query: `SELECT CAST(session_id AS TEXT) AS session, message_id, id, data FROM part ${order('session_id', 'message_id', 'id')}`,
            json: ['data'],
          },
        ],
      ),
    open,
  },
}

function open({ sink }: Telling): RowReader {
  const told = newOpencodeTelling(sink)
  let broken = 0
  return {
    row(row) {
      const id = textIn(row['id'])
      const data = objectIn(row['data'])
      if (row['table'] === 'session') {
        const parent = row['parent_id']
        told.session(textIn(row['session']) ?? '', {
          version: textIn(row['version']),
          parent: parent === null ? null : textIn(parent),
        })
        const revert = objectIn(row['revert'])
        const message = textIn(revert?.['messageID'])
        // Of a message that was taken back in part, nobody can say which edits.
        if (message !== undefined && textIn(revert?.['partID']) === undefined) told.reverted(message)
      } else if (data === undefined) broken += 1
      else if (row['table'] === 'message') told.message(id ?? '', data)
      else told.part(textIn(row['message_id']) ?? '', data)
    },
    end() {
      told.end()
      if (broken > 0) sink.problem('transcript-row-broken', `${broken} rows`)
    },
  }
}
