/**
 * GitHub, and its Enterprise Server: `GET /repos/{owner}/{repo}/issues/{number}/parent` (REST API for sub-issues, version 2022-11-28). The
 * answer is the parent and does not say of what; 404 is an issue without one, and one that the token may not see.
 */
import { isObject } from '../../model/json.ts'
import { addressBelow, kindNamed } from './tracker-row.ts'
import type { TrackerRow } from './tracker-row.ts'

const key = /^([A-Za-z0-9_.-]{1,100})\/([A-Za-z0-9_.-]{1,100})#([1-9]\d{0,8})$/
const cloud = /^api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/

export const github: TrackerRow = {
  id: 'github',
  known: 'documented',
  form: 'https://api.github.com, or https://HOST/api/v3',
  headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  address(url) {
    const host = cloud.exec(url.host)?.[1]
    if (host !== undefined && url.pathname === '/') return { api: url.origin, web: `https://${host}` }
    return addressBelow(url, /\/api\/v3$/)
  },
  authorization: (token) => `Bearer ${token}`,
  question(name) {
    const [, owner = '', repository = '', number = ''] = key.exec(name) ?? []
    const isName = [owner, repository].every((it) => !/^\.{0,2}$/.test(it))
    return isName ? { path: `/repos/${owner}/${repository}/issues/${number}/parent` } : undefined
  },
  nothingAt: 404,
  read({ number, repository_url: repository, type }, asked, { api, web }) {
    const isNumber = typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 1e9
    const start = `${api}/repos/`
    if (!isNumber || typeof repository !== 'string' || !repository.startsWith(start)) return 'junk'
    const name = `${repository.slice(start.length)}#${String(number)}`
    if (!key.test(name) || this.question(name) === undefined || name.toLowerCase() === asked.key.toLowerCase())
      return 'junk'
    return {
      key: name,
      uri: web === undefined ? undefined : `${web}/${name.replace('#', '/issues/')}`,
      kind: isObject(type) ? kindNamed(type['name']) : undefined,
    }
  },
}
