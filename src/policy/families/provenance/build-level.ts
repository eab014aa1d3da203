/** The build level, which nobody says of themselves: the policy has a map of signers with the builders that they may name. */
import type { Signed, VerifiedStatement } from '../../../model/evidence.ts'
import { compilePattern } from '../../../model/identity.ts'
import type { PolicySections } from '../../../model/policy.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'

export const buildLevel: PolicyRule = {
  id: 'provenance/build-level',
  hint: 'who is not in `levels`, with the builder that the provenance names, has level 0',
  check({ provenance: asked, levels = [] }, { provenance: { predicate, signed } }) {
    if (asked?.buildLevel === undefined) return undefined
    const { atLeast } = asked.buildLevel
    const expected = `at least level ${atLeast}`
    if (predicate.kind !== 'build-provenance') return [unseen(expected, 'no build provenance')]
    const signer = nameOf(signed)
    const level = levelOf(levels, signer, predicate.builderId)
    const found = `level ${level}, of ${signer} with the builder ${predicate.builderId}`
    return [
      level >= atLeast
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'build-level-too-low', expected, found },
    ]
  },
}

/** The level by all maps that there are, the least of them; undefined where there is none. */
export function buildLevelBy(
  maps: readonly NonNullable<PolicySections['levels']>[],
  { signed, predicate }: VerifiedStatement,
): number | undefined {
  if (maps.length === 0) return undefined
  if (predicate.kind !== 'build-provenance') return 0
  return Math.min(...maps.map((it) => levelOf(it, nameOf(signed), predicate.builderId)))
}

function nameOf({ signatory }: Signed): string {
  return signatory.kind === 'key' ? signatory.fingerprint : (signatory.identity.subjectAlternativeName?.value ?? '')
}

/** A builder counts only with a signer that may speak for it; where none is said, the signer is the builder. */
function levelOf(levels: NonNullable<PolicySections['levels']>, signer: string, builder: string): number {
  const given = levels.filter(
    (it) =>
      compilePattern(it.signer, 'the signer').matches(signer) &&
      (it.builder === undefined ? builder === signer : compilePattern(it.builder, 'the builder').matches(builder)),
  )
  return Math.max(0, ...given.map(({ level }) => level))
}
