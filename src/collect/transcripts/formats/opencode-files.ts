/** opencode before 1.2: `storage/session/<project>/<id>.json`, `storage/message/<session>/<id>.json`, `storage/part/<message>/<id>.json`. */
import { objectIn, textIn } from '../members.ts'
import { newOpencodeTelling } from '../opencode-messages.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const opencodeFiles: TranscriptFormat = {
  id: 'opencode-files',
  title: 'opencode, files',
  tool: 'opencode',
  basis: 'seen',
  source: 'git-ai-project/git-ai; where the file of a session lies is guessed',
  folders: {
    linux: ['$XDG_DATA_HOME/opencode/storage', '~/.local/share/opencode/storage'],
    darwin: ['$XDG_DATA_HOME/opencode/storage', '~/.local/share/opencode/storage'],
    win32: ['$XDG_DATA_HOME/opencode/storage', '~/.local/share/opencode/storage'],
  },
  body: { kind: 'files', sessions, open },
}

const place = /^(|.*\/)(session|message|part)\/([^/]+)\/([^/]+)\.json$/

/** A session is where messages are; each message stands before its parts. */
function sessions(paths: readonly string[]): readonly { readonly name: string; readonly files: readonly string[] }[] {
  const heads = new Map<string, string>()
  const messages = new Map<string, { readonly id: string; readonly path: string }[]>()
  const parts = new Map<string, string[]>()
  for (const path of paths) {
    const [, root = '', kind, of = '', id = ''] = place.exec(path) ?? []
    // Ids hold no slash, so the root and an id are apart.
    if (kind === 'session') heads.set(root + id, path)
    else if (kind === 'message') add(messages, root + of, { id: root + id, path })
    else if (kind === 'part') add(parts, root + of, path)
  }
  return [...messages].map(([name, own]) => ({
    name,
    files: [
      ...[heads.get(name)].filter((it) => it !== undefined),
      ...[...own]
        .sort((a, b) => compare(a.id, b.id))
        .flatMap(({ id, path }) => [path, ...(parts.get(id) ?? []).sort(compare)]),
    ],
  }))
}

function add<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [value])
  else list.push(value)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function open({ sink }: Telling): RowReader {
  const told = newOpencodeTelling(sink)
  return {
    row(row) {
      const json = objectIn(row['json'])
      const [, , kind, of] = place.exec(textIn(row['path']) ?? '') ?? []
      if (json === undefined || kind === undefined) return
      if (kind === 'session') {
        told.session(textIn(json['id']) ?? '', {
          version: textIn(json['version']),
          parent: json['parentID'] === undefined ? null : textIn(json['parentID']),
        })
        const revert = objectIn(json['revert'])
        const message = textIn(revert?.['messageID'])
        if (message !== undefined && textIn(revert?.['partID']) === undefined) told.reverted(message)
      } else if (kind === 'message') {
        sink.id(textIn(json['sessionID']) ?? of ?? '')
        told.message(textIn(json['id']) ?? '', json)
      } else told.part(textIn(json['messageID']) ?? of ?? '', json)
    },
    end: () => told.end(),
  }
}
