/**
 * Rules of a branch at GitHub: those of rulesets, which everybody may read (`rules/branches/{branch}`), and those of its protection,
 * which only administrators may (`branches/{branch}/protection`). Whether there is a protection, `branches/{branch}` says to all.
 */
import type { BranchRules } from '../../model/context.ts'
import type { Json } from '../../model/json.ts'
import { junk } from './asking.ts'
import type { Answer, Asking } from './asking.ts'
import type { Said } from './context-row.ts'
import { listed, readingOf, unsaid } from './listing.ts'
import type { Listed } from './listing.ts'
import { at, countIn, flagIn, namesIn, objectsIn } from './members.ts'

export async function githubBranchRules(asking: Asking, root: string, branch: string): Promise<Said<BranchRules>> {
  const name = encodeURIComponent(branch)
  const found = await asking.get(`${root}/branches/${name}`)
  if ('trouble' in found) return unsaid(found)
  const isProtected = flagIn(at(found.json, 'protected'))
  if (at(found.json, 'name') !== branch || isProtected === undefined) return unsaid(junk)
  const rules = await listed(asking, `${root}/rules/branches/${name}`, {
    ...{ size: 'per_page', perPage: 100, entries: (json) => json },
  })
  if ('trouble' in rules) return unsaid(rules)
  const protection = isProtected ? await asking.get(`${root}/branches/${name}/protection`) : undefined
  const isRead = protection === undefined || !('trouble' in protection)
  const classic = protection !== undefined && !('trouble' in protection) ? protection : undefined
  return {
    value: {
      ...readingOf(found, ...rules.pages, ...(classic === undefined ? [] : [classic])),
      ...{ branch, isProtected: isProtected || rules.entries.length > 0 },
      ...rulesIn(rules.entries, classic, isRead),
    },
    trouble: isRead ? undefined : `the protection of the branch was not read: ${protection.trouble}`,
  }
}

type Rules = Omit<BranchRules, 'branch' | 'isProtected' | 'said' | 'sha256'>

/** All that apply count together. Of what was not read only what makes it stricter is known already. */
function rulesIn(rules: readonly Listed[], classic: Answer | undefined, isRead: boolean): Rules {
  const json = classic?.json
  const ofType = (type: string): readonly (Json | undefined)[] =>
    rules.filter(({ entry }) => entry['type'] === type).map(({ entry }) => entry['parameters'])
  const requests = ofType('pull_request')
  const reviews = at(json, 'required_pull_request_reviews')
  const anyOf = (values: readonly (boolean | undefined)[]): boolean | undefined =>
    values.includes(true) ? true : isRead ? false : undefined
  const approvals = [
    ...requests.map((it) => countIn(at(it, 'required_approving_review_count'))),
    countIn(at(reviews, 'required_approving_review_count')),
  ].filter((it) => it !== undefined)
  const isForceless = ofType('non_fast_forward').length > 0
  return {
    requiredChecks: [
      ...new Set([
        ...ofType('required_status_checks').flatMap((it) =>
          namesIn((objectsIn(at(it, 'required_status_checks')) ?? []).map((check) => check['context'] ?? null)),
        ),
        ...namesIn(at(json, 'required_status_checks', 'contexts')),
      ]),
    ],
    requiredApprovals: approvals.length > 0 ? Math.max(...approvals) : isRead ? 0 : undefined,
    requiresCodeOwners: anyOf([
      ...requests.map((it) => flagIn(at(it, 'require_code_owner_review'))),
      flagIn(at(reviews, 'require_code_owner_reviews')),
    ]),
    dismissesStale: anyOf([
      ...requests.map((it) => flagIn(at(it, 'dismiss_stale_reviews_on_push'))),
      flagIn(at(reviews, 'dismiss_stale_reviews')),
    ]),
    // Who may pass by a ruleset is not said.
    bindsAdministrators: rules.length > 0 ? undefined : flagIn(at(json, 'enforce_admins', 'enabled')),
    allowsForcePush: isForceless
      ? false
      : classic !== undefined
        ? flagIn(at(json, 'allow_force_pushes', 'enabled'))
        : isRead
          ? true
          : undefined,
  }
}
