/**
 * GitLab: `GET /projects/{path}/issues/{iid}`, whose `epic` names the epic that the issue is part of (REST API, version 4). Where a plan
 * has no epics there is no such member. An epic itself is not asked about: its parent has only an id that no address holds.
 */
import { isObject } from '../../model/json.ts'
import { addressBelow } from './tracker-row.ts'
import type { TrackerRow } from './tracker-row.ts'

const key = /^((?:[A-Za-z0-9_.-]{1,100}\/){1,20}[A-Za-z0-9_.-]{1,100})#([1-9]\d{0,8})$/
const epicPage =
  /^\/(?:[A-Za-z0-9_.~-]{1,100}\/){0,5}?groups\/((?:[A-Za-z0-9_.-]{1,100}\/){0,20}[A-Za-z0-9_.-]{1,100})\/-\/epics\/([1-9]\d{0,8})$/

export const gitlab: TrackerRow = {
  id: 'gitlab',
  known: 'documented',
  form: 'https://HOST/api/v4',
  headers: { accept: 'application/json' },
  address: (url) => addressBelow(url, /\/api\/v4$/),
  authorization: (token) => `Bearer ${token}`,
  question(name) {
    const [, project, number = ''] = key.exec(name) ?? []
    return project === undefined ? undefined : { path: `/projects/${encodeURIComponent(project)}/issues/${number}` }
  },
  read({ iid, references, epic }, asked, { web }) {
    const [, , number = ''] = key.exec(asked.key) ?? []
    const full = isObject(references) ? references['full'] : undefined
    if (typeof iid !== 'number') return 'junk'
    if (String(iid) !== number) return 'another'
    if (full !== undefined && (typeof full !== 'string' || full.toLowerCase() !== asked.key.toLowerCase()))
      return 'another'
    if (epic === undefined || epic === null) return 'nothing'
    const [, group, of] = isObject(epic) && typeof epic['url'] === 'string' ? (epicPage.exec(epic['url']) ?? []) : []
    if (group === undefined || of === undefined || !isObject(epic) || epic['iid'] !== Number(of)) return 'junk'
    const uri = web === undefined ? undefined : `${web}/groups/${group}/-/epics/${of}`
    return { key: `${group}&${of}`, uri, kind: 'epic' }
  },
}
