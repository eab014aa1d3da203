/** Zed: one database of all threads of its agent, each as JSON, packed since 2025. A subagent is a thread with a parent. */
import { objectIn, textIn } from '../members.ts'
import { order, sessionRows } from '../session-rows.ts'
import { tellZedThread, versionOfThread } from '../zed-thread.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const zed: TranscriptFormat = {
  id: 'zed',
  title: 'Zed',
  tool: 'zed',
  basis: 'documented',
  source: 'zed-industries/zed crates/agent: db.rs, thread.rs, tools; what was refused in its tests',
  folders: {
    linux: ['$XDG_DATA_HOME/zed/threads', '~/.local/share/zed/threads'],
    darwin: ['~/Library/Application Support/Zed/threads'],
    win32: ['$LOCALAPPDATA/Zed/threads'],
  },
  body: {
    kind: 'database',
    tables: { threads: ['id', 'updated_at', 'data_type', 'data'] },
    blobs: ['data'],
    sessions: (database) =>
      sessionRows(
        database,
        {
          table: 'threads',
          query: `SELECT CAST(id AS TEXT) AS session, * FROM threads ${order('id')}`,
          json: ['data'],
        },
        [],
      ),
    open,
  },
}

/** The `0.3.0` of its threads. */
const newest = 3

function open({ sink }: Telling): RowReader {
  let broken = 0
  return {
    row(row) {
      sink.id(textIn(row['session']) ?? '')
      for (const it of [row['created_at'], row['updated_at']]) sink.time(textIn(it) ?? '')
      const thread = objectIn(row['data'])
      const parent = textIn(row['parent_id']) ?? textIn(objectIn(thread?.['subagent_context'])?.['parent_thread_id'])
      if (parent !== undefined) sink.parent(parent)
      else if (row['parent_id'] === null) sink.parent(null)
      if (thread === undefined) broken += 1
      else {
        if ((versionOfThread(thread) ?? newest) > newest) sink.problem('format-newer', 'a later version of its threads')
        tellZedThread(sink, thread, parent !== undefined)
      }
    },
    end() {
      if (broken > 0) sink.problem('transcript-row-broken', `${broken} rows`)
    },
  }
}
