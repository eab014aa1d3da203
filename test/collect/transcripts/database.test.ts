import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { limits } from '../../../src/model/limits.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import type { ReadOptions } from '../../../src/collect/transcripts/file-read.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'
import { insert, madeDatabase, madeFolder } from './samples/made-database.ts'
import { opencodeRows, opencodeTables } from './samples/opencode.ts'

// A folder for temporary files that nobody else uses.
beforeEach(() => {
  vi.stubEnv('TMPDIR', madeFolder())
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** The code of what is wrong, `unknown` for no transcript, or how many sessions there are. */
async function outcome(path: string, options?: ReadOptions): Promise<string | number> {
  const read = await readTranscriptFile(path, 'made.db', options)
  if (read === undefined) return 'unknown'
  return 'problem' in read ? read.problem.code : read.transcripts.length
}

async function transcripts(path: string): Promise<readonly ReadTranscript[]> {
  const read = await readTranscriptFile(path, 'made.db')
  return read !== undefined && 'transcripts' in read ? read.transcripts : []
}

/** A database whose bytes somebody changed. */
function changed(sql: string, change: (bytes: Buffer) => Buffer | undefined): string {
  const path = madeDatabase(sql)
  const bytes = readFileSync(path)
  writeFileSync(path, change(bytes) ?? bytes)
  return path
}

const endless = `WITH RECURSIVE more(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM more)`

test.each([
  [
    'a view without an end in the place of a table',
    `${opencodeTables} DROP TABLE session; CREATE VIEW session (id, parent_id, version, time_created)
     AS ${endless} SELECT id, id, id, id FROM more;`,
  ],
  [
    'a virtual table',
    `${opencodeTables} DROP TABLE session; CREATE VIRTUAL TABLE session USING fts5(id, parent_id, version, time_created);`,
  ],
  [
    'a column that is computed',
    `${opencodeTables} ALTER TABLE session ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(1000000))) VIRTUAL;`,
  ],
])('%s is refused', async (_, sql) => {
  expect(await outcome(madeDatabase(sql))).toBe('transcript-malformed')
})

test('tables of nobody are no transcript', async () => {
  expect(await outcome(madeDatabase('CREATE TABLE session (id TEXT); CREATE TABLE message (id TEXT);'))).toBe('unknown')
  expect(await outcome(madeDatabase(opencodeTables.replace('version TEXT', 'vers TEXT')))).toBe('unknown')
})

test.each<[string, (bytes: Buffer) => Buffer | undefined]>([
  ['the magic alone', (bytes) => bytes.subarray(0, 16)],
  ['a file header alone', (bytes) => bytes.subarray(0, 100)],
  ['half a page', (bytes) => bytes.subarray(0, 2_000)],
  ['the half of its pages', (bytes) => bytes.subarray(0, 4_096 * 3)],
  ['a page size of nothing', (bytes) => void bytes.writeUInt16BE(0, 16)],
  ['pages of zeros', (bytes) => void bytes.fill(0, 4_096)],
  ['pages of noise', (bytes) => void bytes.fill(0xa5, 4_096)],
])('%s is malformed', async (_, change) => {
  expect(await outcome(changed(opencodeRows, change))).toBe('transcript-malformed')
})

/** Pages of 512 bytes, each of which leads to the next one forty times: as many rows as nobody can count. */
function maze(first: number, depth: number, leaf: Buffer): Buffer {
  const pages = Array.from({ length: depth }, (_, level) => {
    const page = Buffer.alloc(512)
    const cells = 40
    page.writeUInt8(0x05, 0)
    page.writeUInt16BE(cells, 3)
    page.writeUInt16BE(512 - 5 * cells, 5)
    page.writeUInt32BE(first + level + 1, 8)
    for (let cell = 0; cell < cells; cell += 1) {
      const at = 512 - 5 * (cell + 1)
      page.writeUInt16BE(at, 12 + 2 * cell)
      page.writeUInt32BE(first + level + 1, at)
      page.writeUInt8(cell + 1, at + 4)
    }
    return page
  })
  return Buffer.concat([...pages, leaf])
}

/** With the number of its pages in the header. */
function grown(bytes: Buffer, more: Buffer): Buffer {
  const all = Buffer.concat([bytes, more])
  all.writeUInt32BE(all.length / 512, 28)
  return all
}

test('a table whose pages lead to each other again and again is refused before a row of it is read', async () => {
  const path = changed(`PRAGMA page_size = 512; VACUUM; ${opencodeRows}`, (bytes) => {
    const root = rootOf('session')
    const leaf = Buffer.from(bytes.subarray((root - 1) * 512, root * 512))
    const pages = bytes.length / 512
    const made = maze(pages + 1, 14, leaf)
    made.copy(bytes, (root - 1) * 512, 0, 512) // its root leads to where the maze begins
    bytes.fill(0, root * 512 - 512, root * 512)
    maze(pages, 1, Buffer.alloc(0)).copy(bytes, (root - 1) * 512)
    return grown(bytes, made)
  })
  expect(await outcome(path)).toBe('transcript-malformed')

  function rootOf(table: string): number {
    const database = new DatabaseSync(madeDatabase(`PRAGMA page_size = 512; VACUUM; ${opencodeRows}`))
    const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)
    database.close()
    return Number(row?.['rootpage'])
  }
})

test('so is the table of its tables, which SQLite reads before it answers', async () => {
  // A row of an index that the tool made for itself may be there any number of times.
  const sql = 'PRAGMA page_size = 512; VACUUM; CREATE TABLE session (id TEXT PRIMARY KEY);'
  const path = changed(sql, (bytes) => {
    const pages = bytes.length / 512
    const first = Buffer.from(bytes.subarray(0, 512))
    // The two rows of the schema, as a page of its own: cells stay where they are, the header moves to its start.
    const leaf = Buffer.from(first)
    first.copy(leaf, 0, 100, 100 + 8 + 2 * first.readUInt16BE(103))
    const again = Buffer.from(leaf)
    again.writeUInt16BE(1, 3)
    again.writeUInt16BE(leaf.readUInt16BE(10), 8)
    const rest = maze(pages + 2, 14, again)
    // Page 1: first the table and its index, then all the rest.
    bytes.fill(0, 100, 512)
    bytes.writeUInt8(0x05, 100)
    bytes.writeUInt16BE(1, 103)
    bytes.writeUInt16BE(500, 105)
    bytes.writeUInt32BE(pages + 2, 108)
    bytes.writeUInt16BE(500, 112)
    bytes.writeUInt32BE(pages + 1, 500)
    bytes.writeUInt8(2, 504)
    return grown(bytes, Buffer.concat([leaf, rest]))
  })
  expect(await outcome(path)).toBe('transcript-malformed')
})

test('columns of another kind than they should be are passed over', async () => {
  const path = madeDatabase(
    [
      opencodeTables,
      `INSERT INTO session VALUES ('ses-1', 7, x'00', 9007199254740993, 'no JSON');`,
      `INSERT INTO session VALUES (x'ff00', NULL, NULL, NULL, NULL);`,
      `INSERT INTO session VALUES (NULL, NULL, NULL, NULL, NULL);`,
      `INSERT INTO message VALUES ('m1', 'ses-1', 'late', '[1]'), ('m2', 'ses-1', 1e999, x'7b7d'), (NULL, NULL, 1, '{}');`,
      insert('message', ['m3', 'ses-1', 1, { role: 'assistant', modelID: 'gpt-5' }]),
      insert('part', ['p1', null, 'ses-1', 1, { type: 'tool', state: [] }], ['p2', 'm3', 'ses-9', 1, '{']),
    ].join('\n'),
  )
  const [first, ...more] = await transcripts(path)
  expect(more).toEqual([])
  expect(first?.session).toMatchObject({ session: 'ses-1', models: ['gpt-5'], toolVersions: [], iterations: 1 })
  expect(first?.problems.map((it) => it.code)).toEqual(['transcript-row-broken'])
})

test('what is newest stands in the log of writes beside it', async () => {
  const folder = madeFolder()
  const path = join(folder, 'opencode.db')
  const database = new DatabaseSync(path)
  onTestFinished(() => {
    database.close()
  })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${opencodeTables}`)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.exec(opencodeRows.replace(opencodeTables, ''))
  const before = look(folder)
  const left = leftBehind()
  expect((await transcripts(path)).map((it) => it.session.session)).toEqual(['ses-1'])
  // Nothing of theirs is written or locked, and no copy stays.
  expect(look(folder)).toEqual(before)
  expect(leftBehind()).toEqual(left)

  // A log that is cut is read to its last whole transaction; one of noise is none.
  const cut = join(madeFolder(), 'cut.db')
  copyFileSync(path, cut)
  writeFileSync(`${cut}-wal`, readFileSync(`${path}-wal`).subarray(0, 20_000))
  expect(await transcripts(cut)).toMatchObject([{ session: { session: 'ses-1', iterations: 0 } }])
  writeFileSync(`${cut}-wal`, Buffer.alloc(40_000, 0xa5))
  expect(await outcome(cut)).toBe(0)
})

function look(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name))
    return [name, size, mtimeMs, readFileSync(join(folder, name)).toString('base64')]
  })
}

function leftBehind(): readonly string[] {
  return readdirSync(tmpdir()).filter((it) => it.startsWith('countersign-database-'))
}

test('a log that is a link is not followed where links are refused', async () => {
  const path = madeDatabase(opencodeRows)
  symlinkSync(join(dirname(path), 'made.db'), `${path}-wal`)
  expect(await outcome(path, { links: 'refuse' })).toBe('transcript-unreadable')
})

test('nothing is left behind of a database that is broken', async () => {
  const left = leftBehind()
  const path = madeDatabase(opencodeRows)
  truncateSync(path, 9_000)
  expect(await outcome(path)).toBe('transcript-malformed')
  expect(leftBehind()).toEqual(left)
})

test('bounds: of the database with its log, of a row, of a session', async () => {
  const bounds = { ...limits, transcriptDatabaseBytes: 30_000 }
  const path = madeDatabase(opencodeRows)
  expect(await outcome(path, { bounds })).toBe(1)
  appendFileSync(`${path}-wal`, Buffer.alloc(10_000))
  expect(await outcome(path, { bounds })).toBe('transcript-too-large')
  const other = madeDatabase(opencodeRows)
  expect(await outcome(other, { bounds: { ...limits, transcriptRowBytes: 100 } })).toBe('transcript-too-large')
  expect(await outcome(other, { bounds: { ...limits, transcriptBytes: 500 } })).toBe('transcript-too-large')
})

test('the record of a session is the same whatever else the database holds', async () => {
  const other = insert('session', ['ses-0', null, '1.0.0', 1, null])
  const message = insert('message', ['msg-0', 'ses-0', 1, { role: 'assistant', modelID: 'gpt-5' }])
  const [alone] = await transcripts(madeDatabase(opencodeRows))
  const both = await transcripts(madeDatabase(`${opencodeRows} ${other} ${message}`))
  expect(both.map((it) => it.session.session)).toEqual(['ses-0', 'ses-1'])
  expect(both[1]?.digest).toBe(alone?.digest)
})

test('secrets in a column of JSON do not reach the record', async () => {
  const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  const pieces: string[] = []
  const sql = [
    opencodeTables,
    insert('session', ['ses-1', null, '1.2.10', 1, null]),
    insert('message', ['msg-1', 'ses-1', 1, { role: 'user' }]),
    insert('part', ['prt-1', 'msg-1', 'ses-1', 1, { type: 'text', text: `use ${secret} there` }]),
  ].join('\n')
  const read = await readTranscriptFile(madeDatabase(sql), 'made.db', {
    keep: { piece: (bytes) => pieces.push(Buffer.from(bytes).toString()), end: () => undefined },
  })
  expect(read).toMatchObject({ transcripts: [{ redactions: 1 }] })
  expect(pieces.join('')).toContain('[redacted]')
  expect(pieces.join('')).not.toContain(secret)
})

test('no byte that is changed makes it throw', async () => {
  const path = madeDatabase(opencodeRows)
  const bytes = readFileSync(path)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const made = Buffer.from(bytes)
        for (const [at, value] of changes) made.writeUInt8(value, at)
        writeFileSync(path, made)
        expect(['string', 'number']).toContain(typeof (await outcome(path)))
      },
    ),
    { numRuns: 25 },
  )
})
