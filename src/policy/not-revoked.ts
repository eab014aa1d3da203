/** What is left of evidence once a policy revoked who made it: what is revoked counts for nothing, wherever it stands. */
import type { VerifiedStatement } from '../model/evidence.ts'
import type { Policy, Revocation } from '../model/policy.ts'
import type { Change, ChangeSource } from '../model/predicate.ts'
import { isRevoked, isSigner } from './families/revoked/named.ts'
import { holdsIn } from './families/revoked/window.ts'

/** Of all layers: a statement that one of them revoked helps none. */
export function revocationsOf({ layers }: Policy): readonly Revocation[] {
  return layers.flatMap(({ sections }) => sections.revoked ?? [])
}

/** Statements beside the provenance; the provenance itself fails by its rules, which say why. */
export function withoutRevoked(
  statements: readonly VerifiedStatement[],
  revocations: readonly Revocation[],
): readonly VerifiedStatement[] {
  return revocations.length === 0 ? statements : statements.filter((it) => !isRevoked(it, revocations))
}

/** The same of statements about the source that a job verified: of these, only signer and time are known. */
export function changesWithoutRevoked(
  changes: readonly Change[],
  revocations: readonly Revocation[],
): readonly Change[] {
  const signers = revocations.filter(({ kind }) => kind === 'signer')
  if (signers.length === 0) return changes
  const counts = ({ signer, time }: ChangeSource): boolean => {
    const span = { earliest: Number.NEGATIVE_INFINITY, latest: Date.parse(time) }
    return !signers.some((it) => isSigner(it.value, signer) && holdsIn(it, span))
  }
  return changes.map((it) => (it.source === undefined ? it : { ...it, source: it.source.filter(counts) }))
}
