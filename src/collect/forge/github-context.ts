/**
 * What GitHub says of a change (REST API, version 2022-11-28): `pulls/{n}`, its `reviews` and `commits`; of a commit its `check-runs` and
 * `status`; `deployments`; and of the branch what `github-branch.ts` reads.
 */
import type { CheckOutcome, CheckRun, DeploymentContext, DeploymentState, ReviewVerdict } from '../../model/context.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { junk } from './asking.ts'
import type { ContextPlace, ForgeContext, Said, SaidAccount, SaidRequest, SaidReview } from './context-row.ts'
import { githubBranchRules } from './github-branch.ts'
import { listed, readingOf, saidAll, unsaid } from './listing.ts'
import type { Listed, Paging } from './listing.ts'
import { accountIn, at, commitIn, idsIn, isNamed, nameIn, namesIn, objectsIn, textsOf, timeIn } from './members.ts'

const inList: Paging = { size: 'per_page', perPage: 100, entries: (json) => json }
/** More commits of a pull request are not listed, whatever page is asked for. */
const mostCommits = 250

export function githubContext({ asking, repository, account }: ContextPlace): ForgeContext {
  const root = `/repos/${repository.map(encodeURIComponent).join('/')}`

  async function request(number: string): Promise<Said<SaidRequest>> {
    const answer = await asking.get(`${root}/pulls/${number}`)
    if ('trouble' in answer) return unsaid(answer)
    const { json } = answer
    const head = commitIn(at(json, 'head', 'sha'))
    const isAsked = at(json, 'number') === Number(number) && isNamed(at(json, 'base', 'repo', 'full_name'), repository)
    if (!isAsked || head === undefined) return unsaid(junk)
    const [author, mergedBy] = ['user', 'merged_by'].map((it) => accountOf(at(json, it)))
    const commits = await listed(asking, `${root}/pulls/${number}/commits`, inList)
    const all = 'trouble' in commits || isCut(commits.entries, at(json, 'commits')) ? undefined : commits.entries
    const authors = all === undefined ? undefined : authorsIn(all)
    return {
      value: {
        head,
        became: idsIn(at(json, 'merge_commit_sha')),
        commits: all === undefined ? undefined : authoredIn(all),
        request: {
          ...{ ...readingOf(answer), name: `#${number}` },
          author: author === undefined ? undefined : account(author),
          mergedBy: mergedBy === undefined ? undefined : account(mergedBy),
          mergedAt: timeIn(at(json, 'merged_at')),
          target: nameIn(at(json, 'base', 'ref')),
          labels: namesIn((objectsIn(at(json, 'labels')) ?? []).map((it) => it['name'] ?? null)),
          authors: authors?.map(account),
        },
        texts: textsOf(at(json, 'head', 'ref'), at(json, 'title'), at(json, 'body')),
      },
      trouble: all !== undefined ? undefined : 'trouble' in commits ? commits.trouble : 'it lists not all commits',
      isLast: 'trouble' in commits && commits.next === 'end',
    }
  }

  async function reviews(number: string): Promise<Said<readonly SaidReview[]>> {
    const all = await listed(asking, `${root}/pulls/${number}/reviews`, inList)
    if ('trouble' in all) return unsaid(all)
    const found: SaidReview[] = []
    for (const { entry, page } of all.entries) {
      // Only who writes it sees it.
      if (entry['state'] === 'PENDING') continue
      // Whose account was deleted has none; GitHub shows such a review as that of its ghost.
      const by = entry['user'] === null ? ghost : accountOf(entry['user'])
      if (by === undefined) return unsaid(junk)
      found.push({
        ...{ ...readingOf(page), by: account(by), role: nameIn(entry['author_association']) },
        verdict: verdicts.get(entry['state'] ?? null) ?? 'unknown',
        at: timeIn(entry['submitted_at']),
        commit: commitIn(entry['commit_id']),
      })
    }
    return saidAll(found)
  }

  async function checks(commit: string): Promise<Said<readonly CheckRun[]>> {
    const runs = await listed(asking, `${root}/commits/${commit}/check-runs?filter=latest`, {
      ...inList,
      entries: (json) => at(json, 'check_runs'),
    })
    if ('trouble' in runs) return unsaid(runs)
    const statuses = await listed(asking, `${root}/commits/${commit}/status`, {
      ...inList,
      entries: (json) => (at(json, 'sha') === commit ? at(json, 'statuses') : undefined),
    })
    if ('trouble' in statuses) return unsaid(statuses)
    if (runs.entries.some(({ entry }) => entry['head_sha'] !== commit)) return unsaid(junk)
    return saidAll([
      ...latestRuns(runs.entries).map((it) => runIn(it, commit)),
      ...statuses.entries.map((it) => statusIn(it, commit)),
    ])
  }

  async function deployments(commit: string): Promise<Said<readonly DeploymentContext[]>> {
    const all = await listed(asking, `${root}/deployments?sha=${commit}`, inList)
    if ('trouble' in all) return unsaid(all)
    const found: DeploymentContext[] = []
    for (const { entry, page } of all.entries) {
      const { id, environment } = entry
      const name = nameIn(environment)
      if (entry['sha'] !== commit || typeof id !== 'number' || !Number.isSafeInteger(id) || name === undefined)
        return unsaid(junk)
      // The newest comes first.
      const states = await asking.get(`${root}/deployments/${id}/statuses?per_page=1&page=1`)
      if ('trouble' in states) return unsaid(states)
      const [last] = objectsIn(states.json) ?? [undefined]
      if (!Array.isArray(states.json)) return unsaid(junk)
      found.push({
        ...{ ...readingOf(page, states), environment: name },
        state: last === undefined ? 'unknown' : (deploymentStates.get(last['state'] ?? null) ?? 'unknown'),
        at: timeIn(last?.['created_at']),
        commit,
      })
    }
    return saidAll(found)
  }

  return {
    ...{ request, reviews, checks, deployments },
    branchRules: (branch) => githubBranchRules(asking, root, branch),
  }
}

