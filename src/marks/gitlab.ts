/** GitLab (REST API, version 4): labels of a merge request, and the status of a commit. What stands beside lines is its code quality report. */
import { at, isNamed, objectsIn } from '../collect/forge/members.ts'
import type { Json } from '../model/json.ts'
import { MarkTrouble } from './forge-door.ts'
import { labelChanges } from './own-labels.ts'
import type { MarkRow } from './row.ts'
import { checkName, gitlabLabelsChanged, gitlabStatusSet } from './writes.ts'

export const gitlabMarks: MarkRow = {
  sign: '!',
  async labels(door, { repository, number, head }, labels) {
    const json = await door.read(`${rootOf(repository)}/merge_requests/${number}`)
    const full = at(json, 'references', 'full')
    const isHere = typeof full === 'string' && isNamed(full.replace(/!\d+$/, ''), repository)
    if (!isHere || at(json, 'iid') !== Number(number)) {
      throw new MarkTrouble('request-differs', 'this project has no such request, or the token may not see it')
    }
    if (at(json, 'sha') !== head) throw new MarkTrouble('request-differs', 'the request has another head by now')
    const names = at(json, 'labels')
    const changes = labelChanges(Array.isArray(names) ? (names as readonly Json[]) : [], labels)
    if (changes === undefined) return 'unchanged'
    await door.send(gitlabLabelsChanged(repository, number, changes))
    return 'set'
  },
  async check(door, { repository, head }, { annotations: _, ...check }) {
    // A status that stands there already is refused by some versions.
    const query = `name=${encodeURIComponent(checkName)}&per_page=100`
    const known = objectsIn(await door.read(`${rootOf(repository)}/repository/commits/${head}/statuses?${query}`)) ?? []
    const [last] = known
      .filter((it) => it['name'] === checkName && it['sha'] === head)
      .toSorted((a, b) => Number(b['id']) - Number(a['id']))
    const state = check.passes ? 'success' : 'failed'
    if (last?.['status'] === state && last['description'] === check.title) return 'unchanged'
    await door.send(gitlabStatusSet(repository, head, check))
    return 'set'
  },
}

function rootOf(repository: readonly string[]): string {
  return `/projects/${encodeURIComponent(repository.join('/'))}`
}
