/** Which models may have written, by their normal forms; also those of agents that a session started. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { sessionsMissing } from './looked.ts'
import { refuser } from './names.ts'
import { namedSessions, sessionWords } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'

export const models: AiRule = {
  id: 'ai/models',
  hint: 'have another model write it, or let the policy name this one',
  check({ ai: asked }, { ai }) {
    if (asked?.models === undefined) return undefined
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen('models of all sessions', missing)]
    const { unknown = 'deny' } = asked.models
    const refuse = refuser(asked.models)
    const all = namedSessions(ai)
    const failing = all.flatMap((session) => {
      const at = { session: session.uri }
      return modelsOf(session).flatMap(({ model, others }): RuleResult[] => {
        if (model === undefined) {
          if (unknown === 'allow') return []
          return [{ outcome: 'fail', code: 'model-unknown', at, expected: 'a model that is named', found: 'unknown' }]
        }
        const expected = refuse(model, others)
        return expected === undefined ? [] : [{ outcome: 'fail', code: 'model-refused', at, expected, found: model }]
      })
    })
    return failing.length > 0 ? failing : [{ outcome: 'pass', found: sessionWords(all.length) }]
  },
}

interface Named {
  readonly model: string | undefined
  readonly others: readonly string[]
}

/** Of a session, and of each of its agents, one at least: the unknown one where none is named. */
export function modelsOf({ said }: Pick<NamedSession, 'said'>): Named[] {
  const others = said?.modelsSaid ?? []
  const all = [said?.models ?? [], ...(said?.transcript?.agents ?? []).map((it) => it.models)]
  const named = all.flatMap((of) => (of.length === 0 ? [undefined] : of))
  return [...new Set(named.map((it) => (it?.toLowerCase() === 'unknown' ? undefined : it)))].map((model) => ({
    model,
    others,
  }))
}
