/**
 * Bundles → verdict, for one artifact whose digests are known. In the order of in-toto's validation model
 * (in-toto/attestation docs/validation.md): signature, certificate, log and time → statement → subject → predicate → question.
 */
import { CountersignError, exitCodeOf, hintOf } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { inTotoPayloadType } from '../model/envelope.ts'
import type { Evidence, Signed } from '../model/evidence.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Question } from '../model/question.ts'
import { parseStatement } from '../model/statement.ts'
import type { Statement } from '../model/statement.ts'
import { matchSubject } from '../model/subject-match.ts'
import type { ArtifactDigests } from '../model/subject-match.ts'
import { summariseEvidence, summariseSigned } from '../model/summary.ts'
import { failureOf, verdictType } from '../model/verdict.ts'
import type { AttestationSummary, Check, Verdict } from '../model/verdict.ts'
import { evaluate, notReached, outcomeOf } from '../policy/evaluate.ts'
import { readPredicate } from '../predicates/index.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { signatureRules, verifyBundle } from '../sigstore/verify/verify-bundle.ts'

/** What a verdict is about, before anything is proved. */
export interface Draft {
  readonly question: Question
  /** Origins of the trusted roots, in words. */
  readonly trust: string
  readonly artifact: { readonly name: string; readonly digest: ArtifactDigests }
}

/** A bundle to be judged, or why it cannot be. */
export interface Candidate {
  readonly label: string
  readonly content: Bundle | CountersignError
}

export interface Candidates {
  /** Those that seem to be about the artifact, or any one, to say what is wrong with it. */
  readonly examined: readonly Candidate[]
  /** How many others there were, about other artifacts. */
  readonly unrelated: number
}

/** `evidence` is there if and only if the verdict is pass. */
export interface Judgement {
  readonly verdict: Verdict
  readonly evidence: Evidence | undefined
}

/** Bundles that a verdict names as rejected; the rest of a long file is only counted. */
const namedRejections = 50

interface Judged {
  readonly label: string
  /** The root that these checks were made under. */
  readonly trust: string
  readonly outcome: 'pass' | 'fail'
  readonly checks: readonly Check[]
  readonly attestation: AttestationSummary | undefined
  readonly evidence: Evidence | undefined
}

type Rejected = Verdict['rejected'][number]

/**
 * Judges every candidate and lets the best one decide. Of several
 * roots each is tried alone: authorities of one never stand beside logs of another.
 */
export function weigh(
  draft: Draft,
  { examined, unrelated }: Candidates,
  trusts: readonly Trust[],
  key: string | undefined,
): Judgement {
  const judged: Judged[] = []
  const rejected: Rejected[] = []
  for (const { label, content } of examined) {
    try {
      if (content instanceof CountersignError) throw content
      judged.push(...nearest(trusts.map((trust) => judgeBundle(label, content, draft, trust, key))))
    } catch (thrown) {
      if (!(thrown instanceof CountersignError)) throw thrown
      rejected.push({ bundle: label, code: thrown.code, message: thrown.message })
    }
  }
  const [best] = nearest(judged)
  const others = unrelated > 0 ? { unrelated } : {}
  if (best === undefined) {
    const [first, ...rest] = rejected
    const error = new CountersignError(first?.code ?? 'attestation-none', first?.message ?? 'the file holds no bundle')
    const verdict = { ...undecided(draft, error), rejected: rest.slice(0, namedRejections), ...others }
    return { verdict, evidence: undefined }
  }
  for (const other of judged.filter((it) => it !== best && it.outcome === 'fail')) {
    const failed = other.checks.find((it) => it.outcome === 'fail')
    rejected.push({ bundle: other.label, code: failed?.code ?? 'internal', message: failed?.rule ?? 'failed' })
  }
  return {
    verdict: {
      ...frame(draft),
      trust:
        best.outcome === 'pass' || trusts.length === 1 ? best.trust : `none of ${draft.trust}; nearest ${best.trust}`,
      outcome: best.outcome,
      checks: [...best.checks],
      ...(best.attestation === undefined ? {} : { attestation: best.attestation }),
      rejected: rejected.slice(0, namedRejections),
      ...others,
    },
    evidence: best.outcome === 'pass' ? best.evidence : undefined,
  }
}

/** What passes, else what comes nearest; none of none. */
function nearest(judged: readonly Judged[]): readonly Judged[] {
  const passed = judged.find((it) => it.outcome === 'pass')
  return passed === undefined ? judged.toSorted((a, b) => closeness(b) - closeness(a)).slice(0, 1) : [passed]
}

