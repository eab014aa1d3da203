/** Which models may have written, by their normal forms; also those of agents that a session started. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { commitWords } from './change-words.ts'
import { sessionsMissing } from './looked.ts'
import { refusedSteps, refuser } from './names.ts'
import { namedSessions, sessionWords } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'

const remedy =
  'author: have another model, or a person, write these changes anew in place of that commit (git rebase -i), then force-push'

const nameModel =
  'give the transcript or the record of the session, which name the model (`transcripts`, `fetch`), and run it again'

export const models: AiRule = {
  id: 'ai/models',
  hint: remedy,
  check({ ai: asked }, { ai }) {
    if (asked?.models === undefined) return undefined
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen('models of all sessions', missing)]
    const { unknown = 'deny' } = asked.models
    const refuse = refuser(asked.models)
    const all = namedSessions(ai)
    const failing = all.flatMap((session) => {
      const at = { session: session.uri }
      const where = commitWords(session.said?.commits ?? [], ai)
      const words = (name: string): string => (where === '' ? name : `${name}, in ${where}`)
      return modelsOf(session).flatMap(({ model, others }): RuleResult[] => {
        if (model === undefined) {
          if (unknown === 'allow') return []
          const expected = 'a model that is named'
          return [{ outcome: 'fail', code: 'model-unknown', at, expected, found: words('unknown'), note: nameModel }]
        }
        const refused = refuse(model, others)
        if (refused === undefined) return []
        const { expected } = refused
        const steps = refusedSteps(refused, 'model', remedy)
        return [{ outcome: 'fail', code: 'model-refused', at, expected, found: words(model), ...steps }]
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
