/** What a row about AI says beside its rule: what nobody looked at and might turn it, what to do about that first, and of which change it is. */
import { option } from '../../../errors.ts'
import type { AiEvidence, ShownChange } from '../../../model/policy-evidence.ts'
import type { PolicyPlace, UnseenReader } from '../../../model/policy-report.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseenFor } from './bearing.ts'
import { noStatementOfChanges } from './looked.ts'

/** The same rule, with that in its rows. */
export function telling(rule: AiRule): AiRule {
  return {
    ...rule,
    check: (sections, seen) => rule.check(sections, seen)?.map((it) => toldOf(it, rule, seen.ai)),
  }
}

const changesStep = `attest with the changes too (${option('changes')}) and put that file beside the artifact; whether somebody approved is read where the job that attests has a token that may read requests (${option('forgeTokenFile')})`

/** Words of rules that say themselves what was not seen. */
const notLookedAt = 'not looked at'

function toldOf(result: RuleResult, { id, hint }: AiRule, ai: AiEvidence): RuleResult {
  const at = result.at === undefined ? {} : { at: placed(result.at, ai) }
  if (result.outcome !== 'fail') return { ...result, ...at }
  if (result.found === noStatementOfChanges) return { ...result, ...at, note: changesStep }
  const unseen = result.unseen ?? unseenFor(id, result.code, ai)
  if (unseen.length === 0) return { ...result, ...at }
  const { note = hint, alternatives = [], found = 'nothing', ...rest } = result
  // Where nobody looked, to look is what helps; what the rule itself would have done may not be needed.
  const isUnknown = result.code === 'evidence-missing' || result.code === 'reader-not-looked'
  // Who answers for a reason is at the forge too, and the rule says so itself.
  const looking = stepsFor(result.code === 'override-unproved' ? unseen.filter((it) => !isOfForge(it)) : unseen, ai)
  const own = isUnknown ? alternatives : [note, ...alternatives]
  // What the author can do goes first: to look is for who owns the job.
  const [step = note, ...more] = isUnknown ? [...looking, ...own] : [...own, ...looking]
  return {
    ...{ ...rest, ...at, unseen, note: step },
    ...(more.length === 0 ? {} : { alternatives: more }),
    found: isUnknown || found.includes(notLookedAt) ? found : `${found}; some places were ${notLookedAt}`,
  }
}

function isOfForge({ reader }: UnseenReader): boolean {
  return reader === 'request' || reader === 'reviews'
}

function placed(at: PolicyPlace, { shown }: AiEvidence): PolicyPlace {
  const subject = at.commit === undefined ? undefined : shown?.subjects.get(at.commit)
  return subject === undefined ? at : { ...at, subject }
}

/** Who does what, so that it is looked at. */
function stepsFor(unseen: readonly UnseenReader[], { shown }: AiEvidence): string[] {
  const isOpen = shown !== undefined
  const again = isOpen ? 'run it again' : 'attest it again'
  const others = unseen.filter((it) => !isOfForge(it))
  const lacking = others.filter(({ outcome }) => outcome === 'not-fetched')
  const rest = others.filter(({ outcome }) => outcome !== 'not-fetched')
  return [
    ...(unseen.some(isOfForge) ? forgeSteps(shown, unseen) : []),
    ...(lacking.length === 0
      ? []
      : [
          isOpen
            ? `maintainer: add ${option('fetch')} to the command of the job and push again (a repeated run keeps the old command): what this clone lacks may change this`
            : `add ${option('fetch')} to the command of the job and attest again: what this clone lacks may change this`,
        ]),
    ...(rest.length === 0 ? [] : [`see why ${namesOf(rest)} did not look, mend that, and ${again}`]),
  ]
}

/** Where the job could ask already, and had nothing to ask for, a token helps nobody. */
const unnamedSteps: { readonly [made in NonNullable<ShownChange['unnamed']>]: readonly string[] } = {
  queue: [
    `maintainer: what this queue made names no request, as where it rebases: let it merge, or squash with ${option('fetch')}, so that the reviews of its requests are found`,
    'maintainer: let the gate of each request ask for the reviews, and judge the queue by a profile without this rule',
  ],
  push: [
    'maintainer: no commit here names a request that the forge knows: run the gate on the request, before it is merged',
  ],
}

function forgeSteps(shown: ShownChange | undefined, unseen: readonly UnseenReader[]): readonly string[] {
  if (unseen.some((it) => isOfForge(it) && it.outcome === 'could-not-look')) {
    return ['maintainer: the forge was asked and did not answer: see what it said, and run it again']
  }
  if (shown?.unnamed !== undefined) return unnamedSteps[shown.unnamed]
  if (shown === undefined) return [`attest it again with a token that may read requests (${option('forgeTokenFile')})`]
  return [
    `maintainer: give the job a token that may read requests (${option('forgeTokenFile')}; at GitHub the job's own with pull-requests: read, which a fork has too), and push again (a repeated run keeps the old job)`,
    'maintainer: run the gate by hand over the same range, with such a token',
  ]
}

function namesOf(unseen: readonly UnseenReader[]): string {
  return unseen.map(({ reader }) => reader).join(', ')
}
