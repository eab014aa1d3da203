/** Sessions as the rules see them: those that are described, and those that only changes name. */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import { levels } from '../../../model/session.ts'
import type { Level, Session } from '../../../model/session.ts'
import { sessionUri, toolOfUri } from '../../../predicates/session.ts'

/** A tool that nobody named. */
export const unknownTool = 'unknown'

export interface NamedSession {
  readonly uri: string
  readonly tool: string
  readonly level: Level
  /** Undefined where changes name it and nothing describes it. */
  readonly said: Session | undefined
}

/** Each once, as it was described. What only a change names counts with the least that can be said of it. */
export function namedSessions({ sessions, changes }: AiEvidence): readonly NamedSession[] {
  const described = (sessions ?? []).map((said): NamedSession => ({
    ...{ uri: sessionUri(said.tool, said.id), tool: said.tool, said },
    // A tool that is named without a session is a name that somebody wrote, whatever else stands there.
    level: said.id === undefined ? 'claimed' : said.level,
  }))
  const known = new Set(described.map(({ uri }) => uri))
  const others = new Set((changes ?? []).flatMap((it) => (it.sessions ?? []).map(({ uri }) => uri)))
  return [
    ...described,
    ...[...others]
      .filter((uri) => !known.has(uri))
      .map((uri): NamedSession => ({
        ...{ uri, tool: toolOfUri(uri) ?? unknownTool, level: 'claimed', said: undefined },
      })),
  ]
}

export function isBelow(level: Level, least: Level): boolean {
  return levels.indexOf(level) < levels.indexOf(least)
}

/** How many, in words. */
export function sessionWords(count: number): string {
  return count === 0 ? 'no session was found' : count === 1 ? '1 session' : `${count} sessions`
}
