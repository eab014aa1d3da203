/** The question of a verification summary: who signed it, and what it must say. What is not asked is an error, as in any question. */
import { CountersignError, option } from '../errors.ts'
import type { LooseQuestion, Question, QuestionOptions } from '../model/question.ts'
import { readSlsaResult } from '../model/slsa-levels.ts'
import { checkSummaryUri } from '../model/summary-question.ts'
import type { SummaryQuestion } from '../model/summary-question.ts'
import { verificationSummaryV1 } from '../predicates/verification-summary.ts'
import { parseQuestion } from './question.ts'

/** Errors: those of a question; `question-conflict` (a type was asked for, where there is one). */
export function parseSigner(signer: QuestionOptions): Question {
  if (signer.predicateType !== undefined) {
    throw new CountersignError(
      'question-conflict',
      'the type of a verification summary is its own, and not asked for',
      {
        option: 'predicateType',
      },
    )
  }
  const loose: LooseQuestion = { ...signer, predicateType: [verificationSummaryV1] }
  return parseQuestion(loose)
}

/** Errors: `question-incomplete`, `usage`. */
export function checkSummaryQuestion(asked: SummaryQuestion, { signatory }: Question): SummaryQuestion {
  const { verifierId, resourceUri, policyDigest, levels } = asked
  const missing = (name: 'verifierId' | 'level', words: string, hint: string): CountersignError =>
    new CountersignError('question-incomplete', words, { option: name, hint })
  if (signatory === 'key' && verifierId === undefined) {
    const words = `a key does not say whose it is: the question lacks ${option('verifierId')}`
    throw missing('verifierId', words, 'name the verifier that this key belongs to, as its summaries have it')
  }
  if (levels.length === 0) {
    const hint =
      'as in SLSA_BUILD_LEVEL_2, or SLSA_BUILD_LEVEL_UNEVALUATED where the verifier makes no claim about levels'
    throw missing('level', `the question lacks ${option('level')}: what must have been verified`, hint)
  }
  if (verifierId !== undefined) checkSummaryUri('verifierId', verifierId)
  checkSummaryUri('resourceUri', resourceUri)
  if (policyDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(policyDigest)) {
    throw new CountersignError('usage', `${option('policyDigest')} is sha256: and 64 lower-case hex digits`, {
      option: 'policyDigest',
    })
  }
  for (const level of levels) {
    const { kind } = readSlsaResult(level)
    if (kind === 'unknown' || kind === 'failed') {
      throw new CountersignError('usage', `${JSON.stringify(level.slice(0, 100))} is no level that can be asked for`, {
        option: 'level',
        hint: 'SLSA 1.2 has SLSA_BUILD_LEVEL_0 to _3, SLSA_SOURCE_LEVEL_0 to _4 and _UNEVALUATED of both; a word of a verifier begins otherwise',
      })
    }
  }
  return asked
}

export function inWords({ verifierId, resourceUri, policyDigest, levels }: SummaryQuestion): {
  readonly [part: string]: string
} {
  return {
    verifierId: verifierId ?? 'the signer itself',
    resourceUri,
    policyDigest: policyDigest ?? 'any (default)',
    level: levels.join(' and '),
  }
}
