/** A verdict for a person: what was verified, who signed, from what, when, which AI sessions; then what failed. */
import { sha256Hex } from '../model/digest.ts'
import { claimedSourceWords } from '../model/claimed-source.ts'
import type { AttestationSummary, AttestationVerdict, Check, FailedCheck, Verdict } from '../model/verdict.ts'
import { failedChecks } from '../model/verdict.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { buildFields } from './build.ts'
import { decisive as decisiveOf, notReached } from './check-rows.ts'
import { differenceWords } from './difference.ts'
import { otherFailedLines, policyFailedLines, policyFields, policyLines } from './policy-lines.ts'
import { unseenWords } from './sessions-said.ts'
import { sessionLines } from './sessions.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

/** Attestations that do not decide and are named a line each; the rest is counted. */
const shownOthers = 10

/** Tables of sessions that were shown: under the digest of what they say, which artifact or bundle they stand with. */
export type ShownSessions = Map<string, string>

/** The whole verdict; what `shown` has of its sessions is not shown again. Ends with a newline. */
export function verdictText(verdict: Verdict, style: Style, shown: ShownSessions = new Map()): string {
  const { outcome, artifact, attestations, policy } = verdict
  const decisive = decisiveOf(verdict)
  const others = attestations.filter((it) => !decisive.includes(it))
  const [first] = decisive
  // Where nothing else was there, the reason has said it.
  const reason = outcome === 'pass' ? undefined : verdict.failure?.message
  const unreadable = verdict.unreadable.filter((it) => it.message !== reason)
  const failed = decisive.flatMap((it) => failedChecks(it.checks))
  return [
    `${outcomeWord(outcome, style)}  ${style.strong(cell(artifact.name))}`,
    ...failureLines(verdict, style),
    ...failed.flatMap((it) => failedLines(it, style)),
    ...(reason === undefined && failed.length === 0 ? policyFailedLines : otherFailedLines)(policy, style),
    ...facts([
      ...artifactField(verdict),
      ...askedFor(verdict, style),
      ['trust', cell(verdict.trust)],
      ...policyFields(policy),
    ]),
    ...verdict.findings.map((it) => `  ${style.bad('finding')}  ${cell(it.message)} (${it.code})`),
    ...decisive.flatMap((it) =>
      attestationLines(it, { name: artifact.name, several: decisive.length > 1, style, shown }),
    ),
    ...otherLines(others, unreadable, { isPass: outcome === 'pass', style }),
    ...(verdict.unrelated === undefined ? [] : [style.faint(`  ${unrelatedWords(verdict.unrelated)}`)]),
    ...(first === undefined
      ? []
      : checkLines(
          decisive.flatMap((it) => it.checks),
          style,
        )),
    ...policyLines(policy, style),
    '',
  ].join('\n')
}

export function unrelatedWords(count: number): string {
  return count === 1 ? '1 bundle is about another artifact' : `${count} bundles are about other artifacts`
}

export function outcomeWord(outcome: Verdict['outcome'], style: Style): string {
  return outcome === 'pass' ? style.good('PASS') : style.bad(outcome === 'fail' ? 'FAIL' : 'UNDECIDED')
}

function artifactField({ artifact }: Verdict): (readonly [string, string])[] {
  const [digest] = Object.entries(artifact.digest)
  return digest === undefined ? [] : [['artifact', `${digest[0]}:${digest[1]}`]]
}

/** What was asked, and by which trust and policy: the same for all verdicts of one question. */
export function questionLines({ question, trust, policy }: Verdict, style: Style): string[] {
  return facts([...askedFor({ question, policy }, style), ['trust', cell(trust)], ...policyFields(policy)])
}

/** Names of what was asked and of what was found stand under each other. */
function facts(pairs: readonly (readonly [string, string])[]): string[] {
  return fields(pairs, '  ', 'attested as'.length)
}

function failureLines(verdict: Verdict, style: Style): string[] {
  const failure = verdict.outcome === 'pass' ? undefined : verdict.failure
  if (failure === undefined) return []
  return [
    `  ${style.bad('reason')}  ${cell(failure.message)} (${failure.code})`,
    ...(failure.hint === undefined ? [] : [`          ${style.options(cell(failure.hint))}`]),
  ]
}

interface Showing {
  /** Of the artifact. */
  readonly name: string
  /** Whether others decide as well. */
  readonly several: boolean
  readonly style: Style
  readonly shown: ShownSessions
}

/** One attestation that decides; under the name of its bundle where there are several. */
function attestationLines({ summary, bundle }: AttestationVerdict, { name, several, style, shown }: Showing): string[] {
  return [
    ...(several ? [`  ${style.strong('attestation')}  ${cell(bundle)}`] : []),
    ...(summary === undefined ? [] : facts([...otherName(name, summary), ...attestationFields(summary)])),
    ...(summary === undefined
      ? []
      : sessionsOf(summary, several ? `${cell(bundle)} of ${cell(name)}` : cell(name), shown)),
  ]
}

/** The sessions, or where the same ones stand already. */
function sessionsOf(summary: AttestationSummary, where: string, shown: ShownSessions): string[] {
  const { sessions, attribution, changes } = summary
  if (sessions === undefined) return []
  const key = sessionsKey(summary)
  const before = shown.get(key)
  if (before !== undefined) return facts([['AI sessions', `the same as shown with ${before}`]])
  shown.set(key, where)
  const unseen = changes?.readers === undefined ? [] : unseenWords({ readers: changes.readers })
  return ['  AI sessions', ...sessionLines(sessions, attribution, '    '), ...unseen.map((it) => `    ${it}`)]
}

