/**
 * Rules of a branch at GitLab: `repository/branches/{branch}` says whether it is protected, `protected_branches/{branch}` how; the project
 * and its `approvals` and `approval_rules` (of the paid editions) what a merge needs.
 */
import type { BranchRules } from '../../model/context.ts'
import type { JsonObject } from '../../model/json.ts'
import { junk } from './asking.ts'
import type { Answer, Asking, Trouble } from './asking.ts'
import type { Said } from './context-row.ts'
import { listed, readingOf, unsaid } from './listing.ts'
import { at, countIn, flagIn, objectsIn } from './members.ts'

/** Stands where a merge waits for the pipeline, whatever jobs that has. */
const pipeline = 'pipeline'

export async function gitlabBranchRules(asking: Asking, root: string, branch: string): Promise<Said<BranchRules>> {
  const name = encodeURIComponent(branch)
  const found = await asking.get(`${root}/repository/branches/${name}`)
  if ('trouble' in found) return unsaid(found)
  const isProtected = flagIn(at(found.json, 'protected'))
  if (at(found.json, 'name') !== branch || isProtected === undefined) return unsaid(junk)
  const project = await asking.get(root)
  if ('trouble' in project) return unsaid(project)
  const protection = isProtected ? await asking.get(`${root}/protected_branches/${name}`) : undefined
  const approvals = await asking.get(`${root}/approvals`)
  const rules = await listed(asking, `${root}/approval_rules`, {
    ...{ size: 'per_page', perPage: 100, entries: (json) => json },
  })
  const required = 'trouble' in rules ? [] : rules.entries.filter(({ entry }) => isFor(entry, branch, isProtected))
  const read = [protection, approvals].flatMap((it) => (it === undefined || 'trouble' in it ? [] : [it]))
  const pages = 'trouble' in rules ? [] : rules.pages
  const own = memberOf(protection)
  const waits = flagIn(at(project.json, 'only_allow_merge_if_pipeline_succeeds'))
  return {
    value: {
      ...readingOf(found, project, ...read, ...pages),
      ...{ branch, isProtected, requiredChecks: waits === true ? [pipeline] : [] },
      requiredApprovals:
        'trouble' in rules
          ? undefined
          : Math.max(0, ...required.map(({ entry }) => countIn(entry['approvals_required']) ?? 0)),
      requiresCodeOwners: isProtected ? flagIn(at(own, 'code_owner_approval_required')) : false,
      dismissesStale: flagIn(at(memberOf(approvals), 'reset_approvals_on_push')),
      // Who is let merge is, whatever they administrate.
      bindsAdministrators: undefined,
      allowsForcePush: isProtected ? flagIn(at(own, 'allow_force_push')) : true,
    },
    trouble: troubleOf([
      ['the protection of the branch', protection],
      ['what approvals it needs', approvals],
      ['its approval rules', rules],
    ]),
  }
}

function memberOf(answer: Answer | Trouble | undefined): Answer['json'] | undefined {
  return answer === undefined || 'trouble' in answer ? undefined : answer.json
}

/** A rule without branches is for all of them. */
function isFor(rule: JsonObject, branch: string, isProtected: boolean): boolean {
  const branches = objectsIn(rule['protected_branches']) ?? []
  if (rule['applies_to_all_protected_branches'] === true) return isProtected
  return branches.length === 0 || branches.some((it) => it['name'] === branch)
}

function troubleOf(asked: readonly (readonly [string, object | undefined])[]): string | undefined {
  const missing = asked.flatMap(([what, answer]) => {
    const trouble = (answer as Partial<Trouble> | undefined)?.trouble
    return trouble === undefined ? [] : [`${what} was not read: ${trouble}`]
  })
  return missing.length === 0 ? undefined : missing.join('; ')
}
