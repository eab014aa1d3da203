/**
 * The shape of a build type in the table of `index.ts`: each field of the predicate that has a certificate extension. Whoever
 * signs can write any predicate; only the certificate was filled in by somebody else.
 */
import type { CertificateIdentity } from '../../model/identity.ts'
import type { Provenance } from '../../model/predicate.ts'

/** What a certificate makes of a field: in words, and as a test. */
export interface Expectation {
  readonly text: string
  readonly accepts: (found: string) => boolean
}

/**
 * One field. `read` gives what the predicate says, at the place that the certificate points to where there are several; `expect`
 * what the certificate asks for; undefined is "not said".
 */
export interface FieldRow {
  readonly field: string
  /** A required field that is absent fails; an optional one may be left out, but not be wrong. */
  readonly presence: 'required' | 'optional'
  readonly read: (provenance: Provenance, certificate: CertificateIdentity) => string | undefined
  readonly expect: (certificate: CertificateIdentity) => Expectation | undefined
}

export interface BuildTypeRow {
  /** Exact, or a glob. */
  readonly buildType: string
  readonly version: Provenance['version']
  /** The CI provider whose jobs it describes, as `providers` names it; undefined where it is for any. */
  readonly provider?: string
  /** External parameters that the build type defines; others are shown. */
  readonly parameters: readonly string[]
  readonly fields: readonly FieldRow[]
}
