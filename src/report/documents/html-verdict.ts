/** One verdict in HTML: what does not simply hold comes first, then all that was looked at. */
import type { AttestationSummary, AttestationVerdict, Verdict } from '../../model/verdict.ts'
import { failedChecks } from '../../model/verdict.ts'
import { attestationRows, checkRows, countRows, countWords, decisive, policyRows, rowOutcomes } from '../check-rows.ts'
import type { CheckRow } from '../check-rows.ts'
import type { Style } from '../style.ts'
import { attestationFields, unrelatedWords } from '../verdict.ts'
import { byOutcome, checkTable, chip, facts, html, outside, table } from './html-parts.ts'
import type { Html } from './html-parts.ts'
import { sessionParts } from './html-sessions.ts'

/** Why it is so, in a line: a reason, or the rules that fail. Empty for a pass with nothing to add. */
export function reasonHtml(verdict: Verdict): Html {
  const rows = checkRows(verdict)
  if (verdict.outcome !== 'pass') {
    if (verdict.failure !== undefined) return `${html(verdict.failure.message)} ${smallCode(verdict.failure.code)}`
    const failed = rows.filter((it) => it.outcome === 'failed')
    return `does not hold: ${namesOf(failed)}`
  }
  const { warned, waived, overridden, 'set-aside': setAside } = countRows(rows)
  return [
    ...(warned === 0 ? [] : [`${warned} warned`]),
    ...(waived === 0 ? [] : [`${waived} waived`]),
    ...(setAside === 0 ? [] : [`${setAside} set aside`]),
    ...(overridden === 0 ? [] : [`${overridden} overridden`]),
    ...verdict.findings.map((it) => html(it.code)),
  ].join(', ')
}

const namedRules = 5

function namesOf(rows: readonly CheckRow[]): Html {
  const names = [...new Set(rows.map((it) => it.rule))]
  const rest = names.length - namedRules
  return `${names.slice(0, namedRules).map(outside).join(', ')}${rest > 0 ? ` and ${rest} more rules` : ''}`
}

function smallCode(code: string): Html {
  return `<span class="small">(${html(code)})</span>`
}

/** `id` is ours, and names the place. */
export function verdictHtml(verdict: Verdict, id: string, style: Style): Html {
  const { outcome, artifact, policy, findings, unrelated } = verdict
  const rows = checkRows(verdict)
  const deciding = decisive(verdict)
  const others = verdict.attestations.filter((it) => !deciding.includes(it))
  const hint = outcome === 'pass' ? undefined : verdict.failure?.hint
  const reason = reasonHtml(verdict)
  return [
    `<article id="${id}" aria-labelledby="${id}-name">`,
    `<h2 id="${id}-name">${chip(outcome)} ${outside(artifact.name)}</h2>`,
    ...(reason === '' ? [] : [`<p class="reason">${reason}</p>`]),
    ...(hint === undefined ? [] : [`<p class="faint">${html(style.options(hint))}</p>`]),
    facts([
      ...Object.entries(artifact.digest).map(([name, value]) => ['digest', outside(`${name}:${value}`)] as const),
      ['trust', html(verdict.trust)],
      ['checks', html(countWords(countRows(rows)))],
    ]),
    ...section(
      'What does not simply hold',
      checkTable(byOutcome(rows, ['failed', 'warned', 'waived', 'set-aside', 'overridden']), style),
    ),
    ...section(
      'Findings',
      table(
        ['Finding', 'What', 'Bundles'],
        findings.map((it) => [html(it.code), html(it.message), it.bundles.map(outside).join(', ')]),
        { noun: 'findings' },
      ),
    ),
    ...section('Asked for', questionTable(verdict, style)),
    ...(policy === undefined
      ? ['<h3>Policy</h3>', '<p class="faint">No policy was asked for.</p>']
      : section('Policy', `${policyFacts(policy)}${rest(policyRows(policy), style)}`)),
    ...deciding.flatMap((it) => attestationHtml(it, style)),
    ...section('Attestations that did not decide', others.map((it) => otherHtml(it, style)).join('\n')),
    ...section(
      'Bundles that cannot be read',
      table(
        ['Bundle', 'Why', 'What to do'],
        verdict.unreadable.map((it) => [
          outside(it.bundle),
          `${html(it.message)} ${smallCode(it.code)}`,
          html(style.options(it.hint ?? '')),
        ]),
        { noun: 'bundles' },
      ),
    ),
    ...(unrelated === undefined ? [] : [`<p class="more">${html(unrelatedWords(unrelated))}</p>`]),
    '</article>',
  ].join('\n')
}

