/**
 * The audit log of a GitHub organisation or enterprise: `GET /orgs/{org}/audit-log`, `GET /enterprises/{enterprise}/audit-log` (REST API,
 * version 2022-11-28). Nobody can ask it about one session: the events of Copilot around its commits are looked through for its
 * `agent_session_id`. `user` is the account of whoever asked Copilot; its addresses are the ones that GitHub gives to accounts.
 */
import type { PortalRow } from './row.ts'
import { objectsIn } from './members.ts'

const day = 24 * 3_600_000
const place = /^(.*?)\/(?:orgs|enterprises)\/[A-Za-z0-9_.-]{1,100}$/
const cloud = /^api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/
const perPage = 100

export const githubAuditLog: PortalRow = {
  id: 'github-audit-log',
  known: 'documented',
  form: 'https://api.github.com/orgs/ORG or /enterprises/ENTERPRISE, also behind https://HOST/api/v3',
  address(url) {
    const path = url.pathname.replace(/\/+$/, '')
    const base = place.exec(path)?.[1]
    const host = base === '' ? cloud.exec(url.host)?.[1] : base === '/api/v3' ? url.host : undefined
    return host === undefined ? undefined : { api: `${url.origin}${path}`, web: host }
  },
  headers: (token) => ({
    ...{ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    authorization: `Bearer ${token}`,
  }),
  question({ tool, from, to }) {
    if (tool !== 'copilot') return { cannot: 'it knows sessions of Copilot alone' }
    const [first, last] = [from - day, to + day].map((it) => new Date(it).toISOString().slice(0, 10))
    const phrase = encodeURIComponent(`actor:Copilot created:${first ?? ''}..${last ?? ''}`)
    return { path: `/audit-log?phrase=${phrase}&include=all&order=asc&per_page=${perPage}` }
  },
  unknownAt: [],
  read(answer, { session, path, headers }, { web }) {
    const events = objectsIn(answer)
    if (events === undefined) return undefined
    const own = events.filter((it) => it['agent_session_id'] === session.id && it['actor_is_agent'] === true)
    const after = afterIn(headers.get('link') ?? '')
    return {
      said: own.map(({ user, repo, '@timestamp': at }) => ({
        id: session.id,
        tool: undefined,
        user:
          typeof user === 'string' && /^[A-Za-z0-9_-]{1,100}$/.test(user)
            ? { kind: 'account', login: user, domain: `users.noreply.${web ?? ''}` }
            : undefined,
        repositories: typeof repo === 'string' && repo !== '' ? [`https://${web ?? ''}/${repo}`] : undefined,
        startedAt: typeof at === 'number' ? at : undefined,
        endedAt: typeof at === 'number' ? at : undefined,
      })),
      next: after === undefined ? undefined : `${path.replace(/&after=[^&]*$/, '')}&after=${after}`,
    }
  },
}

/** The cursor alone: whatever address stands there is not gone to. */
function afterIn(link: string): string | undefined {
  const next = link.length > 8_192 ? undefined : link.split(',').find((it) => /;\s*rel="next"/.test(it))
  const after = /[?&]after=([A-Za-z0-9%_.~=+/-]{1,1024})[&>]/.exec(next ?? '')?.[1]
  return after?.replaceAll('=', '%3D').replaceAll('+', '%2B').replaceAll('/', '%2F')
}
