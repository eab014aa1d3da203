/** A new session reader: its files, and the rows that it adds to files that are there. */
import { knownTools } from '../../src/collect/sessions/tools.ts'
import { camelOf } from './made.ts'
import type { AddedRow, Made } from './made.ts'

/** `name` has small letters, digits and dashes. */
export function newReader(name: string): Made {
  const known = knownTools.id(name)
  return {
    files: readerFiles(name, known ?? knownTools.slug(name)),
    rows: readerRows(name, known !== undefined),
    now: `npm run tables && npx vitest run test/contracts/session-reader.test.ts -t ${name}-note`,
  }
}

/**
 * Of a reader of the notes that one tool writes of itself: a line of JSON that says which lines of a commit a session wrote.
 * `tool` is the id under which the tool is known, or will be.
 */
function readerFiles(name: string, tool: string): Made['files'] {
  const camel = camelOf(name)
  const type = camel.charAt(0).toUpperCase() + camel.slice(1)
  return {
    [`src/collect/sessions/${name}/note-format.ts`]: noteFormat(name, type),
    [`src/collect/sessions/readers/${name}-note.ts`]: row(name, camel, type),
    [`test/contracts/readers/${name}-note.ts`]: world(name, tool),
    [`test/contracts/readers/${name}-note.json`]: sample(name),
  }
}

/** A row of the tool, where none is known that has its name, and one of the page. */
function readerRows(name: string, isKnown: boolean): AddedRow[] {
  return [
    ...(isKnown ? [] : [{ path: 'src/collect/sessions/agent-rows.ts', before: ']', text: toolRow(name) }]),
    {
      path: 'docs/evidence.md',
      behind: /^\| `agentblame-note`.*\n/m,
      text: `| \`${name}-note\` | \`refs/notes/${name}\` | sessions, models, versions, lines |\n`,
    },
  ]
}

const toolRow = (name: string): string => `  { id: '${name}', source: '${unsaid}' },\n`

/** Stands in a new row until somebody says it; a test refuses it (`test/collect/sessions/tools.test.ts`). */
const unsaid = 'say here where this was found'

const sample = (name: string): string => `{
  "recorder": "${name}",
  "version": 1,
  "session": "SESSION",
  "model": "gpt-5.4",
  "toolVersion": "2.1",
  "lines": [{ "path": "a.txt", "start": 1, "end": 1 }]
}
`

const row = (
  name: string,
  camel: string,
  type: string,
): string => `/** Reader \`${name}-note\`: what ${name} says of the lines of a commit. */
import { lineNoteReader } from '../line-notes.ts'
import { read${type}Note } from '../${name}/note-format.ts'

export const ${camel}Note = lineNoteReader({
  id: '${name}-note',
  title: '${name} notes in refs/notes/${name}',
  ref: 'refs/notes/${name}',
  read: read${type}Note,
})
`

const noteFormat = (name: string, type: string): string => `/**
 * Notes of ${name} (say here who writes them, and where that is described), one JSON object a commit:
 *
 *     {"recorder": "${name}", "version": 1, "session": "…", "model": "…", "toolVersion": "2.1",
 *      "lines": [{"path": "src/pay.ts", "start": 3, "end": 9}]}
 */
import { isList, memberAt, textAt } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { draftClaims } from '../line-claims.ts'
import type { LineClaims } from '../line-claims.ts'
import type { NoNote } from '../line-notes.ts'
import { modelName } from '../models.ts'
import { lineRange, recordJson } from '../record-json.ts'
import { sessionId } from '../session-id.ts'
import { toolVersion } from '../tool-version.ts'
import type { ToolTable } from '../tools.ts'

const newestVersion = 1

export function read${type}Note(contents: Buffer, tools: ToolTable): LineClaims | NoNote | undefined {
  const parsed = recordJson(contents, limits.noteBytes)
  if ('malformed' in parsed) return parsed
  // Another tool may write into the same ref: that is no fault of its note.
  if (textAt(parsed.json, 'recorder') !== '${name}') return undefined
  const [version, lines] = [memberAt(parsed.json, 'version'), memberAt(parsed.json, 'lines')]
  if (typeof version !== 'number' || version < 1) return { malformed: 'it has no version' }
  // A newer version is read as far as it fits, and that is said.
  const isNewer = version > newestVersion
  const id = textAt(parsed.json, 'session')
  if ((id === undefined || !isList(lines)) && !isNewer) return { malformed: 'it has no session, or no lines' }
  const draft = draftClaims()
  if (isNewer) draft.newer()
  const session = id === undefined ? undefined : sessionId(id)
  if (id !== undefined && session === undefined) draft.invalidId()
  const model = modelName(textAt(parsed.json, 'model') ?? '')
  const owner = draft.agent({
    tool: tools.slug('${name}'),
    session,
    toolVersion: toolVersion(textAt(parsed.json, 'toolVersion') ?? ''),
    models: model === undefined ? [] : [model],
  })
  for (const it of isList(lines) ? lines : []) {
    const [path, range] = [textAt(it, 'path'), lineRange(memberAt(it, 'start'), memberAt(it, 'end'))]
    if ((path === undefined || range === undefined) && isNewer) continue
    if (path === undefined || range === undefined) return { malformed: 'a range of it has no path, or no lines' }
    if (!draft.lines(path, owner, ...range)) return { malformed: \`it has more than \${limits.noteRanges} ranges of lines\` }
  }
  return draft.claims()
}
`

const world = (name: string, tool: string): string => `/** Notes of ${name}. */
import { readFileSync } from 'node:fs'
import { brokenNotes, notedIn } from '../reader-world.ts'
import type { ReaderWorld } from '../reader-world.ts'

const sample = readFileSync(new URL('${name}-note.json', import.meta.url), 'utf8')
const note = (session: string, said: object = {}): string =>
  JSON.stringify({ ...(JSON.parse(sample.replace('SESSION', session)) as object), ...said })

export const world: ReaderWorld = {
  tool: '${tool}',
  says: { toolVersion: '2.1', lines: 1 },
  claim: (scratch, id) => notedIn(scratch, '${name}', () => note(id)),
  hostile: {
    ...brokenNotes('${name}'),
    'an id that is an address': (it) => notedIn(it, '${name}', () => note('ann@example.org')),
    'lines that never end': (it) => notedIn(it, '${name}', () => note('x', { lines: [{ path: 'a.txt', start: 1, end: 1e300 }] })),
    'lines that are no list': (it) => notedIn(it, '${name}', () => note('x', { lines: { 'a.txt': [[1, 1]] } })),
    'a note of another tool': (it) => notedIn(it, '${name}', () => note('x', { recorder: 'another' })),
  },
}
`
