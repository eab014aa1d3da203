/** Verdicts of our command line, as it prints them with `--format json`. */
import { decidingChecks, failedChecks } from '../../src/model/verdict.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Place } from './changes.ts'

/** Why it did not pass: codes of the failed checks, or of the failure before any check. */
export function failedCodes(stdout: string): string[] {
  const verdict = JSON.parse(stdout) as Verdict
  const failed = failedChecks(decidingChecks(verdict)).map(({ code }) => code)
  const failure = verdict.outcome === 'pass' ? undefined : verdict.failure
  return failure === undefined ? failed : [...failed, failure.code]
}

/** What our verifier says of a changed byte, whoever signed. */
export const codeOfChange: { readonly [place in Place]: string } = {
  payload: 'signature-invalid',
  signature: 'signature-invalid',
  certificate: 'certificate-untrusted',
  'log entry': 'log-entry-invalid',
  'log proof': 'log-entry-invalid',
  checkpoint: 'log-entry-invalid',
  timestamp: 'trusted-time-invalid',
  artifact: 'subject-mismatch',
}