/** Equal for equal sessions of equal ranges; statements of one run are about many artifacts. */
export function sessionsKey({ sessions, attribution, changes }: AttestationSummary): string {
  return sha256Hex(JSON.stringify([sessions, attribution, changes?.readers]))
}

/** The digest is what counts; but a file that goes by another name than its builder gave it may be another file of the release. */
export function otherName(name: string, { subjectName }: AttestationSummary): (readonly [string, string])[] {
  // Where two artifacts share a name, they are told apart by their paths.
  const isSame = subjectName === name || name.endsWith(`/${subjectName ?? ''}`)
  return subjectName === undefined || isSame ? [] : [['attested as', cell(subjectName)]]
}

export function attestationFields(summary: AttestationSummary): (readonly [string, string])[] {
  const { signer, source, claimedSource: claimed, times, changes, changeStatement, verified } = summary
  const from = [source?.repository, source?.ref, source?.commit].filter((it) => it !== undefined).map(cell)
  return [
    ['signed by', signer.kind === 'key' ? `the key ${signer.fingerprint}` : cell(signer.identity)],
    ...(signer.issuer === undefined ? [] : ([['vouched by', cell(signer.issuer)]] as const)),
    ...(from.length === 0
      ? []
      : ([
          [summary.deployment === undefined && summary.rebuild === undefined ? 'built from' : 'job of', from.join(' ')],
        ] as const)),
    ...(claimed === undefined
      ? []
      : ([['claimed', `${cell(claimedSourceWords(claimed))}, as the statement says itself`]] as const)),
    ...buildFields(summary),
    ['signed at', times.map((it) => `${it.time} (${it.source})`).join(', ') || 'nobody else says when'],
    ...(summary.builderId === undefined ? [] : ([['builder', cell(summary.builderId)]] as const)),
    ...(summary.invocationId === undefined ? [] : ([['run', cell(summary.invocationId)]] as const)),
    ...(summary.externalParameters === undefined
      ? []
      : ([['parameters', cell(unsteeringJson(jsonOf(summary.externalParameters)))]] as const)),
    ...(changeStatement === undefined
      ? []
      : ([
          [
            'changes',
            `sha256:${changeStatement.sha256}, ${changeStatement.given ? 'given, and of this release' : 'not given here, or not accepted'}`,
          ],
        ] as const)),
    ...(changes === undefined
      ? []
      : ([['changes', `${changes.count} up to ${cell(changes.until)}, since ${cell(changes.since)}`]] as const)),
    ...(verified === undefined
      ? []
      : ([
          ['verified by', cell(verified.verifierId)],
          ['result', `${cell(verified.result)} ${cell(verified.levels.join(', '))}`],
        ] as const)),
  ]
}

/** The parts of the question that a person gave, a line each; its defaults stand in the JSON and in the checks. */
function askedFor(
  { question, policy }: Pick<Verdict, 'question' | 'policy'>,
  style: Style,
): (readonly [string, string])[] {
  const parts = Object.entries(question).filter(([, words]) => !words.endsWith('(default)'))
  return parts.map(([name, value], index) => [
    index === 0 ? 'asked for' : '',
    `${policy === undefined ? partName(name, style) : optionName(name, style)} ${cell(value)}`,
  ])
}

/** A name that is no plain word (`requireInput`) is that of an option, which the reader may know by another one. */
function partName(name: string, style: Style): string {
  return /[A-Z]/.test(name) ? optionName(name, style) : name
}

function optionName(name: string, style: Style): string {
  return style.options(`\`${name}\``).replaceAll('`', '')
}

function failedLines({ rule, code, expected, found, differs, note }: FailedCheck, style: Style): string[] {
  const words = differenceWords(differs)
  return [
    `  ${style.bad('failed')}  ${rule} (${code})`,
    ...fields(
      [
        ...(expected === undefined ? [] : ([['expected', cell(expected)]] as const)),
        ...(found === undefined ? [] : ([['found', cell(found)]] as const)),
        ...(words === undefined ? [] : ([['differs', style.options(words)]] as const)),
        ...(note === undefined ? [] : ([['hint', style.options(cell(note))]] as const)),
      ],
      '            ',
    ),
  ]
}

/** Attestations that did not decide, and bundles that cannot be read, a line each. */
function otherLines(
  others: readonly AttestationVerdict[],
  unreadable: Verdict['unreadable'],
  { isPass, style }: { readonly isPass: boolean; readonly style: Style },
): string[] {
  const lines = [
    ...others.map(({ bundle, checks }) => {
      const [failed] = failedChecks(checks)
      return `${cell(bundle)}: ${failed === undefined ? 'not needed' : `${failed.rule} (${failed.code})`}`
    }),
    ...unreadable.map(({ bundle, message, code, hint }) => {
      const advice = isPass || hint === undefined ? '' : `; ${style.options(cell(hint))}`
      return `${cell(bundle)}: ${cell(message)} (${code})${advice}`
    }),
  ]
  return [
    ...lines.slice(0, shownOthers).map((it) => style.faint(`  not used: ${it}`)),
    ...(lines.length > shownOthers ? [style.faint(`  not used: and ${lines.length - shownOthers} more`)] : []),
  ]
}

function checkLines(checks: readonly Check[], style: Style): string[] {
  const count = (outcome: Check['outcome']): number => checks.filter((it) => it.outcome === outcome).length
  const skipped = checks.filter((it) => it.outcome === 'skipped').filter((it) => it.note !== notReached)
  const reasons = Map.groupBy(skipped, (it) => it.note)
  return [
    `  checks  ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`,
    ...[...reasons].map(([note, rows]) =>
      style.faint(`    skipped, ${style.options(cell(note))}: ${[...new Set(rows.map((it) => it.rule))].join(', ')}`),
    ),
  ]
}
