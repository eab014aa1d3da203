/**
 * Since April 2026 Cursor's window keeps what a file held before and after an edit apart from the message (`composer.content.<sha256>`), which names both.
 * Of these the lines that were added become part of the message: the record would else have every file as often as it was edited.
 */
import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import { argumentsIn } from './block-texts.ts'
import type { RowSource } from './formats/row.ts'
import { objectIn, textIn } from './members.ts'

/** Contents of one database that are looked at: somebody can name the same large ones any number of times. */
const mostCharacters = 512 * 1024 * 1024
/** One of them: a file that an agent edits is small. */
const mostBytes = 8 * 1024 * 1024

const emptyId = `composer.content.${createHash('sha256').digest('hex')}`

/** Gives each message whose edit names two contents the member `added`; where one of them is not there, the member is missing. */
export function addedByEdits(database: RowSource): (message: JsonObject) => JsonObject {
  const contents = contentsOf(database)
  return (message) => {
    const { before, after } = contentIds(objectIn(message['value']))
    if (after === undefined) return message
    const texts = [before ?? emptyId, after].map((it) => contents(it))
    const [old, made] = texts
    return old === undefined || made === undefined ? message : { ...message, added: addedLines(old, made) }
  }
}

export function contentIds(message: JsonObject | undefined): {
  before?: string | undefined
  after?: string | undefined
} {
  const said = textIn(objectIn(message?.['toolFormerData'])?.['result'])
  if (said === undefined || !said.includes('ContentId')) return {}
  const result = argumentsIn(said)
  const idIn = (member: string): string | undefined => {
    const id = textIn(result[member])
    return id === undefined || !/^composer\.content\.[0-9a-f]{1,128}$/.test(id) ? undefined : id
  }
  return { before: idIn('beforeContentId'), after: idIn('afterContentId') }
}

function contentsOf(database: RowSource): (id: string) => string | undefined {
  let left = mostCharacters
  let isIndexed: boolean | undefined
  let last: readonly [id: string, text: string | undefined] = ['', undefined]

  function look(id: string): string | undefined {
    isIndexed ??= hasIndex(database)
    if (id === emptyId) return ''
    if (!isIndexed || left <= 0) return undefined
    const [row] = database.all(
      `SELECT CASE WHEN length(CAST(value AS BLOB)) <= ${mostBytes} THEN CAST(value AS TEXT) END AS value
       FROM cursorDiskKV INDEXED BY ${index} WHERE key = ?`,
      id,
    )
    const text = textIn(row?.['value'])
    left -= text?.length ?? 0
    return text
  }

  return (id) => {
    // An edit mostly begins with what the one before it left.
    if (last[0] !== id) last = [id, look(id)]
    return last[1]
  }
}

const index = 'sqlite_autoindex_cursorDiskKV_1'

/** Of the keys alone: without it each look would go through the whole table, and with another one, too. */
function hasIndex(database: RowSource): boolean {
  const columns = [...database.all(`SELECT name FROM pragma_index_info('${index}')`)].map((it) => it['name'])
  return columns.length === 1 && columns[0] === 'key'
}

/** Lines of the second text that the first has not, or has less often. */
function addedLines(before: string, after: string): string {
  const had = new Map<string, number>()
  for (const line of before.split('\n')) had.set(line, (had.get(line) ?? 0) + 1)
  const added: string[] = []
  for (const line of after.split('\n')) {
    const left = had.get(line) ?? 0
    if (left > 0) had.set(line, left - 1)
    else added.push(line)
  }
  return added.join('\n')
}
