/**
 * What GitLab says of a change (REST API, version 4): `merge_requests/{iid}`, its `approvals` and `reviewers`; of a commit its `statuses`,
 * which are its jobs as well; `deployments`; and of the branch what `gitlab-branch.ts` reads. It does not say which commit a review
 * looked at, nor whose accounts the commits of a request are of.
 */
import type { CheckOutcome, CheckRun, DeploymentContext, DeploymentState, ReviewVerdict } from '../../model/context.ts'
import type { Json } from '../../model/json.ts'
import { junk } from './asking.ts'
import type { ContextPlace, ForgeContext, Said, SaidAccount, SaidRequest, SaidReview } from './context-row.ts'
import { gitlabBranchRules } from './gitlab-branch.ts'
import { listed, readingOf, saidAll, unsaid } from './listing.ts'
import type { Paging } from './listing.ts'
import { accountIn, at, commitIn, idsIn, isNamed, nameIn, namesIn, objectsIn, textsOf, timeIn } from './members.ts'

const inList: Paging = { size: 'per_page', perPage: 100, entries: (json) => json }

export function gitlabContext({ asking, repository, account }: ContextPlace): ForgeContext {
  const root = `/projects/${encodeURIComponent(repository.join('/'))}`

  async function request(number: string): Promise<Said<SaidRequest>> {
    const answer = await asking.get(`${root}/merge_requests/${number}`)
    if ('trouble' in answer) return unsaid(answer)
    const { json } = answer
    const head = commitIn(at(json, 'sha'))
    const [project, named] = fullName(at(json, 'references', 'full'))
    const isAsked = at(json, 'iid') === Number(number) && named === number && isNamed(project, repository)
    if (!isAsked || head === undefined) return unsaid(junk)
    const author = accountOf(at(json, 'author'))
    // Before GitLab 14.7 it is called otherwise.
    const mergedBy = accountOf(at(json, 'merge_user') ?? at(json, 'merged_by'))
    return saidAll({
      head,
      became: idsIn(at(json, 'merge_commit_sha'), at(json, 'squash_commit_sha')),
      // Which commit a review looked at is not said here, so that it is of no use whose it was.
      commits: undefined,
      request: {
        ...{ ...readingOf(answer), name: `!${number}` },
        author: author === undefined ? undefined : account(author),
        mergedBy: mergedBy === undefined ? undefined : account(mergedBy),
        mergedAt: timeIn(at(json, 'merged_at')),
        target: nameIn(at(json, 'target_branch')),
        labels: namesIn(at(json, 'labels')),
        authors: undefined,
      },
      texts: textsOf(at(json, 'source_branch'), at(json, 'title'), at(json, 'description')),
    })
  }

  async function reviews(number: string): Promise<Said<readonly SaidReview[]>> {
    const approvals = await asking.get(`${root}/merge_requests/${number}/approvals`)
    if ('trouble' in approvals) return unsaid(approvals)
    const approved = objectsIn(at(approvals.json, 'approved_by'))
    if (approved === undefined) return unsaid(junk)
    const found = new Map<string, SaidReview>()
    for (const entry of approved) {
      const by = accountOf(entry['user'])
      if (by === undefined) return unsaid(junk)
      const when = timeIn(entry['approved_at'])
      found.set(by.login, { ...readingOf(approvals), ...about(by), verdict: 'approved', at: when })
    }
    const reviewers = await listed(asking, `${root}/merge_requests/${number}/reviewers`, inList)
    if ('trouble' in reviewers) return unsaid(reviewers)
    for (const { entry, page } of reviewers.entries) {
      const by = accountOf(entry['user'])
      if (by === undefined) return unsaid(junk)
      const verdict = verdicts.get(entry['state'] ?? null)
      // Of whom was asked and has not answered there is no review; an approval stands in both.
      if (verdict === undefined || found.get(by.login)?.verdict === verdict) continue
      found.set(by.login, { ...readingOf(page), ...about(by), verdict, at: undefined })
    }
    return saidAll([...found.values()])
  }

  function about(by: SaidAccount): Pick<SaidReview, 'by' | 'role' | 'commit'> {
    return { by: account(by), role: undefined, commit: undefined }
  }

  async function checks(commit: string): Promise<Said<readonly CheckRun[]>> {
    const all = await listed(asking, `${root}/repository/commits/${commit}/statuses`, inList)
    if ('trouble' in all) return unsaid(all)
    if (all.entries.some(({ entry }) => entry['sha'] !== commit)) return unsaid(junk)
    return saidAll(
      all.entries.map(({ entry, page }) => ({
        ...{ ...readingOf(page), name: nameIn(entry['name']) ?? 'unnamed' },
        outcome: outcomes.get(entry['status'] ?? null) ?? 'unknown',
        ...{ reporter: undefined, at: timeIn(entry['finished_at']), commit },
      })),
    )
  }

  /** It lists those of all commits alone: the newest are looked through, once for all changes. */
  async function deployments(commit: string): Promise<Said<readonly DeploymentContext[]>> {
    const all = await listed(asking, `${root}/deployments?order_by=created_at&sort=desc`, inList)
    if ('trouble' in all) return { ...unsaid(all), isLast: true }
    const found: DeploymentContext[] = []
    for (const { entry, page } of all.entries) {
      if (entry['sha'] !== commit) continue
      const environment = nameIn(at(entry, 'environment', 'name'))
      if (environment === undefined) return unsaid(junk)
      const state = states.get(entry['status'] ?? null) ?? 'unknown'
      found.push({ ...readingOf(page), environment, state, at: timeIn(entry['updated_at']), commit })
    }
    return saidAll(found)
  }

  return {
    ...{ request, reviews, checks, deployments },
    branchRules: (branch) => gitlabBranchRules(asking, root, branch),
  }
}

/** `group/project!12`. */
function fullName(json: Json | undefined): readonly [string | undefined, string | undefined] {
  const [, project, number] = typeof json === 'string' ? (/^([^!]{1,1024})!(\d{1,9})$/.exec(json) ?? []) : []
  return [project, number]
}

/** Accounts of access tokens and of services are called so, and no person's can be. */
const robot = /^(?:project|group)_\d{1,15}_bot(?:_|\d|$)|^service_account_/

function accountOf(user: Json | undefined): SaidAccount | undefined {
  const login = at(user, 'username')
  return accountIn(login, at(user, 'id'), typeof login === 'string' && robot.test(login))
}

const verdicts: ReadonlyMap<Json, ReviewVerdict> = new Map([
  ['approved', 'approved'],
  ['requested_changes', 'changes-requested'],
  ['reviewed', 'commented'],
  ['unapproved', 'dismissed'],
])

const outcomes: ReadonlyMap<Json, CheckOutcome> = new Map([
  ['success', 'passed'],
  ['failed', 'failed'],
  ['canceled', 'cancelled'],
  ['canceling', 'cancelled'],
  ['skipped', 'skipped'],
  ...['created', 'pending', 'preparing', 'running', 'scheduled', 'waiting_for_resource', 'manual'].map(
    (it) => [it, 'pending'] as const,
  ),
])

const states: ReadonlyMap<Json, DeploymentState> = new Map([
  ['success', 'success'],
  ['failed', 'failure'],
  ['canceled', 'inactive'],
  ...['created', 'running', 'blocked'].map((it) => [it, 'in-progress'] as const),
])
