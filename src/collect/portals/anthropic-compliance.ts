/**
 * Anthropic's Compliance API: `GET /v1/compliance/apps/sessions/local/{local_session_id}`. It has ids of its own (`clls_…`), which no
 * commit names that Claude Code makes by itself; and of repositories it says nothing.
 */
import { isObject } from '../../model/json.ts'
import { timeIn } from '../sessions/record-time.ts'
import { userNamed, wholeAddress } from './members.ts'
import type { PortalRow } from './row.ts'

export const anthropicCompliance: PortalRow = {
  id: 'anthropic-compliance',
  known: 'documented',
  form: 'https://api.anthropic.com',
  address: wholeAddress,
  headers: (token) => ({ accept: 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': token }),
  question({ tool, id }) {
    if (tool !== 'claude-code' || !/^clls_[A-Za-z0-9_-]+$/.test(id)) {
      return { cannot: 'it knows sessions by its own ids alone (clls_…)' }
    }
    return { path: `/v1/compliance/apps/sessions/local/${encodeURIComponent(id)}` }
  },
  unknownAt: [404],
  read(answer) {
    if (!isObject(answer) || answer['type'] !== 'compliance_local_session') return undefined
    const { id, user, created_at: start, updated_at: end, product_surface: surface } = answer
    if (!isObject(user) || typeof start !== 'string' || typeof end !== 'string') return undefined
    return {
      said: [
        {
          id,
          tool: surface === 'claude_code' ? 'claude-code' : typeof surface === 'string' ? 'another' : undefined,
          user: userNamed(user['email_address']) ?? { kind: 'opaque' },
          repositories: undefined,
          ...{ startedAt: timeIn(start), endedAt: timeIn(end) },
        },
      ],
      next: undefined,
    }
  },
}
