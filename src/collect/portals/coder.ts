/**
 * Coder's AI Gateway: `GET /api/v2/aibridge/sessions?q=session_id:` (API version 2). Who was signed in it knows by a name of its own, and of
 * repositories it says nothing.
 */
import { isObject } from '../../model/json.ts'
import { timeIn } from '../sessions/record-time.ts'
import { objectsIn, wholeAddress } from './members.ts'
import type { PortalRow } from './row.ts'

/** What it calls clients; of others it does not say which tool they are. */
const clients: ReadonlyMap<unknown, string> = new Map([
  ['Claude Code', 'claude-code'],
  ['Codex', 'codex'],
])

export const coder: PortalRow = {
  id: 'coder',
  known: 'documented',
  form: 'https://HOST of the deployment',
  address: wholeAddress,
  headers: (token) => ({ accept: 'application/json', 'coder-session-token': token }),
  question({ id }) {
    // Its questions are words with blanks between them.
    if (!/^[A-Za-z0-9_.-]+$/.test(id)) return { cannot: 'their ids are none that it can be asked about' }
    return { path: `/api/v2/aibridge/sessions?q=session_id%3A${id}&limit=10` }
  },
  unknownAt: [],
  read(answer) {
    const rows = isObject(answer) ? objectsIn(answer['sessions']) : undefined
    if (rows === undefined) return undefined
    return {
      said: rows.map(({ id, client, initiator, started_at: start, ended_at: end }) => ({
        id,
        tool: clients.get(client),
        user: isObject(initiator) ? ({ kind: 'opaque' } as const) : undefined,
        repositories: undefined,
        startedAt: typeof start === 'string' ? timeIn(start) : undefined,
        endedAt: typeof end === 'string' ? timeIn(end) : undefined,
      })),
      next: undefined,
    }
  },
}
