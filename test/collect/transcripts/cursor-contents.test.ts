/** What Cursor keeps of edited files apart from the messages, and what somebody makes of that. */
import { expect, test } from 'vitest'
import { addedByEdits } from '../../../src/collect/transcripts/cursor-contents.ts'
import type { RowSource } from '../../../src/collect/transcripts/formats/row.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { insert, madeDatabase } from './samples/made-database.ts'
import { one } from './samples/sample.ts'

const content = (at: number): string => `composer.content.${String(at).padStart(64, '0')}`
const edited = (before: number, after: number): JsonObject => ({
  type: 2,
  toolFormerData: {
    ...{ name: 'edit_file_v2', toolCallId: `c${after}`, status: 'completed' },
    params: JSON.stringify({ relativeWorkspacePath: 'a.ts' }),
    result: JSON.stringify({ beforeContentId: content(before), afterContentId: content(after) }),
  },
})

const rows = insert(
  'cursorDiskKV',
  [content(1), 'const first = 1'],
  [content(2), 'const first = 1\nconst greeting = 1'],
  [`composerData:${one}`, { _v: 18, fullConversationHeadersOnly: [{ bubbleId: 'b' }] }],
  [`bubbleId:${one}:b`, edited(1, 2)],
)

test.each([
  ['without an index', 'key TEXT, value BLOB', 0],
  ['with an index of something else', 'key TEXT, value BLOB, UNIQUE (value, key)', 0],
  ['with an index of more', 'key TEXT, value BLOB, UNIQUE (key, value)', 0],
  ['as Cursor makes it', 'key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB', 1],
])('of a table %s contents are read only where each is found at once', async (_, columns, lines) => {
  const read = await readTranscriptFile(madeDatabase(`CREATE TABLE cursorDiskKV (${columns}); ${rows}`), 'x.vscdb')
  expect(read).toMatchObject({
    transcripts: [
      {
        session: { session: one, edits: [{ path: 'a.ts', lines: { length: lines } }] },
        problems: lines === 0 ? [{ code: 'transcript-incomplete' }] : [],
      },
    ],
  })
})

test('the same large contents, named again and again, are looked at until they are too many', () => {
  const large = 'x'.repeat(8_000_000)
  let looks = 0
  const source: RowSource = {
    *all(query) {
      if (query.includes('pragma_index_info')) yield { name: 'key' }
      else {
        looks += 1
        yield { value: large }
      }
    },
  }
  const withAdded = addedByEdits(source)
  const messages = Array.from({ length: 500 }, (_, at) => withAdded({ value: edited(at, at + 1) }))
  expect(looks).toBeLessThan(100)
  expect([messages[0]?.['added'], messages.at(-1)?.['added']]).toEqual(['', undefined])
})

test('an edit that names what is no content is left as it is', () => {
  const source: RowSource = {
    all: () => {
      throw new Error('nothing is to be asked')
    },
  }
  for (const id of [
    '',
    'composer.content.',
    'ItemTable',
    'composer.content.%',
    `composer.content.${'0'.repeat(200)}`,
  ]) {
    const message = {
      value: { toolFormerData: { result: JSON.stringify({ beforeContentId: id, afterContentId: id }) } },
    }
    expect(addedByEdits(source)(message)).toBe(message)
  }
})
