/** Which provider a certificate is of. */
import { certifiedBuild, compilePattern } from '../model/identity.ts'
import type { CertificateIdentity } from '../model/identity.ts'
import { providerRows } from './index.ts'

/**
 * Id of the provider whose job a certificate names: by its issuer, and where nobody listed that (a private instance) by the name
 * that Fulcio gives to such jobs. Undefined for a person, a workload, or a provider that is not known.
 */
export function certifiedProvider({ extensions, subjectAlternativeName }: CertificateIdentity): string | undefined {
  const { issuer } = certifiedBuild(extensions)
  const listed = providerRows.find((row) => row.issuers.some((it) => issuer !== undefined && isIssuer(it, issuer)))
  if (listed !== undefined) return listed.id
  return providerRows.find((row) => row.certifies(subjectAlternativeName?.value ?? ''))?.id
}

function isIssuer(listed: string, issuer: string): boolean {
  return compilePattern(listed, 'the issuer').matches(issuer)
}
