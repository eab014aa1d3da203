/**
 * AI sessions whose work counts no more, by `TOOL/ID`, or by an id alone. Which tool it was is a claim like any other: an id that is revoked is
 * revoked under the name of another tool as well.
 */
import { unknownTool } from '../ai/named-sessions.ts'
import { globs, isTooLong } from '../ai/names.ts'
import type { Found } from './rule.ts'
import { placeOf, sessionSpan, sessionsMissing } from './sessions-seen.ts'
import { revokedRule } from './rule.ts'

const uriOfSession = /^urn:ai-session:([^:]+):(.+)$/

export const session = revokedRule({
  kind: 'session',
  hint: 'take out what the session wrote, or release without its changes',
  matches: (value, found) => isTooLong(found) || isSession(value, found),
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

/** So many letters of an id are no accident in one of another tool. */
const tellingLetters = 8

function isSession(value: string, found: string): boolean {
  const names = tailsOf(found)
  if (names.some(globs([value]))) return true
  const slash = value.indexOf('/')
  if (slash < 0) return false
  const id = value.slice(slash + 1)
  const letters = id.replaceAll('*', '').length
  // Of a session whose tool nobody knows any may be meant.
  if (found.slice(0, found.indexOf('/')).toLowerCase() === unknownTool) return letters === 0 || names.some(globs([id]))
  return (letters === id.length || letters >= tellingLetters) && names.some(globs([id]))
}

/** The whole, and what stands behind each slash: one of these is the id. */
function tailsOf(name: string): string[] {
  const parts = name.split('/')
  return parts.map((_, at) => parts.slice(at).join('/'))
}

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