/** More passed checks first; of equals, fewer failed ones. */
function closeness({ checks }: Judged): number {
  const count = (outcome: Check['outcome']): number => checks.filter((it) => it.outcome === outcome).length
  return count('pass') * 1_000 - count('fail')
}

function judgeBundle(label: string, bundle: Bundle, draft: Draft, trust: Trust, key: string | undefined): Judged {
  const result = verifyBundle(bundle, trust, key)
  if (result.outcome === 'refused') {
    const checks = [...result.checks, ...later(['payload-type', 'statement', 'subject']), ...notReached()]
    return { label, trust: trust.origin, outcome: 'fail', checks, attestation: undefined, evidence: undefined }
  }
  const { signed } = result
  const read = readEvidence(signed, draft.artifact.digest)
  if ('failed' in read) {
    const checks = [...signed.checks, ...read.failed, ...notReached()]
    const attestation = summariseSigned(signed)
    return { label, trust: trust.origin, outcome: 'fail', checks, attestation, evidence: undefined }
  }
  const checks = [...signed.checks, ...read.checks, ...evaluate(read.evidence, draft.question)]
  return {
    label,
    trust: trust.origin,
    outcome: outcomeOf(checks),
    checks,
    attestation: summariseEvidence(read.evidence),
    evidence: read.evidence,
  }
}

type Read = { readonly evidence: Evidence; readonly checks: readonly Check[] } | { readonly failed: readonly Check[] }

/** Signed → Evidence: in-toto payload, well-formed statement, a subject with the artifact's digest, a readable predicate. */
function readEvidence(signed: Signed, artifact: ArtifactDigests): Read {
  const { payloadType, payload } = signed.envelope
  const checks: Check[] = []
  if (payloadType !== inTotoPayloadType) {
    const failed = no('payload-type', 'payload-type-mismatch', inTotoPayloadType, payloadType)
    return { failed: [failed, ...later(['statement', 'subject'])] }
  }
  checks.push({ rule: 'payload-type', outcome: 'pass', expected: inTotoPayloadType, found: payloadType })
  try {
    const statement = parseStatement(payload)
    const provenance = readPredicate(statement.predicateType, statement.predicate)
    checks.push({ rule: 'statement', outcome: 'pass', found: statement._type })
    const subjectIndex = matchSubject(statement, artifact)
    const expected = Object.entries(artifact)
      .map(([algorithm, value]) => `${algorithm}:${value}`)
      .join(' ')
    const found = statement.subject[subjectIndex]
    if (found === undefined) {
      const others = statement.subject.slice(0, 3).map((it) => describeSubject(it))
      const more = statement.subject.length > 3 ? ` and ${statement.subject.length - 3} more` : ''
      return { failed: [...checks, no('subject', 'subject-mismatch', expected, `${others.join(', ')}${more}`)] }
    }
    checks.push({ rule: 'subject', outcome: 'pass', expected, found: found.name ?? 'unnamed' })
    return { evidence: { signed, statement, subjectIndex, provenance }, checks }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    return {
      failed: [...checks, no('statement', thrown.code, 'an in-toto statement', thrown.message), ...later(['subject'])],
    }
  }
}

function describeSubject({ name, digest }: Statement['subject'][number]): string {
  const [algorithm, value] = Object.entries(digest)[0] ?? ['', '']
  return `${name ?? 'unnamed'} ${algorithm}:${value.slice(0, 16)}…`
}

function no(rule: string, code: ErrorCode, expected: string, found: string): Check {
  const note = hintOf(code)
  return { rule, outcome: 'fail', code, expected, found, ...(note === undefined ? {} : { note }) }
}

function later(rules: readonly string[]): readonly Check[] {
  return rules.map((rule) => ({ rule, outcome: 'skipped', note: 'not reached' }))
}

function frame(draft: Draft): Pick<Verdict, 'type' | 'artifact' | 'question' | 'trust'> {
  return {
    type: verdictType,
    artifact: { name: draft.artifact.name, digest: { ...draft.artifact.digest } },
    question: { ...draft.question.written },
    trust: draft.trust,
  }
}

/** Nothing was proved: `fail` where the answer is no (no attestation at all), else `undecided`. */
export function undecided(draft: Draft, error: CountersignError): Verdict {
  return {
    ...frame(draft),
    outcome: exitCodeOf(error.code) === 1 ? 'fail' : 'undecided',
    checks: [...later([...signatureRules, 'payload-type', 'statement', 'subject']), ...notReached()],
    failure: failureOf(error),
    rejected: [],
  }
}
