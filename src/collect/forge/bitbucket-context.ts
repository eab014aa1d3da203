/**
 * What Bitbucket Cloud says of a change (REST API, version 2.0): `pullrequests/{id}` with its participants, who are its reviewers, and its
 * `commits`; of a commit its `statuses`; and of the branch its `branch-restrictions`, which only administrators may read. It does not
 * say which commit a review looked at, nor, beside its own pages, of which commit a deployment is.
 */
import type { BranchRules, CheckOutcome, CheckRun, ReviewVerdict } from '../../model/context.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { junk } from './asking.ts'
import type { Trouble } from './asking.ts'
import type { ContextPlace, ForgeContext, Said, SaidAccount, SaidRequest, SaidReview } from './context-row.ts'
import { listed, readingOf, saidAll, unsaid } from './listing.ts'
import type { Paging } from './listing.ts'
import { accountIn, at, countIn, idsIn, isNamed, nameIn, objectsIn, textsOf, timeIn } from './members.ts'

export function bitbucketContext({ asking, repository, account }: ContextPlace): ForgeContext {
  const root = `/repositories/${repository.map(encodeURIComponent).join('/')}`

  /** The next page is named by an address, of which only the mark is taken, where it leads to the same list. */
  const paged: Paging = {
    ...{ size: 'pagelen', perPage: 50, entries: (json) => at(json, 'values') },
    next(json, path) {
      const next = at(json, 'next')
      if (next === undefined || next === null) return undefined
      const url = typeof next === 'string' && next.length < 4_096 ? URL.parse(next) : null
      const isList = url !== null && decodeURI(url.pathname).endsWith(decodeURI(path.split('?')[0] ?? ''))
      const mark = isList ? url.searchParams.get('page') : null
      return mark === null || mark.length > 255 ? elsewhere : mark
    },
  }

  async function request(number: string): Promise<Said<SaidRequest>> {
    const answer = await asking.get(`${root}/pullrequests/${number}`)
    if ('trouble' in answer) return unsaid(answer)
    const { json } = answer
    const [head] = idsIn(at(json, 'source', 'commit', 'hash'))
    const isAsked =
      at(json, 'id') === Number(number) && isNamed(at(json, 'destination', 'repository', 'full_name'), repository)
    if (!isAsked || head === undefined) return unsaid(junk)
    const author = accountOf(at(json, 'author'))
    const mergedBy = at(json, 'state') === 'MERGED' ? accountOf(at(json, 'closed_by')) : undefined
    const commits = await listed(asking, `${root}/pullrequests/${number}/commits`, paged)
    const writers =
      'trouble' in commits ? [undefined] : commits.entries.map(({ entry }) => accountOf(at(entry, 'author', 'user')))
    // Who wrote a commit under an address without an account may be the very one who approves.
    const authors = writers.every((it) => it !== undefined) ? writers : undefined
    return {
      value: {
        head,
        became: idsIn(at(json, 'merge_commit', 'hash')),
        // Which commit a review looked at is not said here, so that it is of no use whose it was.
        commits: undefined,
        request: {
          ...{ ...readingOf(answer), name: `#${number}` },
          author: author === undefined ? undefined : account(author),
          mergedBy: mergedBy === undefined ? undefined : account(mergedBy),
          mergedAt: undefined,
          target: nameIn(at(json, 'destination', 'branch', 'name')),
          labels: [],
          authors:
            authors === undefined ? undefined : [...new Map(authors.map((it) => [it.login, it])).values()].map(account),
        },
        texts: textsOf(at(json, 'source', 'branch', 'name'), at(json, 'title'), at(json, 'summary', 'raw')),
      },
      trouble: 'trouble' in commits ? commits.trouble : undefined,
      isLast: 'trouble' in commits && commits.next === 'end',
    }
  }

  async function reviews(number: string): Promise<Said<readonly SaidReview[]>> {
    const answer = await asking.get(`${root}/pullrequests/${number}`)
    if ('trouble' in answer) return unsaid(answer)
    const participants = objectsIn(at(answer.json, 'participants'))
    if (participants === undefined) return unsaid(junk)
    const found: SaidReview[] = []
    for (const entry of participants) {
      const verdict = verdictOf(entry)
      if (verdict === undefined) continue
      const by = accountOf(entry['user'])
      if (by === undefined) return unsaid(junk)
      found.push({
        ...{ ...readingOf(answer), by: account(by), role: nameIn(entry['role']), verdict },
        ...{ at: timeIn(entry['participated_on']), commit: undefined },
      })
    }
    return saidAll(found)
  }

  async function checks(commit: string): Promise<Said<readonly CheckRun[]>> {
    const all = await listed(asking, `${root}/commit/${commit}/statuses`, paged)
    if ('trouble' in all) return unsaid(all)
    return saidAll(
      all.entries.map(({ entry, page }) => ({
        ...{ ...readingOf(page), name: nameIn(entry['name']) ?? nameIn(entry['key']) ?? 'unnamed' },
        outcome: outcomes.get(entry['state'] ?? null) ?? 'unknown',
        ...{ reporter: undefined, at: timeIn(entry['updated_on']), commit },
      })),
    )
  }

  async function branchRules(branch: string): Promise<Said<BranchRules>> {
    const all = await listed(asking, `${root}/branch-restrictions`, paged)
    if ('trouble' in all) return unsaid(all)
    const [first, ...others] = all.pages
    if (first === undefined) return unsaid(junk)
    const own = all.entries.map(({ entry }) => entry).filter((it) => isFor(it, branch))
    const ofKind = (kind: string): readonly JsonObject[] => own.filter((it) => it['kind'] === kind)
    const isGuessed = all.entries.some(({ entry }) => entry['branch_match_kind'] !== 'glob')
    return {
      value: {
        ...readingOf(first, ...others),
        ...{ branch, isProtected: own.length > 0, requiredChecks: [] },
        requiredApprovals: Math.max(0, ...ofKind('require_approvals_to_merge').map((it) => countIn(it['value']) ?? 0)),
        requiresCodeOwners: undefined,
        dismissesStale: ofKind('reset_pullrequest_approvals_on_change').length > 0,
        bindsAdministrators: undefined,
        allowsForcePush: ofKind('force').length === 0,
      },
      trouble: isGuessed ? 'some rules are for kinds of branches, and which those are is not said' : undefined,
    }
  }

  return { request, reviews, checks, branchRules, deployments: undefined }
}

