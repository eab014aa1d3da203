/**
 * Jira: `GET /rest/api/{2|3}/issue/{key}?fields=parent,issuetype` (REST API of Cloud, versions 2 and 3; of Data Center, version 2). On
 * Data Center `parent` is that of a subtask only: its epics are in a field of each installation's own.
 */
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { addressBelow, kindNamed } from './tracker-row.ts'
import type { TrackerRow } from './tracker-row.ts'

const key = /^[A-Z][A-Z0-9_]{0,29}-[1-9]\d{0,8}$/

export const jira: TrackerRow = {
  id: 'jira',
  known: 'documented',
  form: 'https://HOST/rest/api/3, or /rest/api/2 of a Data Center',
  headers: { accept: 'application/json' },
  address(url) {
    const found = addressBelow(url, /\/rest\/api\/[23]$/)
    // The gateway to all sites of the cloud: its address has the id of one, and not its name.
    return found !== undefined && url.host === 'api.atlassian.com' ? { ...found, web: undefined } : found
  },
  // Tokens of the cloud belong to an account (`address:token`), those of a Data Center, and of OAuth, stand alone.
  authorization: (token) =>
    token.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`,
  question: (name) => (key.test(name) ? { path: `/issue/${name}?fields=parent,issuetype` } : undefined),
  read(answer, asked, { web }) {
    if (answer['key'] !== asked.key) return typeof answer['key'] === 'string' ? 'another' : 'junk'
    const parent = member(answer['fields'], 'parent')
    if (!isObject(answer['fields'])) return 'junk'
    if (parent === undefined || parent === null) return 'nothing'
    const name = member(parent, 'key')
    if (typeof name !== 'string' || !key.test(name) || name === asked.key) return 'junk'
    const base = web ?? asked.uri?.replace(/\/browse\/.*$/, '')
    return {
      key: name,
      uri: base === undefined ? undefined : `${base}/browse/${name}`,
      kind: kindNamed(member(member(member(parent, 'fields'), 'issuetype'), 'name')),
    }
  },
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined
}
