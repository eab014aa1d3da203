/** The rules over verified evidence, one row each, in the order in which they are reported. Nothing here verifies a signature. */
import type { ErrorCode } from '../errors.ts'
import type { Evidence, Provenance } from '../model/evidence.ts'
import { certifiedBuild, extensionConflicts } from '../model/identity.ts'
import type { CertificateIdentity, CertifiedBuild, Pattern } from '../model/identity.ts'
import type { Question } from '../model/question.ts'
import type { Check } from '../model/verdict.ts'
import { buildTypeRow, generalFields } from './build-types.ts'
import type { FieldRow } from './build-types.ts'

/** What a rule sees. `certificate` is undefined for a bundle that was signed with the key that the question names. */
export interface Case {
  readonly evidence: Evidence
  readonly question: Question
  readonly certificate: CertificateIdentity | undefined
  readonly build: CertifiedBuild
}

interface RuleRow {
  readonly rule: string
  check(given: Case): readonly Check[]
}

export function caseOf(evidence: Evidence, question: Question): Case {
  const { signatory } = evidence.signed
  const certificate = signatory.kind === 'certificate' ? signatory.identity : undefined
  return { evidence, question, certificate, build: certifiedBuild(certificate?.extensions ?? {}) }
}

const noCertificate = 'signed with a key: there is no certificate to ask'

export const ruleRows: readonly RuleRow[] = [
  {
    rule: 'predicate-type',
    check({ evidence, question }) {
      const found = evidence.statement.predicateType
      const expected = question.predicateTypes.join(' or ')
      return [
        question.predicateTypes.includes(found)
          ? pass('predicate-type', expected, found)
          : fail('predicate-type', 'predicate-type-mismatch', expected, found, `--predicate-type ${shown(found)}`),
      ]
    },
  },
  {
    rule: 'issuer',
    check({ question: { signatory }, build }) {
      if (signatory.kind === 'key') return [skip('issuer', noCertificate)]
      return [matched('issuer', 'issuer-mismatch', signatory.issuer, build.issuer, '--issuer')]
    },
  },
  {
    rule: 'signer',
    check({ question: { signatory }, certificate }) {
      if (signatory.kind === 'key') return [skip('signer', noCertificate)]
      const found = certificate?.subjectAlternativeName?.value
      return [matched('signer', 'signer-mismatch', signatory.signer, found, '--signer')]
    },
  },
  {
    rule: 'extensions-agree',
    check({ certificate }) {
      if (certificate === undefined) return [skip('extensions-agree', noCertificate)]
      const conflicts = extensionConflicts(certificate.extensions)
      return conflicts.length === 0
        ? [pass('extensions-agree')]
        : conflicts.map((it) => fail('extensions-agree', 'extension-conflict', it.expected, `${it.name}: ${it.found}`))
    },
  },
  {
    rule: 'source',
    check({ question, certificate, build }) {
      if (question.source === 'any') return [skip('source', 'waived by --any-source')]
      if (certificate === undefined) {
        return [
          fail('source', 'source-mismatch', question.source.text, 'no certificate that names a source', '--any-source'),
        ]
      }
      return [matched('source', 'source-mismatch', question.source, build.source, '--source')]
    },
  },
  {
    rule: 'ref',
    check: ({ question: { ref }, build }) =>
      ref === undefined ? [skip('ref', 'not asked for')] : [matched('ref', 'ref-mismatch', ref, build.ref, '--ref')],
  },
  equalRow('commit', 'commit-mismatch', '--commit', ({ question, build }) => [question.commit, build.commit]),
  equalRow('source-id', 'source-id-mismatch', '--source-id', ({ question, certificate }) => [
    question.sourceId,
    certificate?.extensions.sourceRepositoryIdentifier,
  ]),
  equalRow('owner-id', 'owner-id-mismatch', '--owner-id', ({ question, certificate }) => [
    question.ownerId,
    certificate?.extensions.sourceRepositoryOwnerIdentifier,
  ]),
  equalRow('signer-digest', 'signer-digest-mismatch', '--signer-digest', ({ question, certificate }) => [
    question.signerDigest,
    certificate?.extensions.buildSignerDigest,
  ]),
  {
    rule: 'source-tag',
    check({ question: { sourceTag }, build }) {
      if (sourceTag === undefined) return [skip('source-tag', 'not asked for')]
      const tag = build.ref?.startsWith('refs/tags/') === true ? build.ref.slice('refs/tags/'.length) : undefined
      return [
        tag !== undefined && isVersionOf(tag, sourceTag)
          ? pass('source-tag', sourceTag, tag)
          : fail('source-tag', 'source-tag-mismatch', sourceTag, tag ?? build.ref, flag('--source-tag', tag)),
      ]
    },
  },
  {
    rule: 'builder-id',
    check({ question: { builderId }, evidence: { provenance } }) {
      if (builderId === undefined) return [skip('builder-id', 'not asked for')]
      return [matched('builder-id', 'builder-mismatch', builderId, provenance?.builderId, '--builder-id')]
    },
  },
  {
    rule: 'trigger',
    check({ question: { triggers }, certificate, build: { trigger } }) {
      if (certificate === undefined) return [skip('trigger', noCertificate)]
      if ('accept' in triggers) {
        const expected = triggers.accept.join(' or ')
        return [
          trigger !== undefined && triggers.accept.includes(trigger)
            ? pass('trigger', expected, trigger)
            : fail('trigger', 'trigger-refused', expected, trigger, flag('--trigger', trigger)),
        ]
      }
      if (trigger === undefined) return [skip('trigger', 'the certificate names no trigger')]
      return [
        triggers.refuse.includes(trigger)
          ? fail('trigger', 'trigger-refused', `any but ${triggers.refuse.join(', ')}`, trigger, `--trigger ${trigger}`)
          : pass('trigger', `any but ${triggers.refuse.join(', ')}`, trigger),
      ]
    },
  },
  {
    rule: 'runner',
    check({ question, certificate }) {
      if (certificate === undefined) return [skip('runner', noCertificate)]
      if (question.selfHostedRunner === 'allow') return [skip('runner', 'waived by --self-hosted-runner allow')]
      const found = certificate.extensions.runnerEnvironment
      if (found === undefined) return [skip('runner', 'the certificate does not say where the job ran')]
      // An allow-list: CircleCI's `ssh-rerun` and whatever comes next are not "hosted" either.
      return [
        ['github-hosted', 'gitlab-hosted', 'buildkite-hosted'].includes(found)
          ? pass('runner', 'hosted by the CI provider', found)
          : fail('runner', 'runner-refused', 'hosted by the CI provider', found, '--self-hosted-runner allow'),
      ]
    },
  },
  { rule: 'provenance-equals-certificate', check: provenanceChecks },
  { rule: 'external-parameters', check: parameterChecks },
]

