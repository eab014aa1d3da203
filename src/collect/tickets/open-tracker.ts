/**
 * Asks the API of a tracker what tickets are part of. The token goes to the address that its owner named and nowhere else: the addresses
 * that stand in texts and in the configuration of a repository are whoever's who commits. Of an answer stays a key, and its digest.
 */
import { attempt, CountersignError } from '../../errors.ts'
import type { Ticket, TicketParent, TrackerSystem } from '../../model/context.ts'
import { sha256Hex } from '../../model/digest.ts'
import { isObject, parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { askBoundedly } from '../../platform/ask-boundedly.ts'
import type { Trouble } from '../../platform/ask-boundedly.ts'
import { isSecure } from '../../platform/http.ts'
import { openRetryBudget } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { jira } from './jira.ts'
import { linear } from './linear.ts'
import type { TrackerAddress, TrackerRow } from './tracker-row.ts'

const service = { name: 'the tracker', bytes: limits.trackerAnswerBytes, budget: limits.trackerBudget }

const rows: readonly TrackerRow[] = [jira, linear, github, gitlab]

export interface TrackerAnswers {
  /** Key → what it is part of, undefined for nothing. Those that are not there it said nothing of. */
  readonly parents: ReadonlyMap<string, TicketParent | undefined>
  /** Why it said nothing of some, in words that repeat nothing of what came; undefined where it did. */
  readonly failure: string | undefined
}

export interface Tracker {
  /** What it says of its own among these tickets, each once, in their order as far as it gets. It fails by saying less. */
  ask(tickets: readonly Ticket[]): Promise<TrackerAnswers>
  /** Whether a ticket is one of this very tracker. */
  owns(ticket: Ticket): boolean
}

/** `named` is the address of the API, said by whoever has the token, which is one line of visible characters. Error: `usage`. */
export function openTracker(system: TrackerSystem, named: string, token: string, world: World): Tracker {
  const row = rows.find((it) => it.id === system) ?? jira
  const address = addressNamed(row, named)
  const headers = { ...row.headers, authorization: row.authorization(token), 'user-agent': 'countersign' }

  async function ask(tickets: readonly Ticket[]): Promise<TrackerAnswers> {
    const own = new Map(tickets.filter((it) => isOwn(it, row, address)).map((it) => [it.key, it]))
    const asked = [...own.values()].slice(0, limits.trackerTickets)
    const parents = new Map<string, TicketParent | undefined>()
    let failure = own.size > asked.length ? `it is asked about ${limits.trackerTickets} tickets at most` : undefined
    const budget = openRetryBudget({ budget: limits.trackerBudget }, world)
    try {
      for (const [at, ticket] of asked.entries()) {
        world.progress(`asking the tracker about ticket ${at + 1} of ${asked.length}`, 'step')
        const answer = await parentOf(ticket, budget)
        if (answer !== undefined && 'trouble' in answer) failure = answer.trouble
        else parents.set(ticket.key, answer)
        // A ticket that is none says nothing of the others: whoever names some such must not keep those from being asked about.
        if (answer !== undefined && 'trouble' in answer && answer.next !== 'other') break
      }
    } finally {
      budget.close()
    }
    return { parents, failure }
  }

  async function parentOf(ticket: Ticket, budget: RetryBudget): Promise<TicketParent | undefined | Trouble> {
    const question = row.question(ticket.key)
    if (question === undefined) return { trouble: 'it cannot be asked about this kind of ticket', next: 'other' }
    const url = `${address.api}${question.path}`
    const heard = await askBoundedly({ url, headers, body: question.body, service }, budget)
    if ('trouble' in heard) {
      return heard.status !== undefined && heard.status === row.nothingAt ? undefined : heard
    }
    const { body } = heard
    const answer = attempt(() => parseJson(body, 'the answer', limits.trackerAnswerBytes))
    const read = answer instanceof CountersignError || !isObject(answer) ? 'junk' : row.read(answer, ticket, address)
    if (read === 'nothing') return undefined
    if (read === 'another') return { trouble: 'its answer is about another ticket', next: 'other' }
    if (read === 'junk') return { trouble: 'its answer is not what it should be', next: 'other' }
    return { said: 'tracker-api', sha256: sha256Hex(body), ...read }
  }

  return { ask, owns: (ticket) => isOwn(ticket, row, address) }
}

function addressNamed(row: TrackerRow, named: string): TrackerAddress {
  const url = named.length > 2_048 ? null : URL.parse(named)
  const isPlain = url !== null && isSecure(url) && url.search === '' && url.hash === ''
  const address = isPlain ? row.address(url) : undefined
  if (address !== undefined) return address
  throw new CountersignError('usage', `the address that was named is not one of the API of ${row.id}`, {
    option: 'tracker',
    hint: `it is ${row.form}`,
  })
}

/**
 * Whether a ticket is one of this very tracker. Two of a kind can have tickets of one name: a parent that the other one names would be
 * another's. Where the address does not tell, one of which only the repository says so is, or one on the pages of Linear.
 */
function isOwn({ system, uri, rule }: Ticket, row: TrackerRow, { web }: TrackerAddress): boolean {
  if (system !== row.id) return false
  if (uri === undefined) return true
  const bare = uri.replace(/^https?:/, '')
  if (web !== undefined) return bare.toLowerCase().startsWith(`${web.replace(/^https?:/, '').toLowerCase()}/`)
  return row.id === 'linear' ? bare.startsWith('//linear.app/') : rule !== 'address'
}
