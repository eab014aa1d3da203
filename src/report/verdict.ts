/** A verdict for a person: what was verified, who signed, from what, when, which AI sessions; then what failed. */
import type { AttestationSummary, Check, Verdict } from '../model/verdict.ts'
import { sessionLines } from './sessions.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

export function verdictText(verdict: Verdict, style: Style): string {
  const { outcome, artifact, attestation, checks, failure, rejected, unrelated } = verdict
  const word = outcome === 'pass' ? style.good('PASS') : style.bad(outcome === 'fail' ? 'FAIL' : 'UNDECIDED')
  const digest = Object.entries(artifact.digest)[0]
  const failed = checks.filter((it) => it.outcome === 'fail')
  return [
    `${word}  ${style.strong(cell(artifact.name))}`,
    ...fields([
      ...(digest === undefined ? [] : ([['artifact', `${digest[0]}:${digest[1]}`]] as const)),
      ...(attestation === undefined
        ? []
        : [...otherName(artifact.name, attestation), ...attestationFields(attestation)]),
      ...askedFor(verdict.question),
      ['trust', cell(verdict.trust)],
    ]),
    ...(attestation?.predicateType === undefined || attestation.sessions === undefined
      ? []
      : ['  AI sessions', ...sessionLines(attestation.sessions, attestation.attribution, '    ')]),
    ...(failure === undefined
      ? []
      : [
          `  ${style.bad('reason')}  ${cell(failure.message)} (${failure.code})`,
          ...(failure.hint === undefined ? [] : [`          ${cell(failure.hint)}`]),
        ]),
    ...failed.flatMap((it) => failedLines(it, style)),
    ...rejected
      .slice(0, 10)
      .map((it) => style.faint(`  not used: ${cell(it.bundle)}: ${cell(it.message)} (${it.code})`)),
    ...(rejected.length > 10 ? [style.faint(`  not used: ${rejected.length - 10} more`)] : []),
    ...(unrelated === undefined ? [] : [style.faint(`  ${unrelated} bundles are about other artifacts`)]),
    ...checkLines(checks, style),
    '',
  ].join('\n')
}

/** The digest is what counts; but a file that goes by another name than its builder gave it may be another file of the release. */
function otherName(name: string, { subjectName }: AttestationSummary): (readonly [string, string])[] {
  return subjectName === undefined || subjectName === name ? [] : [['attested as', cell(subjectName)]]
}

function attestationFields(attestation: AttestationSummary): (readonly [string, string])[] {
  const { signer, source, times } = attestation
  const from = [source?.repository, source?.ref, source?.commit].filter((it) => it !== undefined).map(cell)
  return [
    ['signed by', signer.kind === 'key' ? `the key ${signer.fingerprint}` : cell(signer.identity)],
    ...(signer.issuer === undefined ? [] : ([['vouched by', cell(signer.issuer)]] as const)),
    ...(from.length === 0 ? [] : ([['built from', from.join(' ')]] as const)),
    ['signed at', times.map((it) => `${it.time} (${it.source})`).join(', ')],
    ...(attestation.builderId === undefined ? [] : ([['builder', cell(attestation.builderId)]] as const)),
    ...(attestation.invocationId === undefined ? [] : ([['run', cell(attestation.invocationId)]] as const)),
    ...(attestation.externalParameters === undefined
      ? []
      : ([['parameters', cell(JSON.stringify(attestation.externalParameters))]] as const)),
  ]
}

/** The parts of the question that a person gave, a line each; its defaults stand in the JSON and in the checks. */
const givenParts = [
  'signer',
  'issuer',
  'source',
  'ref',
  'commit',
  'sourceId',
  'ownerId',
  'signerDigest',
  'sourceTag',
  'builderId',
  'strict',
]

function askedFor(question: Verdict['question']): (readonly [string, string])[] {
  const parts = Object.entries(question).filter(
    ([name, value]) => givenParts.includes(name) || value.endsWith('(waived)'),
  )
  return parts.map(([name, value], index) => [index === 0 ? 'asked for' : '', `${name} ${cell(value)}`] as const)
}

function failedLines({ rule, code, expected, found, note }: Check, style: Style): string[] {
  return [
    `  ${style.bad('failed')}  ${rule} (${code ?? 'no code'})`,
    ...fields(
      [
        ...(expected === undefined ? [] : ([['expected', cell(expected)]] as const)),
        ...(found === undefined ? [] : ([['found', cell(found)]] as const)),
        ...(note === undefined ? [] : ([['note', cell(note)]] as const)),
      ],
      '            ',
    ),
  ]
}

function checkLines(checks: readonly Check[], style: Style): string[] {
  const count = (outcome: Check['outcome']): number => checks.filter((it) => it.outcome === outcome).length
  const skipped = checks.filter((it) => it.outcome === 'skipped' && it.note !== 'not reached')
  const reasons = Map.groupBy(skipped, (it) => it.note ?? 'no reason given')
  return [
    `  checks  ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`,
    ...[...reasons].map(([note, rows]) =>
      style.faint(`    skipped, ${cell(note)}: ${rows.map((it) => it.rule).join(', ')}`),
    ),
  ]
}
