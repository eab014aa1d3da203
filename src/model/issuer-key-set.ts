/**
 * A JWK Set (RFC 7517 §5) with what the public keys of an issuer say of themselves. It stands in the declarations, in the place of jose's
 * own type, which would bring five thousand bytes about private keys and encryption along.
 */
export interface IssuerKeySet {
  keys: IssuerKey[]
}

// No interface: Node's `JsonWebKey` has an index, which only an alias fits.
type IssuerKey = {
  kty?: string
  kid?: string
  alg?: string
  use?: string
  crv?: string
  x?: string
  y?: string
  n?: string
  e?: string
}
