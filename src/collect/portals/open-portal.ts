/**
 * Asks a portal about sessions, one after another. The token goes to the address that its owner named and nowhere else: no redirect is
 * followed, no address of an answer is gone to, and nothing that stands in a repository says who is asked. Of an answer stay facts about
 * one session, and its digest.
 */
import { createHash } from 'node:crypto'
import { attempt, CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { PortalRefusal } from '../../model/portal.ts'
import type { PortalAdapter } from '../../model/portal-adapters.ts'
import { askBoundedly } from '../../platform/ask-boundedly.ts'
import type { Trouble } from '../../platform/ask-boundedly.ts'
import { isSecure } from '../../platform/http.ts'
import { openRetryBudget } from '../../platform/retry-budget.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import type { World } from '../../platform/world.ts'
import { portalRows } from './index.ts'
import type { AskedSession, Page, Portal, PortalAddress, PortalAnswer, PortalAnswers, PortalRow, Said } from './row.ts'
import { toldFacts } from './told-facts.ts'

/** What whoever has the token says of the portal. */
export interface PortalPlace {
  readonly adapter: PortalAdapter
  /** Its address, as the adapter has it. */
  readonly address: string
  /** One line of visible characters. */
  readonly token: string
  /** Keeps the text of a summary under its digest. */
  readonly keepSummary?: Portal['keepSummary'] | undefined
}

const service = { name: 'the portal', bytes: limits.portalAnswerBytes, budget: limits.portalBudget }

/** Error: `usage`. */
export function openPortal({ adapter, address: named, token, keepSummary }: PortalPlace, world: World): Portal {
  const row = rowOf(adapter)
  const { url, address } = addressNamed(row, named)
  const headers = { ...row.headers(token), 'user-agent': 'countersign' }

  async function lookUp(sessions: readonly AskedSession[]): Promise<PortalAnswers> {
    const answers = new Map<AskedSession, PortalAnswer>()
    const asked = sessions.slice(0, limits.portalSessions)
    const most = `it is asked about ${limits.portalSessions} sessions at most`
    let failure = sessions.length > asked.length ? most : undefined
    const budget = openRetryBudget({ budget: limits.portalBudget }, world)
    try {
      for (const [at, session] of asked.entries()) {
        world.progress(`asking the portal about session ${at + 1} of ${asked.length}`, 'step')
        const answer = await answerAbout(session, budget)
        if (!('trouble' in answer)) answers.set(session, answer)
        else failure = answer.trouble
        // A session that it says nothing of says nothing of the others: whoever names some such must not keep those from being asked about.
        if ('trouble' in answer && answer.next !== 'other') break
      }
    } finally {
      budget.close()
    }
    return { answers, failure }
  }

  async function answerAbout(session: AskedSession, budget: RetryBudget): Promise<PortalAnswer | Trouble> {
    const question = row.question(session)
    if ('cannot' in question)
      return { trouble: `of some sessions it cannot be asked: ${question.cannot}`, next: 'other' }
    const askedAt = world.now()
    const hash = createHash('sha256')
    const said: Said[] = []
    const visited = new Set<string>()
    for (let path: string | undefined = question.path; path !== undefined;) {
      if (visited.size === limits.portalPages)
        return { trouble: 'its answer has more pages than are read', next: 'other' }
      if (visited.has(path)) return { trouble: 'its pages lead back to each other', next: 'other' }
      visited.add(path)
      const heard = await askBoundedly({ url: `${address.api}${path}`, headers, service }, budget)
      if ('trouble' in heard) {
        const isUnknown = heard.status !== undefined && row.unknownAt.includes(heard.status)
        return isUnknown ? refused('portal-unknown', session) : heard
      }
      hash.update(heard.body)
      const json = attempt(() => parseJson(heard.body, 'the answer', limits.portalAnswerBytes))
      const read: Page | undefined =
        json instanceof CountersignError
          ? undefined
          : row.read(json, { session, path, headers: heard.headers }, address)
      if (read === undefined) return refused('portal-malformed', session)
      said.push(...read.said)
      path = read.next
    }
    const facts = toldFacts(said, session, world.now().getTime())
    if (typeof facts === 'string') return refused(facts, session)
    return { facts, sha256: hash.digest('hex'), askedAt: askedAt.toISOString() }
  }

  return { adapter, host: url.host, lookUp, keepSummary }
}

/** Error: `usage`. */
function rowOf(adapter: PortalAdapter): PortalRow {
  const row = portalRows.find(({ id }) => id === adapter)
  if (row !== undefined) return row
  throw new CountersignError('usage', 'this kind of portal is not known', { option: 'portalAdapter' })
}

function refused(code: PortalRefusal, { tool, id }: AskedSession): PortalAnswer {
  return { refused: { code, detail: `session ${id} of ${tool}` } }
}

function addressNamed(row: PortalRow, named: string): { readonly url: URL; readonly address: PortalAddress } {
  const url = named.length > 2_048 ? null : URL.parse(named)
  const isPlain = url !== null && isSecure(url) && url.search === '' && url.hash === ''
  const address = isPlain ? row.address(url) : undefined
  if (isPlain && address !== undefined) return { url, address }
  throw new CountersignError('usage', `the address that was named is not one of ${row.id}`, {
    option: 'portal',
    hint: `it is ${row.form}`,
  })
}
