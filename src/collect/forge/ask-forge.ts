/**
 * Asks a forge by which requests changes were merged, one change after another. Nothing that came stands in a reason.
 */
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { World } from '../../platform/world.ts'
import type { RequestName } from '../change/request-hints.ts'
import type { ForgeAddress } from './api-address.ts'
import { junk } from './asking.ts'
import type { Asking, Trouble } from './asking.ts'
import type { Forge, ForgeAnswers, ForgeRequest, ForgeRow } from './row.ts'

const perPage = 30
/** Changes in a row of which it says nothing: a forge that does not know the repository knows none of its commits. */
const mostFailures = 3

/** Undefined for a forge that does not say which requests a commit came of. */
export function openForge({ row, repository }: ForgeAddress, asking: Asking, world: World): Forge | undefined {
  const { requests: told } = row
  return told === undefined ? undefined : { ask: (changes) => asking.during(() => ask(changes, told)) }

  async function ask(changes: readonly string[], of: Told): Promise<ForgeAnswers> {
    const requests = new Map<string, readonly ForgeRequest[]>()
    let failure = changes.length > limits.forgeChanges ? `it is asked about ${limits.forgeChanges} at most` : undefined
    let failures = 0
    for (const [at, change] of changes.slice(0, limits.forgeChanges).entries()) {
      world.progress(`asking the forge about change ${at + 1} of ${changes.length}`, 'step')
      const answer = await requestsOf(change, of)
      if (!('trouble' in answer)) requests.set(change, answer)
      else failure = answer.trouble
      failures = 'trouble' in answer ? failures + 1 : 0
      if (failures === mostFailures || ('trouble' in answer && isForAll(answer))) break
    }
    return { requests, failure }
  }

  async function requestsOf(change: string, of: Told): Promise<readonly ForgeRequest[] | Trouble> {
    const found: Found[] = []
    for (let page = 1; page <= limits.forgePages; page += 1) {
      const answer = await asking.get(`${of.path(repository, change)}?per_page=${perPage}&page=${page}`)
      if ('trouble' in answer) return answer
      if (!Array.isArray(answer.json)) return junk
      const entries: readonly Json[] = answer.json
      for (const entry of entries) {
        const read = foundIn(entry, change, of)
        if (read === 'junk') return junk
        if (read !== undefined) found.push(read)
      }
      if (entries.length < perPage || found.some(({ isIt }) => isIt)) {
        return found
          .toSorted((a, b) => Number(b.isIt) - Number(a.isIt))
          .map(({ request }) => request)
          .slice(0, mostRequests)
      }
    }
    return { trouble: 'it names more requests than are looked at', next: 'other' }
  }

  function foundIn(entry: Json, change: string, of: Told): Found | 'junk' | undefined {
    if (!isObject(entry)) return 'junk'
    const { isMerged, number, head, became } = of.read(entry)
    if (!isMerged) return undefined
    const isNumber = typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 1e9
    if (!isNumber || typeof head !== 'string' || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(head)) return 'junk'
    const name: RequestName = `${row.sign}${String(number)}`
    return { request: { name, head }, isIt: became.includes(change) }
  }
}

type Told = NonNullable<ForgeRow['requests']>

/** To whom it refuses the requests of one commit it refuses those of all. */
function isForAll({ next, status }: Trouble): boolean {
  return next === 'end' || (status !== undefined && status !== 404 && status !== 422)
}

interface Found {
  readonly request: ForgeRequest
  /** Whether the request became just this change. */
  readonly isIt: boolean
}

/** A change comes of one; of a few more when it was carried over. */
const mostRequests = 3
