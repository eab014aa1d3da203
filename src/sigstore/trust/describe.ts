/** A trusted root in words and numbers: its services with host, key and validity. */
import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { sha256Hex } from '../../model/digest.ts'
import type { TrustedService } from '../../model/trust-report.ts'
import type { Authority, Validity } from '../verify/chain.ts'
import type { LogKey } from '../verify/log-key.ts'
import type { Trust } from '../verify/trusted-root.ts'

/** Every service of a root that can be used, in the order of the document. */
export function describeServices(trust: Trust): TrustedService[] {
  return [
    ...trust.certificateAuthorities.map((it) => describeAuthority('certificate-authority', it)),
    ...trust.certificateLogs.map((it) => describeLog('certificate-log', it)),
    ...trust.transparencyLogs.map((it) => describeLog('transparency-log', it)),
    ...trust.timestampAuthorities.map((it) => describeAuthority('timestamp-authority', it)),
  ]
}

/** The first certificate speaks for an authority: it issues, or it signs timestamps. */
function describeAuthority(role: TrustedService['role'], authority: Authority): TrustedService {
  const [first] = authority.chain
  const host = authority.uri === undefined ? undefined : (URL.parse(authority.uri)?.hostname ?? authority.uri)
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
    ...(host === undefined ? {} : { host }),
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