const ghost: SaidAccount = { login: 'ghost', number: undefined, isBot: false }

function accountOf(user: Json | undefined): SaidAccount | undefined {
  return accountIn(at(user, 'login'), at(user, 'id'), at(user, 'type') === 'Bot')
}

/**
 * Each once; without the account in whose name GitHub commits what is merged on its pages. Undefined where one of them is no account: the
 * address of a commit says not whose it is, and who wrote it may be the very one who approves.
 */
function authorsIn(commits: readonly Listed[]): readonly SaidAccount[] | undefined {
  const accounts = commits.flatMap(({ entry }) => [entry['author'], entry['committer']].map(accountOf))
  if (!accounts.every((it) => it !== undefined)) return undefined
  return [...new Map(accounts.map((it) => [it.login.toLowerCase(), it])).values()].filter(
    ({ login }) => login !== 'web-flow',
  )
}

function authoredIn(commits: readonly Listed[]): ReadonlySet<string> {
  return new Set(
    commits.flatMap(({ entry }) => (accountOf(entry['author']) === undefined ? [] : (commitIn(entry['sha']) ?? []))),
  )
}

function isCut({ length }: readonly Listed[], count: Json | undefined): boolean {
  return length >= mostCommits && count !== length
}

const verdicts: ReadonlyMap<Json, ReviewVerdict> = new Map([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['COMMENTED', 'commented'],
  ['DISMISSED', 'dismissed'],
])

/** Of runs with one name and app the last: each time that checks are asked for anew there is a further suite of them. */
function latestRuns(runs: readonly Listed[]): readonly Listed[] {
  const latest = new Map<string, Listed>()
  for (const it of runs) {
    const key = JSON.stringify([it.entry['name'], at(it.entry, 'app', 'slug')])
    const known = latest.get(key)
    if (known === undefined || numberOf(known.entry) < numberOf(it.entry)) latest.set(key, it)
  }
  return [...latest.values()]
}

function numberOf({ id }: JsonObject): number {
  return typeof id === 'number' ? id : 0
}

function runIn({ entry, page }: Listed, commit: string): CheckRun {
  const { name, status, conclusion, completed_at: end } = entry
  const isOver = status === 'completed'
  return {
    ...{ ...readingOf(page), name: nameIn(name) ?? 'unnamed' },
    outcome: isOver ? (conclusions.get(conclusion ?? null) ?? 'unknown') : 'pending',
    ...{ reporter: nameIn(at(entry, 'app', 'slug')), at: timeIn(end), commit },
  }
}

const conclusions: ReadonlyMap<Json, CheckOutcome> = new Map([
  ['success', 'passed'],
  ['failure', 'failed'],
  ['timed_out', 'failed'],
  ['startup_failure', 'failed'],
  ['action_required', 'pending'],
  ['neutral', 'neutral'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
  ['stale', 'cancelled'],
])

function statusIn({ entry, page }: Listed, commit: string): CheckRun {
  const { context, state, updated_at: end } = entry
  return {
    ...{ ...readingOf(page), name: nameIn(context) ?? 'unnamed' },
    ...{ outcome: statusStates.get(state ?? null) ?? 'unknown', reporter: undefined, at: timeIn(end), commit },
  }
}

const statusStates: ReadonlyMap<Json, CheckOutcome> = new Map([
  ['success', 'passed'],
  ['failure', 'failed'],
  ['error', 'failed'],
  ['pending', 'pending'],
])

const deploymentStates: ReadonlyMap<Json, DeploymentState> = new Map([
  ['success', 'success'],
  ['failure', 'failure'],
  ['error', 'failure'],
  ['in_progress', 'in-progress'],
  ['queued', 'in-progress'],
  ['pending', 'in-progress'],
  ['inactive', 'inactive'],
])
