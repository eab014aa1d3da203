/**
 * A vendor's token → the session that it proves. It is a secret of whoever holds it: nothing of it gets into an answer, an error or a
 * log, so what is thrown here has a code and no cause. No request is made before it is known to be of an environment of the
 * configuration, whose keys lie where that says.
 */
import { errors, importJWK, jwtVerify } from 'jose'
import { keyNamed } from '../../collect/receipts/key-set.ts'
import { CountersignError, attempt } from '../../errors.ts'
import { isList, isObject, parseJson } from '../../model/json.ts'
import type { JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { Jwk } from '../../model/receipt-issuers.ts'
import type { ProvedSession } from '../vendors/row.ts'
import { ExchangeRefusal } from './refusal.ts'
import type { ExchangeCode } from './refusal.ts'
import type { ServiceConfig, VendorEnvironment } from './service-config.ts'
import type { VendorKeys } from './vendor-keys.ts'

export interface VerifiedSession extends ProvedSession {
  readonly environment: VendorEnvironment
  /** When the token was issued, in milliseconds: the session was there then. */
  readonly issuedAt: number
}

// Seconds: clocks that are kept by NTP are off by less.
const clockTolerance = 30

/** Throws `ExchangeRefusal` alone. */
export async function verifyVendorToken(
  given: string,
  { environments }: Pick<ServiceConfig, 'environments'>,
  keysOf: VendorKeys,
  now: Date,
): Promise<VerifiedSession> {
  if (given.length > limits.vendorTokenBytes) throw new ExchangeRefusal('token-malformed')
  const own = environments.filter((it) => given.startsWith(it.row.prefix))
  const raw = given.slice(own[0]?.row.prefix.length ?? 0)
  const [first = '', second = ''] = /^([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(raw)?.slice(1) ?? []
  const [header, claims] = [partOf(first), partOf(second)]
  if (own.length === 0 || header === undefined || claims === undefined) throw new ExchangeRefusal('token-malformed')
  const environment = environmentFor(claims, own)
  const { row } = environment
  const { kid } = header
  const alg = row.algorithms.find((it) => it === header['alg'])
  // `crit` changes what the signature means; the others bring a key along, or say where one lies.
  const isRefused = ['crit', 'jwk', 'jku', 'x5u', 'x5c'].some((it) => Object.hasOwn(header, it))
  if (alg === undefined || isRefused || typeof kid !== 'string') throw new ExchangeRefusal('token-header-refused')
  const keys = await keysOf(environment, kid)
  if (keys === undefined) throw new ExchangeRefusal('vendor-keys-unavailable')
  const key = keyNamed(keys, kid, alg)
  if (typeof key === 'string') throw new ExchangeRefusal('token-signature-invalid')
  await checkSignatureAndTimes(raw, key, environment, now)
  const session = row.read(claims, environment.audience)
  if ('lacks' in session) throw new ExchangeRefusal('token-claims-refused')
  return { ...session, environment, issuedAt: Number(claims['iat']) * 1_000 }
}

/** By what nobody has verified yet: it only says whose keys decide, and these come from the configuration. */
function environmentFor(claims: JsonObject, own: readonly VendorEnvironment[]): VendorEnvironment {
  const ofIssuer = own.filter((it) => it.issuer === claims['iss'])
  if (ofIssuer.length === 0) throw new ExchangeRefusal('token-issuer-unknown')
  const aud = claims['aud']
  const audiences = isList(aud) ? aud : [aud]
  const environment = ofIssuer.find((it) => audiences.includes(it.audience))
  if (environment === undefined) throw new ExchangeRefusal('token-audience-mismatch')
  return environment
}

/** Read strictly: of two members with one name, another reader could take the other. */
function partOf(part: string): JsonObject | undefined {
  const json = attempt(() => parseJson(Buffer.from(part, 'base64url'), 'a part', limits.vendorTokenBytes))
  return json instanceof CountersignError || !isObject(json) ? undefined : json
}

async function checkSignatureAndTimes(raw: string, key: Jwk, { row }: VendorEnvironment, now: Date): Promise<void> {
  try {
    await jwtVerify(raw, await importJWK(key, row.algorithms[0]), {
      ...{ algorithms: [...row.algorithms], requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'], currentDate: now },
      // It also has `iat` looked at, and bounds what somebody with a vendor's old key could make.
      ...{ maxTokenAge: row.longestLife, clockTolerance },
    })
  } catch (thrown) {
    throw new ExchangeRefusal(codeOf(thrown))
  }
}

function codeOf(thrown: unknown): ExchangeCode {
  if (thrown instanceof errors.JWTExpired) return 'token-expired'
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    return thrown.reason === 'check_failed' ? 'token-not-yet-valid' : 'token-claims-refused'
  }
  return 'token-signature-invalid'
}
