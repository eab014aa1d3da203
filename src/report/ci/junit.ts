/**
 * Verdicts as JUnit XML (pytest's `junit-10.xsd`), which GitLab and others show as tests: each verdict is one, a `no` a failure, what
 * was not decided an error; and so is each check that fails, was skipped, or was made by a policy. What is waived or only warned of is
 * a skipped test that says so, and so is a waiver that was set aside: JUnit has no third colour, and a pass would hide it.
 */
import { rowOutcomes } from '../check-rows.ts'
import { short, totalOf } from './job-report.ts'
import type { ReportedCheck, VerdictRow, VerifyReport } from './job-report.ts'

export function junitOf(report: VerifyReport): string {
  const { counts, rows, failure, checks, checkCounts } = report
  const suite = `countersign ${report.command}`
  const name = newNames()
  // Of a question most parts are asked of nobody: a test for each would hide all others.
  const isTogether = ({ of, outcome }: ReportedCheck): boolean => of === 'question' && outcome === 'skipped'
  const own = checks.filter((it) => !isTogether(it))
  const skipped = [
    ...Map.groupBy(checks.filter(isTogether), ({ verdict, why }) => JSON.stringify([verdict, why])).values(),
  ]
  const cases = [
    ...(failure === undefined
      ? []
      : [problem(suite, { name: suite, kind: 'error', reason: failure.message, code: failure.code, facts: '' })]),
    ...rows.map((it) => verdictCase(suite, it, name)),
    ...own.map((it) => checkCase(it, name)),
    ...skipped.map((it) => skippedCase(it, name)),
  ]
  const broken = failure === undefined ? 0 : 1
  const all = rowOutcomes.reduce((sum, it) => sum + checkCounts[it], 0)
  const joined = checks.length - own.length - skipped.length
  const left = totalOf(report) - rows.length + all - checks.length
  const notes = [
    ...report.policies.map((it) => `policy: ${it}`),
    ...(report.notes ?? []).map((it) => `note: ${short(it)}`),
    ...(left === 0 ? [] : [`and ${left} more`]),
  ]
  const count = {
    tests: totalOf(report) + broken + all - joined,
    failures: counts.fail + checkCounts.failed,
    errors: counts.undecided + broken,
  }
  const attributes = Object.entries(count).map(([it, value]) => `${it}="${value}"`)
  const skips = `skipped="${checkCounts.warned + checkCounts.waived + checkCounts['set-aside'] + checkCounts.overridden + checkCounts.skipped - joined}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes.join(' ')}>`,
    `<testsuite name="${suite}" ${attributes.join(' ')} ${skips}>`,
    ...cases,
    ...(notes.length === 0 ? [] : [`<system-out>${escaped(notes.join('\n'))}</system-out>`]),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

type Names = (name: string) => string

/** Of two tests of one name GitLab shows the last, so the second of a name gets a number. */
function newNames(): Names {
  const seen = new Map<string, number>()
  return (name) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  }
}

function verdictCase(suite: string, row: VerdictRow, nameOf: Names): string {
  const name = nameOf(row.artifact)
  const facts = [row.digest, row.signer, row.source].filter((it) => it !== '').join('\n')
  return row.outcome === 'pass'
    ? testCase(name, suite, `<system-out>${escaped(facts)}</system-out>`)
    : problem(suite, {
        name,
        kind: row.outcome === 'fail' ? 'failure' : 'error',
        reason: row.reason,
        code: row.code,
        facts,
      })
}

function checkCase(row: ReportedCheck, nameOf: Names): string {
  const { of, outcome, severity, rule, place, code = '', why } = row
  const name = nameOf([row.artifact, rule, ...(place === '' ? [] : [place])].join(' › '))
  const group = `countersign ${of}`
  const facts = [
    ...(row.expected === '' ? [] : [`expected: ${row.expected}`]),
    ...(row.found === '' ? [] : [`found: ${row.found}`]),
    ...(row.unseen === '' ? [] : [`not seen: ${row.unseen}`]),
    ...(row.hint === '' ? [] : [`hint: ${row.hint}`]),
  ]
  const body = escaped(facts.join('\n'))
  const skipped = (type: string, message: string): string =>
    testCase(name, group, `<skipped type="${type}" message="${escaped(message)}">${body}</skipped>`)
  switch (outcome) {
    case 'passed':
      return testCase(name, group, body === '' ? '' : `<system-out>${body}</system-out>`)
    case 'failed':
      return testCase(
        name,
        group,
        `<failure type="${code}" message="${escaped(`${rule} (${code})`)}">${body}</failure>`,
      )
    case 'warned':
      return skipped('warned', `${severity}: ${rule} (${code})`)
    case 'waived':
      return skipped('waived', `waived: ${why}; by ${row.waived} (${code})`)
    case 'set-aside':
      return skipped('set-aside', `${why} (${code})`)
    case 'overridden':
      return skipped('overridden', `${rule}: ${why}`)
    case 'skipped':
      return skipped('skipped', why)
  }
}

/** Parts of a question that were skipped for one reason. */
function skippedCase(rows: readonly ReportedCheck[], nameOf: Names): string {
  const [first] = rows
  if (first === undefined) return ''
  const rules = escaped(rows.map((it) => it.rule).join('\n'))
  return testCase(
    nameOf(`${first.artifact} › skipped, ${first.why}`),
    'countersign question',
    `<skipped type="skipped" message="${escaped(first.why)}">${rules}</skipped>`,
  )
}

interface Problem {
  readonly name: string
  readonly kind: 'failure' | 'error'
  readonly reason: string
  readonly code: string
  readonly facts: string
}

function problem(suite: string, { name, kind, reason, code, facts }: Problem): string {
  const message = escaped(`${short(reason)} (${code})`)
  return testCase(name, suite, `<${kind} type="${code}" message="${message}">${escaped(facts)}</${kind}>`)
}

function testCase(name: string, group: string, content: string): string {
  return `<testcase classname="${group}" name="${escaped(name)}">${content}</testcase>`
}

/** XML 1.0 §2.2 has no U+FFFE and U+FFFF; half characters and controls are gone already. */
function escaped(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}
