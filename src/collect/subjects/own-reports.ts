/** What countersign has told, saved beside artifacts: verdicts and inspections as JSON or text, and the reports for a CI job. */
import { inspectionType } from '../../model/inspection.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { trustReportType } from '../../model/trust-report.ts'
import { verdictType } from '../../model/verdict.ts'

const types: readonly unknown[] = [verdictType, inspectionType, trustReportType]

export function isOwnDocument(json: Json): boolean {
  return isObject(json) && types.includes(json['type'])
}

/** By the beginning of a text, which is all of one that is short. */
export function isOwnText(head: string): boolean {
  const text = head.replaceAll('\r\n', '\n')
  return isDotenv(text) || isJunit(text) || isInspection(text) || isVerdict(text)
}

/** `countersign-attest.env`, `countersign-verify.env`: variables of no other program, and no line besides. */
function isDotenv(text: string): boolean {
  if (text.length > limits.dotenvBytes || !text.startsWith('COUNTERSIGN_')) return false
  return text
    .trimEnd()
    .split('\n')
    .every((it) => /^COUNTERSIGN_(?:ATTEST|VERIFY)_[A-Z_]+=/.test(it))
}

function isJunit(text: string): boolean {
  return /^<\?xml [^>]{0,100}\?>\s{0,9}<testsuites [^>]{0,200}>\s{0,9}<testsuite name="countersign verify" /.test(text)
}

function isInspection(text: string): boolean {
  return /^not verified {2}\S[^\n]*\n(?: {2}beside {2,}\S[^\n]*\n)? {2}format {2,}\S/.test(text)
}

/** One or several: no line but ours, and among them that which says by which trust they were made. */
function isVerdict(text: string): boolean {
  const lines = text.split('\n')
  // The last may be cut.
  const isOurs = lines
    .slice(0, -1)
    .every((it) => it === '' || /^(?: {2}|(?:PASS|FAIL|UNDECIDED) {2}\S|\d+ pass, |AI sessions of )/.test(it))
  const isJudged = lines.some((it) => /^(?:PASS|FAIL|UNDECIDED) {2}\S/.test(it))
  return (
    isOurs &&
    isJudged &&
    lines.some((it) => /^ {2}asked for {2,}\S/.test(it)) &&
    lines.some((it) => /^ {2}trust {2,}\S/.test(it))
  )
}
