/** What a verified attestation says, as it stands in a verdict. */
import type { Evidence, Signed } from './evidence.ts'
import { certifiedBuild } from './identity.ts'
import type { AttestationSummary } from './verdict.ts'

/** The part that the signature alone proves: who signed, and when. */
export function summariseSigned({ signatory, times, logEntries }: Signed): AttestationSummary {
  if (signatory.kind === 'key') {
    return {
      signer: { kind: 'key', fingerprint: signatory.fingerprint },
      times: [...times],
      logEntries: [...logEntries],
    }
  }
  const { identity } = signatory
  const build = certifiedBuild(identity.extensions)
  return {
    signer: {
      kind: 'certificate',
      ...optional('identity', identity.subjectAlternativeName?.value),
      ...optional('issuer', build.issuer),
      fingerprint: identity.fingerprint,
      extensions: { ...identity.extensions },
    },
    times: [...times],
    logEntries: [...logEntries],
    source: {
      ...optional('repository', build.source),
      ...optional('ref', build.ref),
      ...optional('commit', build.commit),
    },
  }
}

/** With the statement about the artifact. */
export function summariseEvidence({ signed, statement, subjectIndex, provenance }: Evidence): AttestationSummary {
  return {
    ...summariseSigned(signed),
    predicateType: statement.predicateType,
    subjects: statement.subject.length,
    ...optional('subjectName', statement.subject[subjectIndex]?.name),
    ...(provenance === undefined
      ? {}
      : {
          buildType: provenance.buildType,
          builderId: provenance.builderId,
          ...optional('invocationId', provenance.invocationId),
          externalParameters: { ...provenance.externalParameters },
          sessions: [...provenance.sessions],
          ...optional('attribution', provenance.attribution),
        }),
  }
}

function optional<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [name in K]?: V })
}
