/** Statements that must stand beside the provenance, each by signers of its own. */
import { sha256Hex } from '../../../model/digest.ts'
import type { VerifiedStatement } from '../../../model/evidence.ts'
import { certifiedBuild } from '../../../model/identity.ts'
import type { PolicyRule } from '../row.ts'
import { unseen } from '../row.ts'

export const companions: PolicyRule = {
  id: 'provenance/companions',
  hint: 'give the bundle of the statement too; it must be about this very artifact, and by one of the signers named for it',
  check({ provenance: asked }, { companions: given, provenance }) {
    return asked?.companions?.map(({ name, predicateType }) => {
      const expected = `${name}: ${predicateType}`
      // The provenance is no further statement, however often it is given.
      const others = (given.get(name) ?? []).filter((it) => !isSame(it, provenance))
      const [first] = others
      if (first === undefined) return { ...unseen(expected, 'none by its signers'), code: 'companion-missing' as const }
      return { outcome: 'pass', expected, found: `${others.length} by its signers` }
    })
  },
}

/** The same words of another signer are a further statement. */
function isSame(one: VerifiedStatement, other: VerifiedStatement): boolean {
  const [a, b] = [one, other].map(({ signed }) => sha256Hex(signed.envelope.payload))
  return a === b && signerOf(one) === signerOf(other)
}

function signerOf({ signed: { signatory } }: VerifiedStatement): string {
  if (signatory.kind === 'key') return signatory.fingerprint
  const { subjectAlternativeName, extensions } = signatory.identity
  return `${subjectAlternativeName?.value ?? ''} ${certifiedBuild(extensions).issuer ?? ''}`
}
