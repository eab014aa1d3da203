/** Which trusted root a certificate calls for, by the authority that it names; what it names is believed by no one. */
import { option } from '../../errors.ts'
import type { Bundle } from '../../model/bundle.ts'
import { certifiedBuild } from '../../model/identity.ts'
import { nameParts, parseCertificate } from './certificate.ts'
import type { Certificate, SigningCertificate } from './certificate.ts'
import { readMaterial } from './material.ts'
import type { Trust } from './trusted-root.ts'

/** `O=` of the authorities of an embedded Sigstore (`embedded/names`). */
const embedded = 'countersign local'

/** True if the root has an authority of the name that the certificate says issued it. */
export function hasAuthorityOf({ issuer }: Certificate, trust: Trust): boolean {
  return trust.certificateAuthorities.some(({ chain }) => chain.some((it) => it.subject.equals(issuer)))
}

/**
 * Of several roots, those by which a bundle is judged: the ones with the authority that its certificate names. A name opens no
 * door: the others have no authority that could have signed it. All of them where none has it, or where there is no certificate.
 */
export function rootsFor(bundle: Bundle, trusts: readonly Trust[]): readonly Trust[] {
  return trusts.length === 1 ? trusts : rootsOf(certificateIn(bundle), trusts)
}

/** The same for a certificate that stands in no bundle. */
export function rootsOf(certificate: Certificate | undefined, trusts: readonly Trust[]): readonly Trust[] {
  const named = certificate === undefined ? [] : trusts.filter((trust) => hasAuthorityOf(certificate, trust))
  return named.length === 0 ? trusts : named
}

/** Undefined also for what cannot be read: verifying it says why. */
function certificateIn(bundle: Bundle): Certificate | undefined {
  try {
    const { signer } = readMaterial(bundle)
    return signer.kind === 'certificate' ? parseCertificate(signer.der) : undefined
  } catch {
    return undefined
  }
}

/** What is missing for a certificate whose authority no root has, and what a person can do. */
export interface MissingRoot {
  readonly message: string
  readonly note?: string
}

export function missingRoot({ certificate, identity }: SigningCertificate): MissingRoot {
  const parts = nameParts(certificate.issuer)
  const name = parts.map(([type, value]) => `${type}=${value}`).join(', ')
  const message = `the certificate names ${name === '' ? 'nobody' : name} as its authority, which the trusted root does not have`
  const organizations = parts.flatMap(([type, value]) => (type === 'O' ? [value] : []))
  const [organization] = organizations
  if (organizations.length !== 1) return { message }
  if (organization === 'sigstore.dev') {
    return {
      message,
      note: `as it names public-good Sigstore (${option('sigstore')}), it can only hold under that root`,
    }
  }
  if (organization === embedded) {
    return { message, note: `it was signed by the embedded Sigstore (${option('sigstore')}): verify it with that one` }
  }
  if (organization !== 'GitHub, Inc.') return { message }
  const { issuer = '' } = certifiedBuild(identity.extensions)
  const [, tenant] = /^https:\/\/token\.actions\.([a-z0-9-]+\.ghe\.com)(?:\/|$)/.exec(issuer) ?? []
  const instance = `GitHub's own Sigstore${tenant === undefined ? '' : ` of ${tenant}`} (${option('sigstore')})`
  return { message, note: `as it names ${instance}, it can only hold under that root` }
}
