/**
 * Certificate chains (RFC 5280 §6). What is constant in a trusted root, the signatures between its own certificates, is
 * verified once, when it is first needed; a bundle then costs one signature, that on its leaf.
 */
import {
  authorityKeyIdentifier,
  authorityOf,
  hasNameConstraints,
  isSignedBy,
  mayIssueFor,
  parseCertificate,
  subjectKeyIdentifier,
  unknownCritical,
} from './certificate.ts'
import type { Certificate, Purpose } from './certificate.ts'

/** Times between which a trusted root believes an authority or a key, both included; no end is for ever. */
export interface Validity {
  readonly start: Date
  readonly end: Date | undefined
}

export function isWithin({ start, end }: Validity, time: Date): boolean {
  return start <= time && (end === undefined || time <= end)
}

/** One `CertificateAuthority` of a trusted root. */
export interface Authority {
  /** Its address, as the root names it. */
  readonly uri: string | undefined
  readonly validFor: Validity
  /** As the root lists them; of a timestamp authority the first is the signer. */
  readonly chain: readonly Certificate[]
  /**
   * The proved path from one of the chain's certificates to a root that signed itself, the certificate first; undefined if
   * there is none. Proved once, when it is first asked for: most authorities of a root are never asked.
   */
  readonly pathOf: (certificate: Certificate) => readonly Certificate[] | undefined
}

/** Certificates in DER → authority. Throws DerError. */
export function openAuthority(chain: readonly Uint8Array[], validFor: Validity, uri?: string): Authority {
  const certificates = chain.map(parseCertificate)
  const paths = new Map<Certificate, readonly Certificate[] | undefined>()
  return {
    uri,
    validFor,
    chain: certificates,
    pathOf(certificate) {
      if (!paths.has(certificate)) paths.set(certificate, pathToRoot(certificate, certificates, []))
      return paths.get(certificate)
    },
  }
}

/** The shortest path of authorities from `certificate` to a root that signed itself; undefined if there is none. */
function pathToRoot(
  certificate: Certificate,
  among: readonly Certificate[],
  visited: readonly Certificate[],
): readonly Certificate[] | undefined {
  if (authorityOf(certificate) === undefined || unknownCritical(certificate).length > 0) return undefined
  if (hasNameConstraints(certificate)) return undefined
  if (certificate.subject.equals(certificate.issuer)) {
    return isSignedBy(certificate, certificate) ? [certificate] : undefined
  }
  return among
    .filter((issuer) => issuer !== certificate && !visited.includes(issuer) && mayIssue(issuer, certificate))
    .filter((issuer) => isSignedBy(certificate, issuer))
    .flatMap((issuer) => {
      const path = pathToRoot(issuer, among, [...visited, certificate])
      return path === undefined ? [] : [[certificate, ...path]]
    })
    .sort((a, b) => a.length - b.length)[0]
}

/** Names chain, and key identifiers agree where both certificates have them. */
function mayIssue(issuer: Certificate, certificate: Certificate): boolean {
  if (!issuer.subject.equals(certificate.issuer)) return false
  const asked = authorityKeyIdentifier(certificate)
  const has = subjectKeyIdentifier(issuer)
  return asked === undefined || has === undefined || asked.equals(has)
}

/**
 * The issuer of a leaf at a moment, under any of these authorities; undefined if no chain holds then. At that moment the
 * authority must be believed and every certificate valid; path lengths are kept, and each authority may issue for `purpose`.
 * Whether the leaf itself is for it is not asked.
 */
export function issuerOf(
  leaf: Certificate,
  authorities: readonly Authority[],
  time: Date,
  purpose: Purpose,
): Certificate | undefined {
  if (unknownCritical(leaf).length > 0 || !isValidAt(leaf, time)) return undefined
  for (const { validFor, chain, pathOf } of authorities) {
    if (!isWithin(validFor, time)) continue
    for (const issuer of chain) {
      const path = mayIssue(issuer, leaf) ? pathOf(issuer) : undefined
      if (path === undefined || !keepsPathLengths(path)) continue
      if (!path.every((it) => isValidAt(it, time) && mayIssueFor(it, purpose))) continue
      if (isSignedBy(leaf, issuer)) return issuer
    }
  }
  return undefined
}

function isValidAt({ notBefore, notAfter }: Certificate, time: Date): boolean {
  return notBefore <= time && time <= notAfter
}

/** pathLenConstraint counts the authorities below, without the leaf (RFC 5280 §4.2.1.9). */
function keepsPathLengths(path: readonly Certificate[]): boolean {
  return path.every((certificate, below) => {
    const pathLength = authorityOf(certificate)?.pathLength
    return pathLength === undefined || below <= pathLength
  })
}
