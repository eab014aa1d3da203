/**
 * Cloudflare's AI Gateway: `GET /accounts/{account_id}/ai-gateway/gateways/{gateway_id}/logs` (API version 4). A session is known there
 * where requests carry it in `cf-aig-metadata`, as `session_id`. Whatever else stands there (a user, a repository) the client wrote of
 * itself, so it is not read: only that these requests were made, and when.
 */
import { attempt, CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { timeIn } from '../sessions/record-time.ts'
import { nextNumbered, objectsIn } from './members.ts'
import type { PortalRow } from './row.ts'

const place = /^\/client\/v4\/accounts\/[0-9a-f]{32}\/ai-gateway\/gateways\/[A-Za-z0-9_-]{1,64}$/
const perPage = 50

export const cloudflareAiGateway: PortalRow = {
  id: 'cloudflare-ai-gateway',
  known: 'documented',
  form: 'https://api.cloudflare.com/client/v4/accounts/ACCOUNT/ai-gateway/gateways/GATEWAY',
  address(url) {
    const path = url.pathname.replace(/\/+$/, '')
    return place.test(path) ? { api: `${url.origin}${path}`, web: undefined } : undefined
  },
  headers: (token) => ({ accept: 'application/json', authorization: `Bearer ${token}` }),
  question({ id }) {
    const filters = [{ key: 'metadata.value', operator: 'eq', value: [id] }]
    return { path: `/logs?filters=${encodeURIComponent(JSON.stringify(filters))}&per_page=${perPage}&page=1` }
  },
  unknownAt: [],
  read(answer, { path }) {
    const rows = isObject(answer) && answer['success'] === true ? objectsIn(answer['result']) : undefined
    if (rows === undefined || !isObject(answer)) return undefined
    const info = answer['result_info']
    const total = isObject(info) ? info['total_count'] : undefined
    const pages = typeof total === 'number' ? Math.ceil(total / perPage) : 1
    return {
      said: rows.map(({ metadata, created_at: at }) => {
        const time = typeof at === 'string' ? timeIn(at.replace(' ', 'T').replace(/(?<=\d)$/, 'Z')) : undefined
        return {
          ...{ id: sessionIn(metadata), tool: undefined, user: undefined, repositories: undefined },
          ...{ startedAt: time, endedAt: time },
        }
      }),
      next: nextNumbered(path, pages),
    }
  },
}

function sessionIn(metadata: Json | undefined): Json | undefined {
  if (typeof metadata !== 'string') return isObject(metadata) ? metadata['session_id'] : undefined
  const parsed = attempt(() => parseJson(Buffer.from(metadata), 'the metadata', 65_536))
  return parsed instanceof CountersignError || !isObject(parsed) ? undefined : parsed['session_id']
}
