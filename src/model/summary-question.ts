/** What is asked of a verification summary besides who signed it, and what a verifier is called that is named after its signer. */
import { CountersignError, option } from '../errors.ts'
import { holdsUnseen } from '../one-line.ts'
import { signerName } from './certified-name.ts'
import type { CertificateIdentity } from './identity.ts'
import { limits } from './limits.ts'

/** Each part is compared whole. */
export interface SummaryQuestion {
  /** URI of the verifier; left out, a signer under a certificate must speak for itself, and with a key it is needed. */
  readonly verifierId?: string
  /** URI of the artifact as the verifier was asked for it. */
  readonly resourceUri: string
  /** Digest of the policy that was asked, `sha256:HEX`: of one address there may be many policies. Left out, any policy is as good. */
  readonly policyDigest?: string
  /** Levels that it must hold, at least one; a higher one of the same track is as good. */
  readonly levels: readonly string[]
}

/** The URI of a signer under a certificate: that of its workflow, or a person's address; undefined for a name that is no URI. */
export function ownVerifierId(
  identity: Pick<CertificateIdentity, 'extensions' | 'subjectAlternativeName'>,
): string | undefined {
  const name = signerName(identity)
  switch (identity.subjectAlternativeName?.kind) {
    case 'uri':
      return name
    case 'email':
      return `mailto:${name ?? ''}`
    default:
      return undefined
  }
}

/** What names a verifier or a resource: a whole URI (`pkg:npm/widget@1.2.0`), and nothing that cannot be seen. Error: `usage`. */
export function checkSummaryUri(name: 'verifierId' | 'resourceUri', text: string): string {
  const isPlain =
    text.length <= limits.identityCharacters && !/\s/.test(text) && !holdsUnseen(text) && text.isWellFormed()
  if (isPlain && /^[a-z][a-z0-9+._-]*:[^\s]+$/i.test(text)) return text
  throw new CountersignError('usage', `${option(name)} is a URI, not ${JSON.stringify(text.slice(0, 200))}`, {
    option: name,
    hint:
      name === 'resourceUri'
        ? 'the address from which the artifact is fetched, as in https://downloads.acme.example/app.tgz'
        : 'as in https://verifier.acme.example',
  })
}