/** A part of the question that is compared as it is, and skipped where it was not asked. */
function equalRow(
  rule: string,
  code: ErrorCode,
  name: string,
  read: (given: Case) => readonly [asked: string | undefined, found: string | undefined],
): RuleRow {
  return {
    rule,
    check(given) {
      const [asked, found] = read(given)
      if (asked === undefined) return [skip(rule, 'not asked for')]
      return [found === asked ? pass(rule, asked, found) : fail(rule, code, asked, found, flag(name, found))]
    },
  }
}

/** `v14` and `v14.2` are asked for by a build of `v14.2`; `v14.1`, `v1` and `v14.2.1` are not. */
function isVersionOf(tag: string, asked: string): boolean {
  return asked !== '' && (tag === asked || tag.startsWith(`${asked}.`))
}

function provenanceChecks({ evidence: { provenance }, certificate, question }: Case): readonly Check[] {
  const rule = 'provenance-equals-certificate'
  if (certificate === undefined) return [skip(rule, noCertificate)]
  if (provenance === undefined) return [skip(rule, 'the predicate is no provenance')]
  const row = buildTypeRow(provenance)
  if (row !== undefined) return row.fields.map((it) => fieldCheck(it, provenance, certificate))
  const unknown = `no rule is known for the build type ${shown(provenance.buildType)}`
  return [
    ...generalFields(provenance).map((it) => fieldCheck(it, provenance, certificate)),
    question.strictness === 'strict'
      ? fail(rule, 'build-type-unknown', 'a build type that is known', provenance.buildType)
      : skip(rule, unknown),
  ]
}

function parameterChecks({ evidence: { provenance } }: Case): readonly Check[] {
  const rule = 'external-parameters'
  const row = provenance === undefined ? undefined : buildTypeRow(provenance)
  if (provenance === undefined || row === undefined) return [skip(rule, 'the build type is not known')]
  const unrecognised = Object.keys(provenance.externalParameters).filter((name) => !row.parameters.includes(name))
  return [
    unrecognised.length === 0
      ? pass(rule)
      : skip(rule, `not asked about, and unknown to the build type: ${unrecognised.slice(0, 20).join(', ')}`),
  ]
}

function fieldCheck(row: FieldRow, provenance: Provenance, certificate: CertificateIdentity): Check {
  const rule = `provenance-equals-certificate ${row.field}`
  const expected = row.expect(certificate)
  const found = row.read(provenance)
  if (expected === undefined) return skip(rule, 'the certificate does not say')
  if (found === undefined && row.presence === 'optional') return skip(rule, 'the provenance does not say')
  return found !== undefined && expected.accepts(found)
    ? pass(rule, expected.text, found)
    : fail(rule, 'predicate-certificate-mismatch', expected.text, found)
}

function matched(rule: string, code: ErrorCode, pattern: Pattern, found: string | undefined, name: string): Check {
  return found !== undefined && pattern.matches(found)
    ? pass(rule, pattern.text, found)
    : fail(rule, code, pattern.text, found, flag(name, found))
}

function pass(rule: string, expected?: string, found?: string): Check {
  return {
    rule,
    outcome: 'pass',
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  }
}

function skip(rule: string, note: string): Check {
  return { rule, outcome: 'skipped', note }
}

/** A "no", with the flag that would have accepted what was found: a person decides whether that is right. */
function fail(rule: string, code: ErrorCode, expected: string, found: string | undefined, accept?: string): Check {
  return {
    rule,
    outcome: 'fail',
    code,
    expected,
    found: found ?? 'nothing',
    ...(accept === undefined ? {} : { note: `would pass with ${accept}` }),
  }
}

function flag(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name} ${shown(value)}`
}

/** Quoted for a POSIX shell where it must be. */
function shown(value: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
