/**
 * The JSON Schemas that we publish, generated from the Zod schemas that the code parses with. Without --write it compares
 * and fails on drift.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { alert } from '../src/model/alert.ts'
import { aiConfigurationAnnotation } from '../src/model/ai-configuration.ts'
import { evidenceConfigFile } from '../src/model/evidence-config.ts'
import { gateReport } from '../src/model/gate-report.ts'
import { inspection } from '../src/model/inspection.ts'
import { lineage } from '../src/model/lineage.ts'
import { policyFile } from '../src/model/policy.ts'
import { policyInput } from '../src/model/policy-input.ts'
import { policyLint } from '../src/model/policy-lint.ts'
import { policyTestReport, policyTestsFile } from '../src/model/policy-tests.ts'
import { prepared } from '../src/model/prepared.ts'
import { rangeReport } from '../src/model/range-report.ts'
import { rebuildReport } from '../src/model/rebuild-report.ts'
import { redactionReport } from '../src/model/redaction-report.ts'
import { receiptPayload } from '../src/model/receipt.ts'
import { receiptIssuersFile } from '../src/model/receipt-issuers.ts'
import { receiptRequest } from '../src/model/receipt-request.ts'
import { receiptServiceFile } from '../src/model/receipt-service.ts'
import { receiptReport } from '../src/model/receipt-report.ts'
import { sessionRecordPredicate } from '../src/model/record-attestation.ts'
import { recordCard } from '../src/model/session-record.ts'
import { sessionRedactionPredicate } from '../src/model/session-redaction.ts'
import { attributionSummary, sessionAnnotation } from '../src/model/session.ts'
import { statement } from '../src/model/statement.ts'
import { trustReport } from '../src/model/trust-report.ts'
import { verdict } from '../src/model/verdict.ts'
import { changeProvenancePredicate } from '../src/predicates/change-provenance.ts'
import { deploymentPredicate } from '../src/predicates/deployment.ts'
import { policyApprovalPredicate } from '../src/predicates/policy-approval.ts'
import { provenancePredicate } from '../src/predicates/provenance.ts'
import { rebuildComparisonPredicate } from '../src/predicates/rebuild-comparison.ts'
import { waiverPredicate } from '../src/predicates/waiver.ts'

const root = fileURLToPath(new URL('../schemas/', import.meta.url))

const schemas: readonly (readonly [string, string, z.ZodMiniType])[] = [
  ['statement/v1', 'in-toto Statement', statement],
  ['provenance/v1', 'SLSA build provenance with AI sessions', provenancePredicate],
  ['ai-session/v1', 'AI session: annotations.countersign of a ResourceDescriptor', sessionAnnotation],
  [
    'ai-configuration/v1',
    'AI configuration: annotations.countersign of a ResourceDescriptor',
    aiConfigurationAnnotation,
  ],
  ['change-provenance/v1', 'Change provenance: what a released range is made of', changeProvenancePredicate],
  [
    'session-record/v1',
    'Session record: the predicate of a statement about records of sessions',
    sessionRecordPredicate,
  ],
  [
    'session-redaction/v1',
    'Session redaction: a record of a session replaces an older one, from which something had to go',
    sessionRedactionPredicate,
  ],
  ['session-record-card/v1', 'Card of a session record: record.json in its tree', recordCard],
  ['deployment/v1', 'Deployment: an artifact was put into an environment, or taken out of it', deploymentPredicate],
  [
    'rebuild-comparison/v1',
    'Rebuild comparison: somebody built the source again, and says how the outcome compares',
    rebuildComparisonPredicate,
  ],
  ['waiver/v1', 'Waiver: one rule of a policy need not hold for an artifact', waiverPredicate],
  ['policy-approval/v1', 'Approval of a policy: the predicate of a statement about its file', policyApprovalPredicate],
  ['attribution/v1', 'Attribution of a released range: annotations.countersign of a byproduct', attributionSummary],
  ['verdict/v1', 'Verdict: what countersign verify answers', verdict()],
  ['prepared/v1', 'Prepared statement: what countersign attest --on-outage defer keeps', prepared],
  ['policy/v1', 'Policy: what a release must satisfy, countersign.yaml', policyFile()],
  ['policy-input/v1', 'Policy input: the verified evidence that rules are written over', policyInput()],
  ['policy-lint/v1', 'Policy lint: what countersign policy lint answers of one file', policyLint()],
  ['policy-tests/v1', 'Policy tests: cases that countersign policy test runs', policyTestsFile()],
  ['policy-test-report/v1', 'Policy test report: what countersign policy test answers', policyTestReport()],
  ['inspection/v1', 'Inspection: what a bundle claims, not verified', inspection()],
  ['sessions/v1', 'Sessions: what countersign sessions says of a range, nothing of it signed', rangeReport()],
  ['gate/v1', 'Gate: what the rules about AI say of a change before it is merged', gateReport()],
  ['alert/v1', 'Alert: what countersign tells of a verdict that is no pass', alert()],
  ['lineage/v1', 'Lineage: where a release comes from, as countersign graph shows it', lineage()],
  ['countersign-config/v1', 'Configuration: .countersign/config.yaml, what evidence is read', evidenceConfigFile()],
  ['ai-session-receipt/v1', 'AI session receipt: the payload of the JWS', receiptPayload()],
  ['receipt-issuers/v1', 'Receipt issuers: whose receipts count', receiptIssuersFile()],
  ['receipt-request/v1', 'Receipt request: what the holder of a token asks a service for', receiptRequest()],
  ['receipt-service/v1', 'Receipt service: what countersign receipt serve is configured with', receiptServiceFile()],
  ['receipt-report/v1', 'Receipt report: what countersign receipt verify answers', receiptReport()],
  ['rebuild-report/v1', 'Rebuild report: what countersign rebuild-compare answers', rebuildReport()],
  ['redaction-report/v1', 'Redaction report: what countersign redact says of a text', redactionReport()],
  ['trust-report/v1', 'Trust report: what countersign trust answers', trustReport()],
]

const write = process.argv.includes('--write')
const stale: string[] = []
for (const [name, title, schema] of schemas) {
  // `input`: what a reader accepts. Unknown members are tolerated, as the SLSA extension rules ask.
  const generated = {
    $id: `https://w3id.org/countersign/schemas/${name}`,
    title,
    ...z.toJSONSchema(schema, { io: 'input' }),
  }
  const text = `${JSON.stringify(generated, null, 2)}\n`
  const path = `${root}${name}.json`
  if (write) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (read(path) !== text) {
    stale.push(`schemas/${name}.json`)
  }
}
if (stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}; run npm run schemas\n`)
  process.exitCode = 1
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
