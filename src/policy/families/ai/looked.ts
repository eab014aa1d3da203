/** What the rules about AI may take for known: who did not look says nothing, and that is never "none". */
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { Change } from '../../../model/predicate.ts'

/** A reader that saw all that it reads. */
export function hasLooked(outcome: string): boolean {
  return outcome === 'found' || outcome === 'nothing'
}

/** Why the sessions of the range are not known; undefined where somebody looked for them. */
export function sessionsMissing({ sessions, attribution }: AiEvidence): string | undefined {
  if (sessions === undefined || attribution === undefined) return 'nobody says that sessions were looked for'
  if (attribution.range.reason === 'not-collected') return 'there was no checkout, and no commit was looked at'
  if (attribution.range.cut === true) return 'commits of the range are missing'
  if (!attribution.readers.some(({ outcome }) => hasLooked(outcome))) return 'no reader of sessions has looked'
  return undefined
}

/** Nobody gave one, so who wrote, reviewed and said what is not known. */
export const noStatementOfChanges = 'no statement of changes'

/** The changes of the range, all of them; or why they are not known. */
export function changesOf(ai: AiEvidence): { readonly all: readonly Change[] } | { readonly missing: string } {
  const { changes, total, attribution } = ai
  if (changes === undefined) return { missing: noStatementOfChanges }
  const missing = sessionsMissing(ai)
  if (missing !== undefined) return { missing }
  const told = new Set(changes.map(({ commit }) => commit)).size
  const wanted = Math.max(total ?? changes.length, attribution?.commits.total ?? 0)
  return told < wanted ? { missing: `${told} of ${wanted} changes are told` } : { all: changes }
}
