/** A change with many added lines names a session, or somebody who may say so says why it has none. */
import type { AiSection } from '../../../model/policy.ts'
import type { Change } from '../../../model/predicate.ts'
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { standingApprovals } from './approvals.ts'
import { countedLines, leftOutWords } from './counted-lines.ts'
import { changesOf } from './looked.ts'
import { allowedIdentities } from './names.ts'
import { pathWords } from './touched.ts'

type Asked = NonNullable<AiSection['disclosure']>

/** A reason has letters of a sentence. */
const fewestLetters = 20

export const disclosure: AiRule = {
  id: 'ai/disclosure',
  hint: 'say which session wrote it, in the last lines of the commit message (AI-Session-ID: TOOL:ID), or why none did (AI-Provenance-Override: REASON, in a commit signed by somebody whom the policy names, or approved by them)',
  check({ ai: asked }, { ai }) {
    if (asked?.disclosure === undefined) return undefined
    const { aboveLines, paths, generatedPaths } = asked.disclosure
    const expected = `a session for more than ${aboveLines} added lines${pathWords(paths)}`
    const told = changesOf(ai)
    if ('missing' in told) return [unseen(expected, told.missing)]
    let above = 0
    let leftOut = 0
    const failing = told.all.flatMap((change): RuleResult[] => {
      if ((change.sessions ?? []).length > 0) return []
      const at = { commit: change.commit }
      // Of files that are not told nobody knows where they are: then all lines count.
      const lines = countedLines(change, { paths, generatedPaths }) ?? countedLines(change, {})
      if (lines === undefined) return [{ ...unseen(expected, 'lines were not counted'), at }]
      const added = lines.ai + lines.human + lines.unknown
      leftOut += lines.leftOut
      if (added <= aboveLines) return []
      above += 1
      const refusal = refusalOf(change, asked.disclosure)
      if (refusal === undefined) return []
      const found = `${added} lines${leftOutWords(lines)}, ${refusal.found}`
      const { code, note } = refusal
      return [{ outcome: 'fail', code, at, expected, found, ...(note === undefined ? {} : { note }) }]
    })
    if (failing.length > 0) return failing
    const found = above === 0 ? 'no change matches' : `${above} say why they have none`
    return [{ outcome: 'pass', expected, found: `${found}${leftOutWords({ leftOut })}` }]
  },
}

interface Refusal {
  readonly code: 'disclosure-missing' | 'override-unproved'
  readonly found: string
  /** What to do, where that is another thing than for all others. */
  readonly note?: string
}

/** Why it does not do that it has no session; undefined where somebody who may say so does. */
function refusalOf(change: Change, asked: Asked | undefined): Refusal | undefined {
  const { override, commit, context } = change
  if (override === undefined) return { code: 'disclosure-missing', found: 'and no session' }
  const allowed = asked?.overrides?.allowed
  if (allowed === undefined) return { code: 'disclosure-missing', found: 'and nobody may say why there is no session' }
  if (override.letters < fewestLetters || override.isTicketOnly) {
    const note =
      'say why in a sentence of 20 letters or more, not by a ticket alone; or say which session wrote it (AI-Session-ID: TOOL:ID)'
    return { code: 'override-unproved', found: 'and a reason that says nothing', note }
  }
  const isAllowed = (signer: string, issuer: string | undefined): boolean =>
    // A name is worth as much as who gave it out: whoever is named without an issuer signs by no certificate.
    allowed.some((it) => it.issuer === issuer && allowedIdentities([it.signer])(signer))
  const { signedBy } = override
  if (signedBy !== undefined && isAllowed(signedBy.signer, signedBy.issuer)) return undefined
  const author = context.request?.author ?? undefined
  const authors = context.request?.authors ?? undefined
  // Where nobody says which accounts wrote it, each who approves may be one of them.
  const writers = author === undefined || authors === undefined ? undefined : [author, ...authors]
  const isApproved = standingApprovals(context.reviews ?? []).some(
    // Whoever merges may type a message: only who approved this very commit has seen it.
    (it) =>
      it.commit === commit &&
      isAllowed(it.by, undefined) &&
      writers?.every(({ account }) => account !== it.by) === true,
  )
  if (isApproved) return undefined
  return {
    ...{ code: 'override-unproved', found: 'and a reason that nobody signed or approved who may' },
    note: 'have somebody whom the policy names sign this commit, or approve it at the forge; or say which session wrote it (AI-Session-ID: TOOL:ID)',
  }
}