const elsewhere: Trouble = { trouble: 'its next page is elsewhere', next: 'other' }

/** It has no logins any more: an id stands for the account, and a nickname is anybody's. */
function accountOf(user: Json | undefined): SaidAccount | undefined {
  return accountIn(at(user, 'account_id') ?? at(user, 'uuid'), undefined, at(user, 'type') === 'app_user')
}

function verdictOf({ state, approved }: JsonObject): ReviewVerdict | undefined {
  if (state === 'approved' || approved === true) return 'approved'
  return state === 'changes_requested' ? 'changes-requested' : undefined
}

const outcomes: ReadonlyMap<Json, CheckOutcome> = new Map([
  ['SUCCESSFUL', 'passed'],
  ['FAILED', 'failed'],
  ['STOPPED', 'cancelled'],
  ['INPROGRESS', 'pending'],
])

/** `*` in its pattern stands for anything. */
function isFor({ pattern, branch_match_kind: kind }: JsonObject, branch: string): boolean {
  if (kind !== 'glob' || typeof pattern !== 'string' || pattern.length > 255) return false
  const parts = pattern.split(/\*+/)
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return branch === pattern
  if (!branch.startsWith(first)) return false
  let from = first.length
  for (const part of rest) {
    const found = branch.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return branch.length - last.length >= from && branch.endsWith(last)
}
