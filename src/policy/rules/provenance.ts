/** Predicate equals certificate (DESIGN rule 4), field by field as the row of the build type says. */
import type { CertificateIdentity } from '../../model/identity.ts'
import type { Provenance } from '../../model/predicate.ts'
import type { Check } from '../../model/verdict.ts'
import { certifiedProvider } from '../../providers/certified-provider.ts'
import { builderIfOnForge, buildTypeRow, dependenciesOf } from '../build-types/find.ts'
import type { BuildTypeRow, FieldRow } from '../build-types/row.ts'
import { fail, pass, skip } from '../checks.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

const equals = 'provenance-equals-certificate'

export const provenanceEqualsCertificate: RuleRow = {
  rule: equals,
  check({ statement: { predicate }, certificate, question }) {
    if (predicate.kind !== 'build-provenance') return [skip(equals, 'the predicate is not build provenance')]
    const isStrict = question.strictness === 'strict'
    if (certificate === undefined) {
      return [isStrict ? fail(equals, 'not-answerable', 'a certificate', noCertificate) : skip(equals, noCertificate)]
    }
    const row = buildTypeRow(predicate)
    const fields = [
      ...(row?.fields ?? [builderIfOnForge(certificate)]),
      ...dependenciesOf(predicate, certificate, row !== undefined),
    ]
    return [
      ...fields.map((it) => fieldCheck(it, predicate, certificate)),
      ...(row === undefined
        ? [
            isStrict
              ? fail(equals, 'build-type-unknown', 'a build type that is known', predicate.buildType)
              : skip(equals, `no rule is known for the build type ${predicate.buildType}`),
          ]
        : platformChecks(row, certificate, isStrict)),
    ]
  },
}

export const externalParameters: RuleRow = {
  rule: 'external-parameters',
  check({ statement: { predicate } }) {
    const rule = 'external-parameters'
    const row = predicate.kind === 'build-provenance' ? buildTypeRow(predicate) : undefined
    if (predicate.kind !== 'build-provenance' || row === undefined) return [skip(rule, 'the build type is not known')]
    const unrecognised = Object.keys(predicate.externalParameters).filter((name) => !row.parameters.includes(name))
    return [
      unrecognised.length === 0
        ? pass(rule)
        : skip(rule, `not asked about, and unknown to the build type: ${firstOf(unrecognised)}`),
    ]
  },
}

const shownParameters = 20

/** Some of the names, and how many more; the summary of the attestation has all. */
function firstOf(names: readonly string[]): string {
  const more = names.length - shownParameters
  return `${names.slice(0, shownParameters).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** A build type that is one platform's says nothing under the certificate of another: its fields are not that one's. */
function platformChecks(row: BuildTypeRow, certificate: CertificateIdentity, isStrict: boolean): readonly Check[] {
  const rule = `${equals} buildType`
  const { provider } = row
  if (provider === undefined) return []
  const found = certifiedProvider(certificate)
  if (found === provider) return [pass(rule, provider, found)]
  return [
    isStrict
      ? fail(rule, 'build-type-foreign', provider, found)
      : skip(rule, `a build type of ${provider}, under the certificate of ${found ?? 'no CI provider that is known'}`),
  ]
}

function fieldCheck(row: FieldRow, provenance: Provenance, certificate: CertificateIdentity): Check {
  const rule = `${equals} ${row.field}`
  const expected = row.expect(certificate)
  const found = row.read(provenance, certificate)
  if (expected === undefined) return skip(rule, 'the certificate does not say')
  if (found === undefined && row.presence === 'optional') return skip(rule, 'the provenance does not say')
  return found !== undefined && expected.accepts(found)
    ? pass(rule, expected.text, found)
    : fail(rule, 'predicate-certificate-mismatch', expected.text, found)
}
