/** A change with many added lines names a session, or somebody who may say so says why it has none. */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { PolicyOverride } from '../../../model/policy-report.ts'
import { saysTooLittle } from '../../../model/override-reason.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { Change } from '../../../model/predicate.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { standingApprovals } from './approvals.ts'
import { listed, nameOf, placeOf, signerWords } from './change-words.ts'
import { countedLines, leftOutWords } from './counted-lines.ts'
import { changesOf } from './looked.ts'
import { allowedIdentities } from './names.ts'
import { disclosureSteps, nameItStep, sayMoreStep } from './disclosure-steps.ts'
import { pathWords } from './touched.ts'
import { counted } from '../../../model/counted.ts'

type Asked = NonNullable<AiSection['disclosure']>

/** Proved reasons that a row shows. */
const shownOverrides = 20

export const disclosure: AiRule = {
  id: 'ai/disclosure',
  hint: nameItStep,
  check({ ai: asked }, { ai }) {
    if (asked?.disclosure === undefined) return undefined
    const { aboveLines, paths, generatedPaths, overrides } = asked.disclosure
    const reason = overrides === undefined ? '' : ', or a reason that somebody whom the policy names confirmed,'
    const expected = `an AI session${reason} for more than ${counted(aboveLines, 'added line')}${pathWords(paths)}`
    const told = changesOf(ai)
    if ('missing' in told) return [unseen(expected, told.missing)]
    const proved: PolicyOverride[] = []
    let leftOut = 0
    const failing = told.all.flatMap((change): RuleResult[] => {
      if ((change.sessions ?? []).length > 0) return []
      const at = placeOf(change, paths)
      // Of files that are not told nobody knows where they are: then all lines count.
      const lines = countedLines(change, { paths, generatedPaths }) ?? countedLines(change, {})
      if (lines === undefined) return [{ ...unseen(expected, 'lines were not counted'), at }]
      const added = lines.ai + lines.human + lines.unknown
      leftOut += lines.leftOut
      if (added <= aboveLines) return []
      const answer = answerOf(change, asked.disclosure, ai)
      if ('by' in answer) {
        proved.push(answer)
        return []
      }
      return [
        {
          outcome: 'fail',
          at,
          expected,
          ...answer,
          found: `${counted(added, 'added line')}${leftOutWords(lines)}, ${answer.found}`,
        },
      ]
    })
    if (failing.length > 0) return failing
    const found = proved.length === 0 ? 'no change matches' : `${proved.length} say why they have none`
    const more = proved.length - shownOverrides
    return [
      {
        ...{ outcome: 'pass', expected, found: `${found}${leftOutWords({ leftOut })}` },
        ...(proved.length === 0 ? {} : { overrides: proved.slice(0, shownOverrides) }),
        ...(more > 0 ? { moreOverrides: more } : {}),
      },
    ]
  },
}

interface Refusal {
  readonly code: 'disclosure-missing' | 'override-unproved'
  readonly found: string
  /** What to do, and other ways out. */
  readonly note: string
  readonly alternatives?: string[]
}

/** Who answers for it that it has no session; or why nobody does who may. */
function answerOf(change: Change, asked: Asked | undefined, ai: AiEvidence): PolicyOverride | Refusal {
  const { override, commit, context } = change
  const allowed = asked?.overrides?.allowed
  const seesApprovals = (context.reviews ?? undefined) !== undefined
  if (override === undefined) {
    return {
      code: 'disclosure-missing',
      found: 'and no session',
      ...disclosureSteps('missing', allowed, ai, seesApprovals),
    }
  }
  const said = ai.shown?.reasons.get(commit)
  const reason = said === undefined ? 'a reason' : `the reason "${said}"`
  if (allowed === undefined) {
    const found = `and ${reason}, which this policy takes from nobody`
    return { code: 'disclosure-missing', found, ...disclosureSteps('missing', allowed, ai, seesApprovals) }
  }
  if (saysTooLittle(override)) {
    return {
      code: 'override-unproved',
      found: `and ${reason}, which says too little`,
      note: sayMoreStep,
      alternatives: [nameItStep],
    }
  }
  const allowing = (signer: string, issuer: string | undefined): (typeof allowed)[number] | undefined =>
    // A name is worth as much as who gave it out: whoever is named without an issuer signs by no certificate.
    allowed.find((it) => it.issuer === issuer && allowedIdentities([it.signer])(signer))
  const isAllowed = (signer: string, issuer: string | undefined): boolean => allowing(signer, issuer) !== undefined
  const { signedBy } = override
  const proofBy = (proof: PolicyOverride['proof'], by: string, issuer?: string): PolicyOverride => {
    const name = allowing(by, issuer)?.name ?? nameOf(by, ai)
    return { commit, ...shownOf(commit, ai), proof, by, ...(name === undefined ? {} : { name }) }
  }
  if (signedBy !== undefined && isAllowed(signedBy.signer, signedBy.issuer)) {
    return proofBy('signed', signedBy.signer, signedBy.issuer)
  }
  const author = context.request?.author ?? undefined
  const authors = context.request?.authors ?? undefined
  // Where nobody says which accounts wrote it, each who approves may be one of them.
  const writers = author === undefined || authors === undefined ? undefined : [author, ...authors]
  const approval = standingApprovals(context.reviews ?? []).find(
    // Whoever merges may type a message: only who approved this very commit has seen it.
    (it) =>
      it.commit === commit &&
      isAllowed(it.by, undefined) &&
      writers?.every(({ account }) => account !== it.by) === true,
  )
  if (approval !== undefined) return proofBy('approved', approval.by)
  const signature =
    signedBy === undefined
      ? 'the commit has no signature, or none by a key that the job knows'
      : `the commit is signed by ${signerWords(signedBy.signer)}, whom the policy does not name for it`
  const found = `and ${reason}, which nobody with the right to it confirmed: ${signature}; ${approvalWords(change, ai)}`
  return { code: 'override-unproved', found, ...disclosureSteps('unproved', allowed, ai, seesApprovals) }
}

function shownOf(commit: string, { shown }: AiEvidence): Pick<PolicyOverride, 'subject' | 'reason'> {
  const [subject, reason] = [shown?.subjects.get(commit), shown?.reasons.get(commit)]
  return { ...(subject === undefined ? {} : { subject }), ...(reason === undefined ? {} : { reason }) }
}

function approvalWords({ context, commit }: Change, { shown }: AiEvidence): string {
  const reviews = context.reviews ?? undefined
  if (reviews === undefined) return 'approvals were not looked at'
  const own = standingApprovals(reviews).filter((it) => it.commit === commit)
  const names = own.flatMap(({ by }) => shown?.people.get(by) ?? [])
  if (own.length === 0) return 'nobody approved this very commit'
  return `nobody approved it who may: ${names.length === 0 ? `${own.length} did` : listed(names)}`
}
