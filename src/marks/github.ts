/**
 * GitHub (REST API, version 2022-11-28): labels of a pull request, and one check run for a commit. What a run has of annotations cannot be taken
 * back, so that one with others is made anew; GitHub shows the last of a name.
 */
import { sha256Hex } from '../model/digest.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { at, isNamed, objectsIn } from '../collect/forge/members.ts'
import { MarkTrouble } from './forge-door.ts'
import type { ForgeDoor } from './forge-door.ts'
import { labelChanges } from './own-labels.ts'
import type { MarkRow, MarkedChange, MarkedRequest } from './row.ts'
import {
  checkName,
  githubCheckRunChanged,
  githubCheckRunMade,
  githubLabelRemoved,
  githubLabelsAdded,
} from './writes.ts'

export const githubMarks: MarkRow = {
  sign: '#',
  async labels(door, request, labels) {
    const { repository, number } = request
    const names = (objectsIn(at(await requestOf(door, request), 'labels')) ?? []).map((it) => it['name'] ?? null)
    const changes = labelChanges(names, labels)
    if (changes === undefined) return 'unchanged'
    if (changes.add.length > 0) await door.send(githubLabelsAdded(repository, number, changes.add))
    for (const label of changes.remove) await door.send(githubLabelRemoved(repository, number, label))
    return 'set'
  },
  async check(door, change, { annotations, ...check }) {
    const { repository, head } = change
    const [said, beside] = [check, annotations].map((it) => sha256Hex(JSON.stringify(it)).slice(0, 16))
    const whole = `${idPrefix}/${beside ?? ''}/${said ?? ''}`
    const known = await runOf(door, change)
    const [id, external] = [known?.['id'], known?.['external_id']]
    if (external === whole) return 'unchanged'
    const run = { ...check, head, externalId: whole, annotations: [] }
    const hasSame = typeof external === 'string' && external.startsWith(`${idPrefix}/${beside ?? ''}/`)
    if (typeof id === 'number' && hasSame) {
      await door.send(githubCheckRunChanged(repository, id, run))
      return 'set'
    }
    const [first = [], ...more] = Array.from(
      { length: Math.ceil(annotations.length / limits.checkRunAnnotations) },
      (_, call) => annotations.slice(call * limits.checkRunAnnotations, (call + 1) * limits.checkRunAnnotations),
    )
    // Until the last call it is none that a later run would take for whole.
    const unfinished = { ...run, externalId: `${idPrefix}/unfinished` }
    await door.send(githubCheckRunMade(repository, { ...(more.length === 0 ? run : unfinished), annotations: first }))
    if (more.length === 0) return 'set'
    const own = (await runOf(door, change))?.['id']
    if (typeof own !== 'number')
      throw new MarkTrouble('forge-unreachable', 'it does not find the check run that it made')
    for (const [call, some] of more.entries()) {
      const isLast = call === more.length - 1
      await door.send(githubCheckRunChanged(repository, own, { ...(isLast ? run : unfinished), annotations: some }))
    }
    return 'set'
  },
}

const idPrefix = 'countersign-gate/1'

/** The pull request, if it is one of this repository with this head. */
async function requestOf(door: ForgeDoor, { repository, number, head }: MarkedRequest): Promise<Json> {
  const json = await door.read(`${rootOf(repository)}/pulls/${number}`)
  const isIt = at(json, 'number') === Number(number) && isNamed(at(json, 'base', 'repo', 'full_name'), repository)
  if (json === undefined || !isIt) {
    throw new MarkTrouble('request-differs', 'this repository has no such request, or the token may not see it')
  }
  if (at(json, 'head', 'sha') !== head) throw new MarkTrouble('request-differs', 'the request has another head by now')
  return json
}

/** The last one of ours. */
async function runOf(door: ForgeDoor, { repository, head }: MarkedChange): Promise<JsonObject | undefined> {
  const query = `check_name=${encodeURIComponent(checkName)}&filter=all&per_page=100`
  const json = await door.read(`${rootOf(repository)}/commits/${head}/check-runs?${query}`)
  const runs = objectsIn(at(json, 'check_runs')) ?? []
  return runs
    .filter((it) => it['name'] === checkName && it['head_sha'] === head && isOurs(it))
    .toSorted((a, b) => Number(b['id']) - Number(a['id']))[0]
}

function isOurs({ id, external_id: externalId }: JsonObject): boolean {
  return Number.isSafeInteger(id) && typeof externalId === 'string' && externalId.startsWith(`${idPrefix}/`)
}

function rootOf(repository: readonly string[]): string {
  return `/repos/${repository.map(encodeURIComponent).join('/')}`
}
