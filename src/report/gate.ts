/** What the gate says of a change, for people and for what forges read. Whatever is drawn of a policy is drawn as for a release. */
import { limits } from '../model/limits.ts'
import type { GateReport } from '../model/gate-report.ts'
import type { Verdict } from '../model/verdict.ts'
import { verdictType } from '../model/verdict.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { newVerdictTally } from './ci/job-report.ts'
import type { VerifyReport } from './ci/job-report.ts'
import { junitOf } from './ci/junit.ts'
import { summaryOf } from './ci/summary.ts'
import { codeQualityOf } from './documents/code-quality.ts'
import { newSarif } from './documents/sarif.ts'
import { fold } from './fold.ts'
import type { GateFormat } from './gate-formats.ts'
import { gateFailure, gateText, notesBeside } from './gate-text.ts'
import { plainStyle } from './style.ts'
import type { Style } from './style.ts'

/** Ends with a newline. Error: `document-too-large`. `version` is that of the program. */
export function gateView(report: GateReport, format: GateFormat, style: Style, version: string): string {
  switch (format) {
    case 'text': {
      const text = gateText(report, style)
      return style.width === undefined ? text : fold(text, style.width)
    }
    case 'json':
      return `${unsteeringJson(jsonOf(report))}\n`
    case 'markdown':
      return `${(summaryOf(gateJob(report, style), limits.commentBytes) ?? '').trim()}\n`
    case 'junit':
      return junitOf(gateJob(report, style))
    case 'sarif': {
      const sarif = newSarif(style, version)
      sarif.add(asVerdict(report))
      return sarif.end()
    }
    case 'codequality':
      return codeQualityOf(report)
  }
}

/** As a job is told of it. */
export function gateJob(report: GateReport, style: Pick<Style, 'options'> = plainStyle): VerifyReport {
  const tally = newVerdictTally(style, 'gate')
  tally.add(asVerdict(report))
  const notes = notesBeside(report).map(({ text, hint }) =>
    style.options([text, hint].filter((it) => it !== undefined).join('; ')),
  )
  return { ...tally.report(undefined), notes }
}

export { gateFailure }

/** Nothing was signed, so nothing was verified: what there is, are the rows of the policy. */
export function asVerdict(report: GateReport): Verdict {
  const { outcome, base, head, policy } = report
  const common = {
    type: verdictType,
    artifact: { name: `${base.commit.slice(0, 12)}..${head.slice(0, 12)}`, digest: { gitCommit: head } },
    ...{ question: {}, trust: 'none', policy },
  } as const
  const mutable = { ...common, findings: [], unreadable: [], attestations: [] }
  if (outcome === 'pass') return { ...mutable, outcome }
  return {
    ...mutable,
    outcome,
    failure: { code: 'policy-refused', message: `the policy ${policy.name}: ${gateFailure(report)}` },
  }
}
