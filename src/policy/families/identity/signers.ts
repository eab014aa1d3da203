/** Who signed. The checks of the attestation compare each part (`policy/rules`); this row says which signer of the policy it was. */
import type { PolicyRule } from '../row.ts'

const signers: PolicyRule = {
  id: 'identity/signers',
  hint: 'the checks of the attestation say which part of the identity differs',
  check({ identity }, { provenance: { signed } }) {
    if (identity === undefined) return undefined
    const { signatory } = signed
    const found =
      signatory.kind === 'key'
        ? `the key ${signatory.fingerprint}`
        : (signatory.identity.subjectAlternativeName?.value ?? 'a certificate without a name')
    // Only what its questions let pass comes this far.
    return [{ outcome: 'pass', expected: `one of ${identity.signers.length} signers`, found }]
  },
}

export const identityRules: readonly PolicyRule[] = [signers]
