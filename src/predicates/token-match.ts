/**
 * Does a provenance speak of the build that a token is for? Asked before a prepared statement is signed: a log entry is for
 * ever, so to find out from the finished bundle would be too late.
 */
import type { Source, VerifiedToken } from '../model/facts.ts'
import { isObject } from '../model/json.ts'
import { byText } from '../model/text-order.ts'
import { buildProvenance } from './build-provenance.ts'
import { provenancePredicate } from './provenance.ts'
import type { ProvenancePredicate } from './provenance.ts'

/**
 * The fields in which the predicate differs from what `buildProvenance` writes for this token and checkout. Declared inputs,
 * sessions and their summary are no platform facts and not compared. `['predicate']` where it is no provenance v1.
 */
export function foreignFields(predicate: unknown, token: VerifiedToken, source: Source): string[] {
  const parsed = provenancePredicate.safeParse(predicate)
  if (!parsed.success) return ['predicate']
  const found = platformFields(parsed.data)
  const expected = platformFields(provenanceOf(token, source))
  return Object.keys(expected).filter((field) => canonical(found[field]) !== canonical(expected[field]))
}

function platformFields({ buildDefinition, runDetails }: ProvenancePredicate): { readonly [field: string]: unknown } {
  const source = buildDefinition.resolvedDependencies?.[0]
  return {
    buildType: buildDefinition.buildType,
    externalParameters: { ...buildDefinition.externalParameters, inputs: undefined },
    internalParameters: buildDefinition.internalParameters,
    'resolvedDependencies[0].uri': source?.uri,
    'resolvedDependencies[0].digest': source?.digest,
    'builder.id': runDetails.builder.id,
    invocationId: runDetails.metadata?.invocationId,
  }
}

function provenanceOf(token: VerifiedToken, source: Source): ProvenancePredicate {
  return buildProvenance(
    {
      subjects: [],
      token,
      source,
      inputs: undefined,
      sessions: {
        range: { since: null, sinceName: undefined, until: source.commit },
        commits: { total: 0, claimed: 0 },
        sessions: [],
        lines: undefined,
        readers: [],
        findings: [],
        findingCounts: {},
      },
    },
    '',
  )
}

/** JSON with sorted members; what is undefined is left out, as in every JSON. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => byText(a, b))) : part,
  )
}
