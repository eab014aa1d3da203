/** Artifacts that count no more, and what was built from them as far as the provenance names its inputs. */
import { unseen } from '../row.ts'
import { signingSpan } from '../../signed-time.ts'
import { revokedRule } from './rule.ts'
import type { Found } from './rule.ts'

export const digest = revokedRule({
  kind: 'digest',
  hint: 'do not ship this artifact: the policy says why',
  matches: (value, found) => value === found,
  look({ artifact, provenance: { signed, predicate, statement, subjectIndex } }) {
    const span = signingSpan(signed)
    const inputs = predicate.kind === 'build-provenance' ? predicate.resolvedDependencies : []
    const sets = [artifact.digest, statement.subject[subjectIndex]?.digest, ...inputs.map((it) => it.digest)]
    const names = new Set(
      sets.flatMap((it) => Object.entries(it ?? {}).map(([name, hex]) => `${name}:${hex}`.toLowerCase())),
    )
    const found = [...names].map((name): Found => ({ name, span }))
    // A revocation names the SHA-256 alone, and nobody can tell it from another digest.
    const isKnown =
      artifact.digest.sha256 !== undefined || statement.subject[subjectIndex]?.digest['sha256'] !== undefined
    return { found, missing: isKnown ? [] : [unseen('the SHA-256 of the artifact', 'another digest alone')] }
  },
})
