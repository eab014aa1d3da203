/** Signatures of commits under certificates (gitsign), verified by trust that is at hand: those of identities that the caller named. */
import { CountersignError, attempt } from '../errors.ts'
import { allowedSigner } from '../model/allowed-identity.ts'
import type { AllowedIdentity } from '../model/allowed-identity.ts'
import type { CertifiedAnswer, CertifiedRefusal, VerifyCertified } from '../model/certified-signature.ts'
import { signerName } from '../model/certified-name.ts'
import type { CommitSigner } from '../model/change.ts'
import { certifiedBuild } from '../model/identity.ts'
import type { CertificateIdentity } from '../model/identity.ts'
import { rootsOf } from '../sigstore/verify/choose-root.ts'
import { parseCertifiedSignature, verifyCertifiedSignature } from '../sigstore/verify/gitsign.ts'
import { notUnder, rootsAtHand } from './roots-at-hand.ts'
import type { RootAtHand } from './roots-at-hand.ts'

/** Nothing is asked of a log: what does not stand in the signature is not known. */
export function certifiedVerifier(allowed: readonly AllowedIdentity[], roots: readonly RootAtHand[]): VerifyCertified {
  const loaded = rootsAtHand(roots)
  return async (der, signed) => {
    const signature = attempt(() => parseCertifiedSignature(der))
    if (signature instanceof CountersignError) return refused('malformed', signature.code)
    const { identity } = signature.certificate
    if (certifiedBuild(identity.extensions).issuer === undefined)
      return refused('uncertified', 'no identity of Sigstore')
    const signer = allowedSigner(identity, allowed)
    if (signer === undefined) return { outcome: 'unnamed' }
    const atHand = await loaded()
    let code = 'trust-unavailable'
    for (const trust of rootsOf(signature.certificate.certificate, atHand.trusts)) {
      const failure = failureOf(attempt(() => verifyCertifiedSignature(signature, signed, trust)))
      if (failure === undefined) return { outcome: 'signed', signer, by: signerIn(identity) }
      code = failure
    }
    const not = notUnder(atHand, code)
    // Whatever trust is missing, the signature is not of these bytes.
    if (not.outcome === 'undecided' && code !== 'signature-invalid') return not
    return refused(refusals[code] ?? 'untrusted', code)
  }
}

/** As the certificate has it; one that the list names has a name and an issuer. */
function signerIn(identity: CertificateIdentity): CommitSigner {
  const kind = identity.subjectAlternativeName?.kind === 'uri' ? 'uri' : 'person'
  const name = signerName(identity) ?? identity.subjectAlternativeName?.value ?? ''
  return { kind, name, issuer: certifiedBuild(identity.extensions).issuer }
}

function failureOf(proof: ReturnType<typeof verifyCertifiedSignature> | CountersignError): string | undefined {
  return proof instanceof CountersignError || 'outcome' in proof ? proof.code : undefined
}

const refusals: { readonly [code: string]: CertifiedRefusal } = {
  'bundle-malformed': 'malformed',
  'signature-invalid': 'wrong',
  'trusted-time-missing': 'unlogged',
  'log-entry-missing': 'unlogged',
}

function refused(code: CertifiedRefusal, detail: string): CertifiedAnswer {
  return { outcome: 'refused', code, detail }
}
