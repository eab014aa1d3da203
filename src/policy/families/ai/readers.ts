/** Readers of evidence that must have looked: what one of them did not see is not known. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { hasLooked } from './looked.ts'

export const readers: AiRule = {
  id: 'ai/readers',
  hint: 'have the job fetch what the reader reads: the notes that are said not to be in the clone, or with a token of the forge or tracker',
  check({ ai: asked }, { ai }) {
    if (asked?.readers === undefined) return undefined
    const { mustLook } = asked.readers
    const expected = 'that it looked'
    if (ai.readers === undefined || ai.readers.length === 0) return [unseen(expected, 'no reader is told')]
    const outcomes = Map.groupBy(ai.readers, ({ reader }) => reader)
    const names = mustLook === 'all' ? [...outcomes.keys()] : mustLook
    const failing = names.flatMap((name): RuleResult[] => {
      const own = outcomes.get(name) ?? []
      const bad = own.find(({ outcome }) => !hasLooked(outcome))
      if (own.length > 0 && bad === undefined) return []
      const found = `${name}: ${bad?.outcome ?? 'nobody says what came of it'}`
      const missed = bad === undefined ? {} : { unseen: [{ reader: name, outcome: bad.outcome }] }
      return [{ outcome: 'fail', code: 'reader-not-looked', expected, found, ...missed }]
    })
    return failing.length > 0 ? failing : [{ outcome: 'pass', expected, found: `${names.length} readers` }]
  },
}
