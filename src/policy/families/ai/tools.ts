/** Which AI tools may have taken part. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { commitWords } from './change-words.ts'
import { sessionsMissing } from './looked.ts'
import { refusedSteps, refuser } from './names.ts'
import type { Refused } from './names.ts'
import { namedSessions, sessionWords, unknownTool } from './named-sessions.ts'

const remedy = 'have a tool that the policy takes, or a person, write these changes anew, then force-push'

export const tools: AiRule = {
  id: 'ai/tools',
  hint: remedy,
  check({ ai: asked }, { ai }) {
    if (asked?.tools === undefined) return undefined
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen('tools of all sessions', missing)]
    const refuse = refuser(asked.tools)
    const { allow, deny } = asked.tools
    const all = namedSessions(ai)
    const failing = all.flatMap(({ uri, tool, said }): RuleResult[] => {
      // One that nobody named may be one that is denied.
      const isHidden = tool.toLowerCase() === unknownTool && allow === undefined
      const refused: Refused | undefined = isHidden
        ? { by: 'deny', expected: `none of ${(deny ?? []).join(', ')}` }
        : refuse(tool)
      if (refused === undefined) return []
      const where = commitWords(said?.commits ?? [], ai)
      const found = where === '' ? tool : `${tool}, in ${where}`
      const { expected } = refused
      const steps = refusedSteps(refused, 'tool', remedy)
      return [{ outcome: 'fail', code: 'tool-refused', at: { session: uri }, expected, found, ...steps }]
    })
    return failing.length > 0 ? failing : [{ outcome: 'pass', found: sessionWords(all.length) }]
  },
}
