/** Identities in certificates of Sigstore whose signatures of commits and records count, as the caller names them. */
import { CountersignError, option } from '../errors.ts'
import { signerName } from './certified-name.ts'
import { certifiedBuild } from './identity.ts'
import type { CertificateIdentity } from './identity.ts'
import { limits } from './limits.ts'
import type { Signer } from './session.ts'

export interface AllowedIdentity {
  /** Who vouches for the name: the OIDC issuer, an `https:` address. */
  readonly issuer: string
  /** As the certificate has it: an e-mail address, or the URI of a workflow or a machine. */
  readonly name: string
}

/**
 * `ISSUER=NAME`, each whole: `https://accounts.google.com=ann@example.org`. No pattern: who signs for people is named one by one, and
 * a pattern admits whom nobody thought of. An issuer has no query and no fragment (OpenID Connect Discovery 1.0 §3), so the first sign
 * of equality ends it. Error: `allowed-identity-malformed`.
 */
export function parseAllowedIdentities(texts: readonly string[]): readonly AllowedIdentity[] {
  if (texts.length > limits.allowedIdentities) throw malformed(`there are more than ${limits.allowedIdentities}`)
  return texts.map((text) => {
    const [, issuer, name] = /^(https:\/\/[^\s=*/?#][^\s=*?#]*)=([^\s*]+)$/.exec(text) ?? []
    if (issuer === undefined || name === undefined || text.length > limits.identityCharacters) {
      throw malformed(`${JSON.stringify(text.slice(0, 200))} is not an identity`)
    }
    return { issuer, name }
  })
}

/**
 * Who it is, if the list names the identity; undefined if it does not. Both must be equal letter by letter. What runs under the URI
 * of a workflow or a machine is a platform, whatever person started it.
 */
export function allowedSigner(
  identity: CertificateIdentity,
  allowed: readonly AllowedIdentity[],
): Exclude<Signer, 'forge'> | undefined {
  const { issuer } = certifiedBuild(identity.extensions)
  const { subjectAlternativeName: own } = identity
  if (own === undefined || issuer === undefined) return undefined
  const names = [own.value, signerName(identity)]
  if (!allowed.some((it) => it.issuer === issuer && names.includes(it.name))) return undefined
  return own.kind === 'uri' ? 'agent-platform' : 'person'
}

function malformed(why: string): CountersignError {
  return new CountersignError('allowed-identity-malformed', `${option('allowedIdentities')}: ${why}`, {
    option: 'allowedIdentities',
  })
}
