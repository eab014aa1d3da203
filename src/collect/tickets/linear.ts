/** Linear: `issue(id)` of its GraphQL API. Only ids are asked for: what is not sent cannot be kept. */
import { isObject } from '../../model/json.ts'
import { addressBelow } from './tracker-row.ts'
import type { TrackerRow } from './tracker-row.ts'

const key = /^[A-Z][A-Z0-9]{0,9}-[1-9]\d{0,8}$/
const query = 'query($id:String!){issue(id:$id){identifier parent{identifier} project{id}}}'

export const linear: TrackerRow = {
  id: 'linear',
  known: 'documented',
  form: 'https://api.linear.app/graphql',
  headers: { accept: 'application/json', 'content-type': 'application/json' },
  address(url) {
    const found = addressBelow(url, /\/graphql$/)
    return found === undefined ? undefined : { ...found, web: undefined }
  },
  // Keys of a person stand alone, tokens of OAuth are bearer's.
  authorization: (token) => (token.startsWith('lin_api_') ? token : `Bearer ${token}`),
  question: (id) => (key.test(id) ? { path: '', body: JSON.stringify({ query, variables: { id } }) } : undefined),
  read({ data, errors }, asked) {
    const issue = isObject(data) ? data['issue'] : undefined
    if (errors !== undefined || !isObject(issue)) return 'junk'
    const { identifier, parent, project } = issue
    if (identifier !== asked.key) return typeof identifier === 'string' ? 'another' : 'junk'
    if (isObject(parent)) {
      const name = parent['identifier']
      if (typeof name !== 'string' || !key.test(name) || name === asked.key) return 'junk'
      const base = asked.uri?.replace(/\/issue\/.*$/, '')
      return { key: name, uri: base === undefined ? undefined : `${base}/issue/${name}`, kind: 'issue' }
    }
    if (!isObject(project)) return 'nothing'
    const id = project['id']
    if (typeof id !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return 'junk'
    return { key: id, uri: undefined, kind: 'project' }
  },
}
