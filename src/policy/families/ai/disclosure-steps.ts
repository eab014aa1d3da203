/** Ways out for a change that names no session: who writes what where, and what comes after that. */
import { option } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import { allowedWords } from './change-words.ts'

type Allowed = NonNullable<NonNullable<AiSection['disclosure']>['overrides']>['allowed']

export const nameItStep =
  'author: if AI wrote it, put the session into the last lines of the commit message, as AI-Session-ID: claude-code:ID (the tool in small letters, and the id that it shows, for Claude Code the name of the transcript in ~/.claude/projects; where nobody has it any more, a reason can say so), amend the commit and force-push; `countersign hooks install` writes that line from then on'

const byHandStep =
  'author: if a person wrote it, split it into smaller changes, or ask a maintainer to name in the policy who may answer for a reason (ai.disclosure.overrides)'

export const sayMoreStep = `author: say why in a sentence of ${limits.overrideReasonLetters} letters or more, not by a ticket alone (AI-Provenance-Override: REASON), amend the commit and force-push`

/** `missing`: nobody says why; `unproved`: somebody does, who may be anybody. `seesApprovals`: the job read them. */
export function disclosureSteps(
  kind: 'missing' | 'unproved',
  allowed: Allowed | undefined,
  ai: AiEvidence,
  seesApprovals: boolean,
): { readonly note: string; readonly alternatives?: string[] } {
  if (allowed === undefined) return { note: nameItStep, alternatives: [byHandStep] }
  const who = allowedWords(allowed, ai)
  if (kind === 'missing') {
    const why = `author: if a person wrote it, say in the last lines of the message why it has no session (AI-Provenance-Override: REASON, ${limits.overrideReasonLetters} letters or more), amend the commit and force-push; then one of these signs it (git commit --amend -S --no-edit), or approves it where the job has a token that may read requests: ${who}`
    return { note: nameItStep, alternatives: [why] }
  }
  const sign = `author: ask one of these to sign the commit on its branch (git commit --amend -S --no-edit) and force-push it: ${who}`
  const approve = seesApprovals
    ? 'author: ask one of them to approve this very commit at the forge'
    : `maintainer: give the job a token that may read requests (${option('forgeTokenFile')}); then it counts, too, where one of them approves this very commit at the forge`
  return { note: sign, alternatives: [approve, nameItStep] }
}
