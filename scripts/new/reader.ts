/** The files of a new session reader, each with its text. */

/** Of a reader of notes that say, in a line of JSON, which lines of a commit a session wrote. `name` has small letters, digits and dashes. */
export function readerFiles(name: string): { readonly [path: string]: string } {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const type = camel.charAt(0).toUpperCase() + camel.slice(1)
  return {
    [`src/collect/sessions/${name}/note-format.ts`]: noteFormat(name, type),
    [`src/collect/sessions/readers/${name}-note.ts`]: row(name, camel, type),
    [`test/contracts/readers/${name}-note.ts`]: world(name),
    [`test/contracts/readers/${name}-note.json`]: sample,
  }
}

const sample = `{
  "version": 1,
  "tool": "codex",
  "session": "SESSION",
  "model": "gpt-5.4",
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
 *     {"version": 1, "tool": "codex", "session": "…", "model": "…", "lines": [{"path": "src/pay.ts", "start": 3, "end": 9}]}
 */
import { isList, memberAt, textAt } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { draftClaims } from '../line-claims.ts'
import type { LineClaims } from '../line-claims.ts'
import type { NoNote } from '../line-notes.ts'
import { modelName } from '../models.ts'
import { lineRange, recordJson } from '../record-json.ts'
import { sessionId } from '../session-id.ts'
import type { ToolTable } from '../tools.ts'

const newestVersion = 1

export function read${type}Note(contents: Buffer, tools: ToolTable): LineClaims | NoNote {
  const parsed = recordJson(contents, limits.noteBytes)
  if ('malformed' in parsed) return parsed
  const version = memberAt(parsed.json, 'version')
  if (typeof version !== 'number' || version < 1) return { malformed: 'it has no version' }
  const [tool, lines] = [textAt(parsed.json, 'tool'), memberAt(parsed.json, 'lines')]
  // A newer version is read as far as it fits, and that is said.
  const isNewer = version > newestVersion
  if (tool === undefined || (!isList(lines) && !isNewer)) return { malformed: 'it has no tool, or no lines' }
  const draft = draftClaims()
  if (isNewer) draft.newer()
  const named = textAt(parsed.json, 'session')
  const session = named === undefined ? undefined : sessionId(named)
  if (named !== undefined && session === undefined) draft.invalidId()
  const model = modelName(textAt(parsed.json, 'model') ?? '')
  const owner = draft.agent({
    tool: tools.slug(tool),
    session,
    toolVersion: undefined,
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

const world = (name: string): string => `/** Notes of ${name}. */
import { readFileSync } from 'node:fs'
import { brokenNotes, notedIn } from '../reader-world.ts'
import type { ReaderWorld } from '../reader-world.ts'

const sample = readFileSync(new URL('${name}-note.json', import.meta.url), 'utf8')
const note = (session: string, said: object = {}): string =>
  JSON.stringify({ ...(JSON.parse(sample.replace('SESSION', session)) as object), ...said })

export const world: ReaderWorld = {
  claim: (scratch, id) => notedIn(scratch, '${name}', () => note(id)),
  hostile: {
    ...brokenNotes('${name}'),
    'an id that is an address': (it) => notedIn(it, '${name}', () => note('ann@example.org')),
    'lines that never end': (it) => notedIn(it, '${name}', () => note('x', { lines: [{ path: 'a.txt', start: 1, end: 1e300 }] })),
  },
}
`
