/** How many answers a model may have given in one session. */
import type { AiRule } from '../row.ts'
import { counting } from './counted-sessions.ts'

export const iterations: AiRule = counting({
  id: 'ai/iterations',
  hint: 'ask for less in one session: split the change over several',
  code: 'iterations-exceeded',
  what: 'answers of a model in one session',
  limitOf: (asked) => asked.iterations?.atMost,
  countOf: ({ said }) => ({ least: said?.iterations ?? 0, isKnown: said?.iterations !== undefined }),
})
