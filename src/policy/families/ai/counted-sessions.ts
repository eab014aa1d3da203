/** Rules that count something in each session: over the limit is over it, and what nobody counted is not none. */
import type { ErrorCode } from '../../../errors.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { sessionsMissing } from './looked.ts'
import { namedSessions, sessionWords } from './named-sessions.ts'
import type { NamedSession } from './named-sessions.ts'

interface Counting extends Pick<AiRule, 'id' | 'hint'> {
  readonly code: ErrorCode
  /** What is counted, in words. */
  readonly what: string
  readonly limitOf: (asked: AiSection) => number | undefined
  /** How many there are at least, and whether these are all. */
  readonly countOf: (
    session: NamedSession,
    all: readonly NamedSession[],
  ) => { readonly least: number; readonly isKnown: boolean }
}

export function counting({ id, hint, code, what, limitOf, countOf }: Counting): AiRule {
  return {
    id,
    hint,
    check({ ai: asked }, { ai }) {
      const limit = asked === undefined ? undefined : limitOf(asked)
      if (limit === undefined) return undefined
      const expected = `at most ${limit} ${what}`
      const missing = sessionsMissing(ai)
      if (missing !== undefined) return [unseen(expected, missing)]
      const all = namedSessions(ai)
      const failing = all.flatMap((session): RuleResult[] => {
        const at = { session: session.uri }
        const { least, isKnown } = countOf(session, all)
        if (least > limit) return [{ outcome: 'fail', code, at, expected, found: String(least) }]
        return isKnown ? [] : [{ ...unseen(expected, 'nobody counted them'), at }]
      })
      return failing.length > 0 ? failing : [{ outcome: 'pass', expected, found: sessionWords(all.length) }]
    },
  }
}
