/** A trusted root in words and numbers: its services with host, key and validity. */
import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { sha256Hex } from '../../model/digest.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import type { TrustedService } from '../../model/trust-report.ts'
import type { Authority, Validity } from '../verify/chain.ts'
import type { LogKey } from '../verify/log-key.ts'
import type { Trust } from '../verify/trusted-root.ts'

/** Every service of a root, in the order of the document. `json` is what `trust` was read from. */
export function describeServices(trust: Trust, json: Json): TrustedService[] {
  const hosts = (list: string): readonly (string | undefined)[] => hostsOf(json, list)
  const authorities = (role: TrustedService['role'], list: string, all: readonly Authority[]): TrustedService[] =>
    all.map((it, index) => describeAuthority(role, it, hosts(list)[index]))
  return [
    ...authorities('certificate-authority', 'certificateAuthorities', trust.certificateAuthorities),
    ...trust.certificateLogs.map((it) => describeLog('certificate-log', it)),
    ...trust.transparencyLogs.map((it) => describeLog('transparency-log', it)),
    ...authorities('timestamp-authority', 'timestampAuthorities', trust.timestampAuthorities),
  ]
}

/** The first certificate speaks for an authority: it issues, or it signs timestamps. */
function describeAuthority(
  role: TrustedService['role'],
  authority: Authority,
  host: string | undefined,
): TrustedService {
  const [first] = authority.chain
  const certificate = first === undefined ? undefined : new X509Certificate(first.der)
  const name = certificate?.subject.split('\n').join(', ')
  return {
    role,
    ...(host === undefined ? {} : { host }),
    ...(name === undefined || name === '' ? {} : { name }),
    keyId: certificate === undefined ? '' : keyIdOf(certificate.publicKey),
    algorithm: certificate === undefined ? '' : algorithmOf(certificate.publicKey),
    ...validityOf(authority.validFor),
  }
}

function describeLog(role: TrustedService['role'], { key, host, validFor }: LogKey): TrustedService {
  return {
    role,
    host,
    keyId: keyIdOf(key),
    algorithm: algorithmOf(key),
    ...validityOf(validFor),
  }
}

function validityOf({ start, end }: Validity): { validFrom: string; validUntil?: string } {
  return { validFrom: start.toISOString(), ...(end === undefined ? {} : { validUntil: end.toISOString() }) }
}

function keyIdOf(key: KeyObject): string {
  return sha256Hex(key.export({ format: 'der', type: 'spki' })).slice(0, 16)
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength
  return [asymmetricKeyType ?? 'unknown', ...(size === undefined ? [] : [String(size)])].join(' ')
}

/** Hosts of the `uri` members of a list; the root need not have any. */
function hostsOf(json: Json, list: string): readonly (string | undefined)[] {
  const root = isObject(json) && isObject(json['trustedRoot']) ? json['trustedRoot'] : json
  const entries = isObject(root) ? root[list] : undefined
  if (!Array.isArray(entries)) return []
  return entries.map((entry: Json) => {
    const uri = isObject(entry) ? entry['uri'] : undefined
    return typeof uri === 'string' ? (URL.parse(uri)?.hostname ?? uri) : undefined
  })
}
