/** AI sessions whose work counts no more, by `TOOL/ID`. */
import { globs, isTooLong } from '../ai/names.ts'
import type { Found } from './rule.ts'
import { placeOf, sessionSpan, sessionsMissing } from './sessions-seen.ts'
import { revokedRule } from './rule.ts'

const uriOfSession = /^urn:ai-session:([^:]+):(.+)$/

export const session = revokedRule({
  kind: 'session',
  hint: 'take out what the session wrote, or release without its changes',
  matches: (value, found) => isTooLong(found) || globs([value])(found),
  look(seen) {
    const { sessions = [], changes = [] } = seen.ai
    const own = sessions.flatMap((it): Found[] => {
      const common = { span: sessionSpan(it, seen), at: placeOf(it) }
      const agents = it.transcript?.agents?.map(({ id }) => id) ?? []
      const parents = typeof it.parent === 'string' ? [it.parent] : []
      return [it.id ?? '', ...agents, ...parents].flatMap((id) =>
        namesOf(it.tool, id).map((name) => ({ name, ...common })),
      )
    })
    // Named by a change alone, nothing says when it was at work.
    const span = { earliest: Number.NaN, latest: Number.NaN }
    const ofChanges = changes.flatMap(({ commit, sessions: named = [] }) =>
      named.flatMap(({ uri }): Found[] => {
        const name = nameIn(uri)
        const isKnown = name === undefined || own.some((it) => it.name === name)
        return isKnown ? [] : [{ name, span, at: { commit, session: uri } }]
      }),
    )
    return { found: [...own, ...ofChanges], missing: sessionsMissing(seen) }
  },
})

/** A parent or an agent may be written with its tool. */
function namesOf(tool: string, id: string): string[] {
  const name = nameIn(id)
  return name === undefined ? [`${tool}/${id}`] : [name]
}

function nameIn(uri: string): string | undefined {
  const [, tool, id] = uriOfSession.exec(uri) ?? []
  return tool === undefined || id === undefined ? undefined : `${decoded(tool)}/${decoded(id)}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
