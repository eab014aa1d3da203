/** Models whose work counts no more, by the names that sessions give them. */
import { compilePattern } from '../../../model/identity.ts'
import { small } from '../../github-names.ts'
import { unseen } from '../row.ts'
import type { RuleResult } from '../row.ts'
import type { Found } from './rule.ts'
import { placeOf, sessionSpan, sessionsMissing } from './sessions-seen.ts'
import { revokedRule } from './rule.ts'

export const model = revokedRule({
  kind: 'model',
  hint: 'take out what the model wrote; a session that names no model may have used any',
  matches: (value, found) => compilePattern(small(value), 'the model that is revoked').matches(small(found)),
  look(seen, _, unknown) {
    const { sessions = [] } = seen.ai
    const found = sessions.flatMap((it): Found[] => {
      const agents = it.transcript?.agents?.flatMap(({ models }) => models) ?? []
      const common = { span: sessionSpan(it, seen), at: placeOf(it) }
      return [...new Set([...it.models, ...(it.modelsSaid ?? []), ...agents])].map((name) => ({ name, ...common }))
    })
    const silent = sessions.filter((it) => it.models.length === 0)
    const missing = silent.map((it): RuleResult => {
      const at = placeOf(it)
      return unknown === 'allow'
        ? { outcome: 'skipped', at, expected: 'the models of the session', note: 'waived by `ai.models.unknown`' }
        : { ...unseen('the models of the session', 'it names none'), at }
    })
    return { found, missing: [...sessionsMissing(seen), ...missing] }
  },
})
