/** Verdicts as JUnit XML, which GitLab and others show as tests: a `no` is a failure, what was not decided an error. */
import { short, totalOf } from './job-report.ts'
import type { VerdictRow, VerifyReport } from './job-report.ts'

const suite = 'countersign verify'

export function junitOf(report: VerifyReport): string {
  const { counts, rows, failure } = report
  const cases = [
    ...(failure === undefined ? [] : [problem(suite, 'error', failure.message, failure.code, '')]),
    ...casesOf(rows),
  ]
  const left = totalOf(report) - rows.length
  const broken = failure === undefined ? 0 : 1
  const attributes = `tests="${totalOf(report) + broken}" failures="${counts.fail}" errors="${counts.undecided + broken}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `<testsuite name="${suite}" ${attributes}>`,
    ...cases,
    ...(left === 0 ? [] : [`<system-out>and ${left} more</system-out>`]),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** Of two tests of one name GitLab shows the last, so the second artifact of a name gets a number. */
function casesOf(rows: readonly VerdictRow[]): readonly string[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const times = (seen.get(row.artifact) ?? 0) + 1
    seen.set(row.artifact, times)
    const name = times === 1 ? row.artifact : `${row.artifact} (${times})`
    const facts = [row.digest, row.signer, row.source].filter((it) => it !== '').join('\n')
    if (row.outcome === 'pass') {
      return `<testcase classname="${suite}" name="${escaped(name)}"><system-out>${escaped(facts)}</system-out></testcase>`
    }
    return problem(name, row.outcome === 'fail' ? 'failure' : 'error', row.reason, row.code, facts)
  })
}

function problem(name: string, kind: 'failure' | 'error', reason: string, code: string, facts: string): string {
  const message = escaped(`${short(reason)} (${code})`)
  const body = escaped(facts)
  return `<testcase classname="${suite}" name="${escaped(name)}"><${kind} type="${code}" message="${message}">${body}</${kind}></testcase>`
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
