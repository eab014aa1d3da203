/** Ways out for a change that names no session: who writes what where, and what comes after that. */
import { option } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { AiSection } from '../../../model/policy.ts'
import { listed, signerWords } from './change-words.ts'

type Allowed = NonNullable<NonNullable<AiSection['disclosure']>['overrides']>['allowed']

export const nameItStep =
  'if AI wrote it, its author puts the session into the last lines of the commit message (as AI-Session-ID: claude-code:ID), amends the commit and force-pushes'

const byHandStep =
  'if a person wrote it, they split it into smaller changes, or a maintainer names in the policy who may answer for a reason (ai.disclosure.overrides)'

export const sayMoreStep = `its author says why in a sentence of ${limits.overrideReasonLetters} letters or more, not by a ticket alone (AI-Provenance-Override: REASON), then amends the commit and force-pushes`

/** `missing`: nobody says why; `unproved`: somebody does, who may be anybody. */
export function disclosureSteps(
  kind: 'missing' | 'unproved',
  allowed: Allowed | undefined,
): { readonly note: string; readonly alternatives?: string[] } {
  if (allowed === undefined) return { note: nameItStep, alternatives: [byHandStep] }
  const who = listed(allowed.map(({ signer }) => signerWords(signer)))
  const approve = `or one of them approves this very commit at the forge, and the job has a token that may read requests (${option('forgeTokenFile')})`
  if (kind === 'missing') {
    const why = `if a person wrote it, its author says why in the last lines of the message (AI-Provenance-Override: REASON, ${limits.overrideReasonLetters} letters or more), and somebody of overrides.allowed in the policy signs the commit or approves it: ${who}`
    return { note: nameItStep, alternatives: [why] }
  }
  const sign = `somebody of overrides.allowed in the policy amends this commit with their own signature (git commit -S) and force-pushes: ${who}`
  return { note: sign, alternatives: [approve, nameItStep] }
}
