/** Which AI tools may have taken part. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { sessionsMissing } from './looked.ts'
import { refuser } from './names.ts'
import { namedSessions, sessionWords, unknownTool } from './named-sessions.ts'

export const tools: AiRule = {
  id: 'ai/tools',
  hint: 'have another tool write it, or let the policy name this one',
  check({ ai: asked }, { ai }) {
    if (asked?.tools === undefined) return undefined
    const missing = sessionsMissing(ai)
    if (missing !== undefined) return [unseen('tools of all sessions', missing)]
    const refuse = refuser(asked.tools)
    const { allow, deny } = asked.tools
    const all = namedSessions(ai)
    const failing = all.flatMap(({ uri, tool }): RuleResult[] => {
      // One that nobody named may be one that is denied.
      const isHidden = tool.toLowerCase() === unknownTool && allow === undefined
      const expected = isHidden ? `none of ${(deny ?? []).join(', ')}` : refuse(tool)
      return expected === undefined
        ? []
        : [{ outcome: 'fail', code: 'tool-refused', at: { session: uri }, expected, found: tool }]
    })
    return failing.length > 0 ? failing : [{ outcome: 'pass', found: sessionWords(all.length) }]
  },
}
