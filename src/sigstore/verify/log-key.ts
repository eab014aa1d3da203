/** The key of a log, as a trusted root names it. */
import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Validity } from './chain.ts'

/** Certificate log or transparency log. */
export interface LogKey {
  /** Log id: SHA-256 of the key (RFC 6962 §3.2), or for Ed25519 logs of Rekor v2 that of the note's name and key. */
  readonly id: Buffer
  /** Id of the key in checkpoints (C2SP signed-note), whole or its first four bytes; absent where it is that of the log. */
  readonly checkpointKeyId?: Buffer
  readonly key: KeyObject
  readonly validFor: Validity
  /** Host of the log's base URL, under which Rekor v2 signs its checkpoints; undefined where the root names no URL. */
  readonly host: string | undefined
}

/** True if an entry that names this id is one of the log: by its own id, or by the whole id of its checkpoint key. */
export function hasLogId({ id, checkpointKeyId }: LogKey, named: Buffer): boolean {
  return id.equals(named) || (checkpointKeyId?.length === 32 && checkpointKeyId.equals(named))
}

/** A log as it stands in a root. `key` is DER, `keyDetails` a name or number of protobuf-specs PublicKeyDetails. */
interface NamedLog extends Pick<LogKey, 'id' | 'checkpointKeyId' | 'validFor'> {
  readonly key: Buffer
  readonly keyDetails: string | number | undefined
  readonly baseUrl: string | undefined
}

/** Throws for a key that cannot be read, or of a kind, by itself or by its details, that is not known here. */
export function openLogKey({ key: der, keyDetails, baseUrl, ...log }: NamedLog): LogKey {
  const key = openKey(der)
  const kind = kindOf(key)
  const said = keyDetails === undefined ? 'any' : detailKinds.get(keyDetails)
  if (said === undefined)
    throw new Error(`its key is of a kind that is not known here (${String(keyDetails).slice(0, 60)})`)
  if (said !== 'any' && said !== kind)
    throw new Error(`its key is not of the kind that its details say (${keyDetails})`)
  return { ...log, key, host: baseUrl === undefined || baseUrl === '' ? undefined : hostOf(baseUrl) }
}

type Kind = 'ec' | 'rsa' | 'ed25519'

/** Kinds of key by their name and number in sigstore_common.proto; what says nothing is left to the key. */
const detailKinds: ReadonlyMap<string | number, Kind | 'any'> = new Map(
  (
    [
      ['PUBLIC_KEY_DETAILS_UNSPECIFIED', 0, 'any'],
      ['PKCS1_RSA_PKCS1V5', 1, 'rsa'],
      ['PKIX_RSA_PKCS1V5', 3, 'rsa'],
      ['PKIX_ECDSA_P256_SHA_256', 5, 'ec'],
      ['PKIX_ECDSA_P256_HMAC_SHA_256', 6, 'ec'],
      ['PKIX_ED25519', 7, 'ed25519'],
      ['PKIX_RSA_PKCS1V15_2048_SHA256', 9, 'rsa'],
      ['PKIX_RSA_PKCS1V15_3072_SHA256', 10, 'rsa'],
      ['PKIX_RSA_PKCS1V15_4096_SHA256', 11, 'rsa'],
      ['PKIX_ECDSA_P384_SHA_384', 12, 'ec'],
      ['PKIX_ECDSA_P521_SHA_512', 13, 'ec'],
      ['PKIX_ECDSA_P384_SHA_256', 19, 'ec'],
      ['PKIX_ECDSA_P521_SHA_256', 20, 'ec'],
    ] as const
  ).flatMap(([name, number, kind]): [string | number, Kind | 'any'][] => [
    [name, kind],
    [number, kind],
  ]),
)

const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** Node knows more kinds than a log of ours can sign with. */
function kindOf({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): Kind {
  const curve = asymmetricKeyDetails?.namedCurve
  if (type === 'rsa' || type === 'ed25519' || (type === 'ec' && curves.includes(curve))) return type
  throw new Error(
    `its key is of a kind that is not known here (${[type, curve].filter((it) => it !== undefined).join(' ')})`,
  )
}

/** SubjectPublicKeyInfo, or for old RSA entries a bare PKCS#1 key: their `keyDetails` says PKIX for both. */
function openKey(key: Buffer): KeyObject {
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    try {
      return createPublicKey({ key, format: 'der', type: 'pkcs1' })
    } catch {
      throw new Error('its key cannot be read, or is of a kind that is not known here')
    }
  }
}

/** Without its port, as sigstore-go takes it; a bare name is one. */
function hostOf(url: string): string {
  const { hostname = '' } = URL.parse(url) ?? {}
  return hostname === '' ? url : hostname
}
