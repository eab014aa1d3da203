/** Signers whose word counts no more. */
import { unseen } from '../row.ts'
import { signingSpan } from '../../signed-time.ts'
import { isSigner, signersOf } from './named.ts'
import { revokedRule } from './rule.ts'

export const signer = revokedRule({
  kind: 'signer',
  hint: 'build and sign it again, by a signer that is not revoked',
  matches: isSigner,
  look({ provenance }) {
    const span = signingSpan(provenance.signed)
    const found = signersOf(provenance).map((name) => ({ name, span }))
    return { found, missing: found.length > 0 ? [] : [unseen('who signed', 'nobody is named')] }
  },
})
