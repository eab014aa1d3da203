/** JWK Sets (RFC 7517): the one key that a receipt names, and no other. Pure. */
import { CountersignError, attempt } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { ReceiptAlgorithm } from '../../model/receipt.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'

/** The keys of a set as they stand; or what is wrong with it. */
export function keySetIn(bytes: Uint8Array): readonly Jwk[] | string {
  const json = attempt(() => parseJson(bytes, 'the key set', limits.jwksBytes))
  if (json instanceof CountersignError) return `its key set is not strict JSON (${json.code})`
  const keys = isObject(json) ? json['keys'] : undefined
  if (!Array.isArray(keys)) return 'its key set has no list of keys'
  if (keys.length > limits.jwksKeys) return `its key set has more than ${limits.jwksKeys} keys`
  return keys.every(isObject) ? keys : 'one of its keys is no object'
}

/** Members of a private key (RFC 7518 §6): whoever published one has given it away. */
const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The key of that name, for that algorithm; or why there is none. */
export function keyNamed(keys: readonly Jwk[], kid: string, alg: ReceiptAlgorithm): Jwk | string {
  const [key, ...others] = keys.filter((it) => it['kid'] === kid)
  if (key === undefined) return 'its issuer has no key of that name'
  if (others.length > 0) return 'its issuer has several keys of that name'
  const [kty, crv] = alg === 'ES256' ? ['EC', 'P-256'] : ['OKP', 'Ed25519']
  if (key['kty'] !== kty || key['crv'] !== crv) return 'its key is of another kind than its algorithm'
  if (key['alg'] !== undefined && !isSame(key['alg'], alg)) return 'its key is for another algorithm'
  if (key['use'] !== undefined && key['use'] !== 'sig') return 'its key is for no signatures'
  if (key['key_ops'] !== undefined && !(Array.isArray(key['key_ops']) && key['key_ops'].includes('verify'))) {
    return 'its key is for no signatures'
  }
  return secret.some((it) => Object.hasOwn(key, it)) ? 'its issuer has published the private key' : key
}

/** RFC 9864 gave `EdDSA` with Ed25519 a name of its own. */
function isSame(said: unknown, alg: ReceiptAlgorithm): boolean {
  const names: readonly unknown[] = ['EdDSA', 'Ed25519']
  return said === alg || (names.includes(said) && names.includes(alg))
}
