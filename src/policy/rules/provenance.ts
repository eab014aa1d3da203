/** Predicate equals certificate (DESIGN rule 4), field by field as the row of the build type says. */
import type { CertificateIdentity } from '../../model/identity.ts'
import type { Provenance } from '../../model/predicate.ts'
import type { Check } from '../../model/verdict.ts'
import { buildTypeRow, generalFields } from '../build-types/find.ts'
import type { FieldRow } from '../build-types/row.ts'
import { fail, pass, skip } from '../checks.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

const equals = 'provenance-equals-certificate'

export const provenanceEqualsCertificate: RuleRow = {
  rule: equals,
  check({ statement: { predicate }, certificate, question }) {
    if (certificate === undefined) return [skip(equals, noCertificate)]
    if (predicate.kind !== 'build-provenance') return [skip(equals, 'the predicate is not build provenance')]
    const row = buildTypeRow(predicate)
    if (row !== undefined) return row.fields.map((it) => fieldCheck(it, predicate, certificate))
    return [
      ...generalFields(predicate).map((it) => fieldCheck(it, predicate, certificate)),
      question.strictness === 'strict'
        ? fail(equals, 'build-type-unknown', 'a build type that is known', predicate.buildType)
        : skip(equals, `no rule is known for the build type ${predicate.buildType}`),
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
        : skip(rule, `not asked about, and unknown to the build type: ${unrecognised.slice(0, 20).join(', ')}`),
    ]
  },
}

function fieldCheck(row: FieldRow, provenance: Provenance, certificate: CertificateIdentity): Check {
  const rule = `${equals} ${row.field}`
  const expected = row.expect(certificate)
  const found = row.read(provenance)
  if (expected === undefined) return skip(rule, 'the certificate does not say')
  if (found === undefined && row.presence === 'optional') return skip(rule, 'the provenance does not say')
  return found !== undefined && expected.accepts(found)
    ? pass(rule, expected.text, found)
    : fail(rule, 'predicate-certificate-mismatch', expected.text, found)
}
