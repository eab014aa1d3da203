/** Models whose work counts no more, by the names that sessions give them. */
import { endsOf, globs, isTooLong } from '../ai/names.ts'
import { namedSessions } from '../ai/named-sessions.ts'
import type { NamedSession } from '../ai/named-sessions.ts'
import { unseen } from '../row.ts'
import type { RuleResult } from '../row.ts'
import type { Found } from './rule.ts'
import { sessionSpan, sessionsMissing } from './sessions-seen.ts'
import { revokedRule } from './rule.ts'

export const model = revokedRule({
  kind: 'model',
  hint: 'take out what the model wrote; a session that names no model may have used any',
  matches(value, found) {
    const isNamed = globs([value])
    // What no pattern can be compared with may be what is revoked.
    return isTooLong(found) || endsOf(found).some(isNamed)
  },
  look(seen, _, unknown) {
    const all = namedSessions(seen.ai)
    const found = all.flatMap(({ uri, said }): Found[] => {
      if (said === undefined) return []
      const agents = said.transcript?.agents?.flatMap(({ models }) => models) ?? []
      const common = { span: sessionSpan(said, seen), at: { session: uri } }
      return [...new Set([...said.models, ...(said.modelsSaid ?? []), ...agents])].map((name) => ({ name, ...common }))
    })
    const missing = all.filter(isSilent).map(({ uri }): RuleResult => {
      const at = { session: uri }
      return unknown === 'allow'
        ? { outcome: 'skipped', at, expected: 'the models of the session', note: 'waived by `ai.models.unknown`' }
        : { ...unseen('the models of the session', 'it names none'), at }
    })
    return { found, missing: [...sessionsMissing(seen), ...missing] }
  },
})

/** Of it, or of one of its agents, nobody says which model it was. One that only a change names has none either. */
function isSilent({ said }: NamedSession): boolean {
  const all = [said?.models ?? [], ...(said?.transcript?.agents ?? []).map(({ models }) => models)]
  return all.some((it) => it.length === 0 || it.some((name) => name.toLowerCase() === 'unknown'))
}
