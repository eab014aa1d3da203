/**
 * Rules over a verification summary that was asked for by `vsa-verify`: those of the seven steps of the specification (SLSA 1.2,
 * verification_summary, "How to verify") that are about its own fields. Signature, subject, type and result have rules of their own.
 */
import type { VerifiedStatement } from '../../model/evidence.ts'
import { holdsLevel, levelsProblem } from '../../model/slsa-levels.ts'
import { ownVerifierId } from '../../model/summary-question.ts'
import type { SummaryQuestion } from '../../model/summary-question.ts'
import type { Check } from '../../model/verdict.ts'
import { differs, fail, pass, skip } from '../checks.ts'

const rules = ['verifier', 'resource-uri', 'policy-digest', 'verified-levels'] as const

/** A check of each of these rules, or one for each level that is asked for. */
export function summaryChecks(statement: VerifiedStatement, question: SummaryQuestion): readonly Check[] {
  const { predicate, signed } = statement
  if (predicate.kind !== 'verification-summary') {
    return rules.map((it) => skip(it, 'the predicate is not a verification summary'))
  }
  const { verifierId, resourceUri, policySha256, verifiedLevels } = predicate
  return [
    verifierCheck(verifierId, verifierOf(signed.signatory, question)),
    resourceUri === question.resourceUri
      ? pass('resource-uri', question.resourceUri, resourceUri)
      : differs('resource-uri', 'resource-mismatch', 'resourceUri', question.resourceUri, resourceUri),
    policyCheck(policySha256, question.policyDigest),
    ...levelChecks(verifiedLevels, question.levels),
  ]
}

/** The same as skipped, for a summary that never came to be read. */
export function summaryNotReached(): readonly Check[] {
  return rules.map((it) => skip(it, 'not reached'))
}

/**
 * Who a signer may speak for is said by whoever asks, in a pair with the key or the signer; without that a signer under a certificate
 * speaks for itself alone.
 */
function verifierOf(
  signatory: VerifiedStatement['signed']['signatory'],
  { verifierId }: SummaryQuestion,
): string | undefined {
  return verifierId ?? (signatory.kind === 'certificate' ? ownVerifierId(signatory.identity) : undefined)
}

function verifierCheck(found: string, expected: string | undefined): Check {
  if (expected === undefined) return fail('verifier', 'not-answerable', 'the verifier that goes with the signer', found)
  return expected === found
    ? pass('verifier', expected, found)
    : differs('verifier', 'verifier-mismatch', 'verifierId', expected, found)
}

/** What the policy is called says nothing of it: whoever keeps its address can put another there. */
function policyCheck(found: string | undefined, expected: string | undefined): Check {
  if (expected === undefined) return skip('policy-digest', 'not asked for')
  const said = found === undefined ? 'none' : `sha256:${found}`
  return said === expected
    ? pass('policy-digest', expected, said)
    : differs('policy-digest', 'summary-policy-mismatch', 'policyDigest', expected, said)
}

function levelChecks(found: readonly string[], asked: readonly string[]): Check[] {
  const words = found.join(', ')
  const problem = levelsProblem(found)
  if (problem !== undefined) {
    return [
      fail('verified-levels', 'levels-malformed', 'levels of SLSA 1.2, one of each track', `${words}: ${problem}`),
    ]
  }
  return asked.map((level) =>
    holdsLevel(found, level)
      ? pass('verified-levels', level, words)
      : differs('verified-levels', 'level-missing', 'level', level, words),
  )
}
