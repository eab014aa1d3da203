/**
 * LiteLLM: `GET /spend/logs/session/ui?session_id=` (proxy, with pages since 1.80), a row for each request of the session. Who made it is the
 * owner of the key; the id of the session is what the client sent, and of repositories it knows nothing.
 */
import { isObject } from '../../model/json.ts'
import { isStep, nextNumbered, objectsIn, userNamed, wholeAddress } from './members.ts'
import type { PortalRow } from './row.ts'
import { timeIn } from '../sessions/record-time.ts'

export const litellm: PortalRow = {
  id: 'litellm',
  known: 'documented',
  form: 'https://HOST of the proxy',
  address: wholeAddress,
  headers: (token) => ({ accept: 'application/json', authorization: `Bearer ${token}` }),
  question({ id }) {
    if (!isStep(id)) return { cannot: 'their names are none of a question' }
    return { path: `/spend/logs/session/ui?session_id=${encodeURIComponent(id)}&page_size=100&page=1` }
  },
  unknownAt: [],
  read(answer, { path }) {
    const rows = isObject(answer) ? objectsIn(answer['data']) : undefined
    const pages = isObject(answer) ? answer['total_pages'] : undefined
    if (rows === undefined || typeof pages !== 'number' || !Number.isInteger(pages)) return undefined
    return {
      said: rows.map(({ session_id: id, user, startTime, endTime }) => ({
        ...{ id, tool: undefined, user: userNamed(user), repositories: undefined },
        ...{ startedAt: utcIn(startTime), endedAt: utcIn(endTime) },
      })),
      next: nextNumbered(path, pages),
    }
  },
}

/** Its times are UTC, and some of its databases leave the zone out. */
function utcIn(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const whole = text.replace(' ', 'T')
  return timeIn(/(?:Z|[+-]\d\d:\d\d)$/.test(whole) ? whole : `${whole}Z`)
}
