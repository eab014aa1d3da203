/** An OIDC issuer whose keys can be had although its name leads nowhere: no test needs a port that is known beforehand. */
import type { LocalSigstore } from '../../src/embedded/index.ts'

/**
 * A fetch that answers the two documents of the issuer (OpenID Connect Discovery 1.0 §4) with the keys of an embedded
 * Sigstore; everything else goes out as it is.
 */
export function issuerAnswers({ issuer, jwks }: Pick<LocalSigstore, 'issuer' | 'jwks'>): typeof fetch {
  const documents = new Map<string, unknown>([
    [`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/.well-known/jwks` }],
    [`${issuer}/.well-known/jwks`, jwks],
  ])
  return (input, init) => {
    const document = documents.get(input instanceof Request ? input.url : input.toString())
    return document === undefined ? fetch(input, init) : Promise.resolve(Response.json(document))
  }
}
