/**
 * Sessions of Claude Code in an environment that its owner hosts: `CLAUDE_CODE_SESSION_ACCESS_TOKEN`, as Anthropic documents it in "Verify
 * session identity in self-hosted environments" (public beta). Environment secrets, runner tokens and work orders come from the same
 * issuer under the same keys, so the role decides; tokens of sessions that Anthropic hosts have another prefix and other keys.
 */
import { isObject, textAt } from '../../model/json.ts'
import type { VendorRow } from './row.ts'

export const claudeCodeSelfHosted: VendorRow = {
  id: 'claude-code-self-hosted',
  basis: 'documented',
  tool: 'claude-code',
  // Every token has `anthropic-api` besides, whosever it is.
  audience: /^ccpool_[A-Za-z0-9_-]+$/,
  prefix: 'sk-ant-cc-',
  algorithms: ['ES256'],
  longestLife: 8 * 3_600,
  read(claims, audience) {
    if (claims['ccr:role'] !== 'session_worker') return { lacks: 'it is not that of a session (ccr:role)' }
    if (claims['ccr:pool_id'] !== audience) return { lacks: 'its environment is not its audience (ccr:pool_id)' }
    const id = textAt(claims, 'ccr:session_id')
    if (id === undefined || id === '' || claims['sub'] !== `ccr:session:${id}`) {
      return { lacks: 'it does not say which session it is of (ccr:session_id, sub)' }
    }
    const creator = isObject(claims['act']) ? textAt(claims, 'act', 'sub') : undefined
    // A person, or a service of the organisation.
    if (creator === undefined || !/^(?:user|agent):./.test(creator)) {
      return { lacks: 'it does not say who created the session (act.sub)' }
    }
    return { id, creator, email: textAt(claims, 'act', 'email') }
  },
}