/** What matters first; the rest in the order of the families. */
function sorted(rows: readonly CheckRow[]): CheckRow[] {
  return byOutcome(rows, rowOutcomes)
}

/** The rows that do not stand above already. */
function rest(rows: readonly CheckRow[], style: Style): Html {
  const { passed, skipped } = countRows(rows)
  const above = rows.length - passed - skipped
  const words = above === 0 ? '' : `; ${above} that fail, are waived, overridden or set aside stand above`
  return checkTable(byOutcome(rows, ['skipped', 'passed']), style, `${passed} passed, ${skipped} skipped${words}`)
}

function section(heading: string, content: Html): Html[] {
  return content === '' ? [] : [`<h3>${html(heading)}</h3>`, content]
}

function questionTable({ question }: Verdict, style: Style): Html {
  const rows = Object.entries(question).map(([name, words]) => {
    const [, value = words, how = ''] = /^([^]*?)(?: \((waived|default)\))?$/.exec(words) ?? []
    return [outside(style.options(`\`${name}\``).replaceAll('`', '')), outside(value), html(how)]
  })
  return table(['Part', 'Value', 'Note'], rows, { noun: 'parts' })
}

function policyFacts({
  name,
  profile,
  sha256,
  expires,
  signer,
  extends: bases = [],
}: NonNullable<Verdict['policy']>): Html {
  return facts([
    ['policy', outside(name)],
    ...(profile === undefined ? [] : [['profile', outside(profile)] as const]),
    ['digest', outside(`sha256:${sha256}`)],
    ...bases.map((it) => ['extends', `${outside(it.file)} ${outside(`sha256:${it.sha256}`)}`] as const),
    ...(expires === undefined ? [] : [['expires', outside(expires)] as const]),
    ...(signer === undefined ? [] : [['signed by', outside(signer)] as const]),
  ])
}

/** One that decided, with all that it says. */
function attestationHtml(attestation: AttestationVerdict, style: Style): Html[] {
  const { bundle, trust, summary } = attestation
  return [
    `<h3>Attestation ${outside(bundle)}</h3>`,
    facts([
      ...(summary === undefined ? [] : attestationFields(summary).map(([name, value]) => [name, html(value)] as const)),
      ...logFacts(summary),
      ['trust', html(trust)],
    ]),
    rest(attestationRows(attestation), style),
    ...(summary === undefined ? [] : sessionParts(summary)),
    ...extensionParts(summary),
  ]
}

function logFacts(summary: AttestationSummary | undefined): (readonly [string, Html])[] {
  return (summary?.logEntries ?? []).map(({ logId, logIndex, kind }) => [
    'log entry',
    `${outside(logIndex)} <span class="small">${html(kind)}, log ${outside(logId)}</span>`,
  ])
}

function extensionParts(summary: AttestationSummary | undefined): Html[] {
  const rows = Object.entries(summary?.signer.extensions ?? {})
  if (rows.length === 0) return []
  return [
    '<h4>What the certificate says</h4>',
    table(
      ['Extension', 'Value'],
      rows.map((row) => row.map(outside)),
      { noun: 'extensions' },
    ),
  ]
}

/** One that did not: why not, and its checks. */
function otherHtml(attestation: AttestationVerdict, style: Style): Html {
  const failed = failedChecks(attestation.checks).map((it) => it.rule)
  return [
    `<h4>${outside(attestation.bundle)}</h4>`,
    `<p class="faint">${failed.length === 0 ? 'not needed' : `does not hold: ${failed.map(outside).join(', ')}`}</p>`,
    checkTable(sorted(attestationRows(attestation)), style),
  ].join('\n')
}
