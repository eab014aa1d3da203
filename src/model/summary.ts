/** What a verified attestation says, as it stands in a verdict. */
import { claimedSource } from './claimed-source.ts'
import { countContext } from './context-counts.ts'
import type { ContextCounts } from './context-counts.ts'
import { summariseDeployment } from './deployment-summary.ts'
import type { Signed, VerifiedStatement } from './evidence.ts'
import { certifiedBuild } from './identity.ts'
import type { ChangeProvenance, Predicate, Provenance } from './predicate.ts'
import { summariseRebuild } from './rebuild-summary.ts'
import type { AttestationSummary } from './verdict.ts'
import { asWritten, membersIn, objectOf, writtenAt } from './written-json.ts'

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
export function summariseStatement({
  signed,
  statement,
  subjectIndex,
  predicate,
}: VerifiedStatement): AttestationSummary {
  return {
    ...summariseSigned(signed),
    predicateType: statement.predicateType,
    subjects: statement.subject.length,
    ...optional('subjectName', statement.subject[subjectIndex]?.name),
    ...summarisePredicate(predicate, signed),
  }
}

function summarisePredicate(predicate: Predicate, { envelope, signatory }: Signed): Partial<AttestationSummary> {
  switch (predicate.kind) {
    case 'build-provenance': {
      const certified = signatory.kind === 'key' ? undefined : certifiedBuild(signatory.identity.extensions)
      return {
        buildType: predicate.buildType,
        builderId: predicate.builderId,
        ...optional('claimedSource', claimedSource(predicate, certified)),
        ...optional('invocationId', predicate.invocationId),
        externalParameters: parametersAsWritten(predicate, envelope.payload),
        sessions: [...predicate.sessions],
        ...optional('attribution', predicate.attribution),
        ...optional('aiConfiguration', predicate.aiConfiguration),
        ...optional('tree', predicate.tree),
        ...optional('builtCommit', predicate.builtCommit),
        ...optional('preparedIn', predicate.preparedIn),
        ...optional('reasoningLog', predicate.reasoningLog),
        ...optional(
          'changeStatement',
          predicate.changeStatement === undefined ? undefined : { sha256: predicate.changeStatement, given: false },
        ),
      }
    }
    case 'change-provenance': {
      const { since, until } = predicate.range
      const readers = predicate.readers.map((it) => ({ ...it }))
      return {
        changes: { since, until, count: predicate.changes.length, readers },
        sessions: [...predicate.sessions],
        ...optional('context', contextOf(predicate)),
      }
    }
    case 'verification-summary': {
      const { verifierId, result, verifiedLevels } = predicate
      return { verified: { verifierId, result, levels: [...verifiedLevels] } }
    }
    case 'deployment': {
      const certified = signatory.kind === 'key' ? undefined : signatory.identity.extensions.deploymentEnvironment
      return {
        ...optional('invocationId', predicate.job.run),
        deployment: summariseDeployment(predicate, certified === predicate.environment ? 'certificate' : 'job'),
        ...optional('preparedIn', predicate.preparedIn),
      }
    }
    case 'rebuild-comparison': {
      const certified = signatory.kind === 'key' ? undefined : certifiedBuild(signatory.identity.extensions)
      const isOwn = predicate.source !== undefined && predicate.source.uri === certified?.source
      return {
        ...optional('invocationId', predicate.job.run),
        rebuild: summariseRebuild(predicate, isOwn ? 'certificate' : 'job'),
      }
    }
    case 'source-provenance':
    case 'waiver':
    case 'policy-approval':
    case 'session-redaction':
    case 'other':
      return {}
  }
}

/** Undefined where it names no reader of context. */
export function contextOf({ changes, branch, readers }: ChangeProvenance): ContextCounts | undefined {
  return countContext({ contexts: changes.map(({ context }) => context), branch, readers })
}

/** Parameters are shown as what was signed, and a reader has only what JavaScript made of them. */
function parametersAsWritten(
  { version, externalParameters }: Provenance,
  payload: Uint8Array,
): Record<string, unknown> {
  const statement = Buffer.from(payload).toString('utf8')
  const path = version === '1' ? ['buildDefinition', 'externalParameters'] : ['invocation']
  const members = membersIn(writtenAt(statement, 'predicate', ...path) ?? '{}')
  return asWritten(
    { ...externalParameters },
    objectOf(members.filter((it) => Object.hasOwn(externalParameters, it.name))),
  )
}

function optional<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [name in K]?: V })
}
