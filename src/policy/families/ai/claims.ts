/** Claims that are refused: they point to nothing, nobody makes them, or they disagree with each other or with what was found. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { findingKinds } from './finding-kinds.ts'
import { sessionsMissing } from './looked.ts'
import { namedSessions } from './named-sessions.ts'

export const claims: AiRule = {
  id: 'ai/claims',
  hint: 'docs/policy/ai.md says which findings these are, and what mends each',
  check({ ai: asked }, { ai }) {
    if (asked?.claims === undefined) return undefined
    const { refuse } = asked.claims
    const expected = `no claim that is ${refuse.join(' or ')}`
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen(expected, missing)]
    const findings = Object.entries(ai.attribution?.findings ?? {}).filter(([, count]) => count > 0)
    const found = findings.flatMap(([code, count]): RuleResult[] => {
      // What a later version found may be any of it.
      if (!findingKinds.has(code)) return [unseen(expected, `${code}, which this version does not know`)]
      const kind = findingKinds.get(code)
      if (kind === undefined || !refuse.includes(kind)) return []
      return [{ outcome: 'fail', code: 'claims-refused', expected, found: `${code} (${kind}): ${count}` }]
    })
    const dangling = namedSessions(ai).flatMap(({ uri, said }): RuleResult[] => {
      if (said !== undefined || !refuse.includes('dangling')) return []
      const words = 'a change names it, and nothing describes it'
      return [{ outcome: 'fail', code: 'claims-refused', at: { session: uri }, expected, found: words }]
    })
    const failing = [...found, ...dangling]
    return failing.length > 0 ? failing : [{ outcome: 'pass', expected, found: 'none' }]
  },
}
