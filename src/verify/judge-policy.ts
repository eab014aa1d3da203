/**
 * Bundles → verdict under a policy: its signers make questions, whatever answers one of them is evidence, and its rules look at that
 * evidence. Of several provenance statements that pass, one that satisfies the policy is enough, as without one.
 */
import type { Evidence, VerifiedStatement } from '../model/evidence.ts'
import { sha256Hex } from '../model/digest.ts'
import type { AiEvidence, PolicyEvidence } from '../model/policy-evidence.ts'
import type { PolicyReport } from '../model/policy-report.ts'
import type { Policy, PolicySections } from '../model/policy.ts'
import type { Question } from '../model/question.ts'
import { CountersignError } from '../errors.ts'
import { failureOf } from '../model/verdict.ts'
import type { Verdict } from '../model/verdict.ts'
import { aiEvidenceOf } from '../policy/ai-evidence.ts'
import type { EvaluateOwn } from '../policy/apply-policy.ts'
import { applyPolicy, notApplied, refusals } from '../policy/apply-policy.ts'
import { rebuildersName } from '../policy/families/provenance/rebuilders.ts'
import { changesWithoutRevoked, revocationsOf, withoutRevoked } from '../policy/not-revoked.ts'
import { companionQuestions } from '../policy/policy-questions.ts'
import { rebuildComparisonV1 } from '../predicates/rebuild-comparison.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { closeness, judgeCandidates } from './judge.ts'
import type { Candidates, Draft, Judgement } from './judge.ts'

/** A policy, as it is asked at one time. */
export interface AskedPolicy {
  readonly evaluateOwn?: EvaluateOwn | undefined
  readonly policy: Policy
  readonly questions: readonly [Question, ...Question[]]
  /** RFC 3339, UTC. */
  readonly now: string
  /** Provenance of the release before, of which nothing was revoked; undefined: nobody gave any. */
  readonly previous?: readonly VerifiedStatement[] | undefined
}

interface Best {
  readonly judgement: Judgement
  readonly report: PolicyReport
}

/**
 * As `judgeCandidates` does, of every question, and then by the rules. One judgement is held at a time, and the best: each has a row for
 * every check of every bundle.
 */
export function judgeByPolicy(
  draft: Omit<Draft, 'question'>,
  candidates: Candidates,
  trusts: readonly Trust[],
  asked: AskedPolicy,
): Judgement {
  const { policy, questions, now } = asked
  const judge = (question: Question): Judgement => judgeCandidates({ ...draft, question }, candidates, trusts)
  let companions: readonly Companions[] | undefined
  let best: Best | undefined
  let nearest: Verdict | undefined
  const looked = new Set<string>()
  const identify = newIdentifier()
  for (const question of questions) {
    const judgement = judge(question)
    const { verdict, evidence } = judgement
    if (evidence === undefined) {
      if (nearest === undefined || distance(verdict) > distance(nearest)) nearest = verdict
      continue
    }
    companions ??= policy.layers.map(({ sections }) => companionsFor(sections, policy, judge))
    const among = evidence.statements.map(identify).toSorted((a, b) => a - b)
    for (const provenance of evidence.statements) {
      if (provenance.predicate.kind === 'change-provenance') continue
      // What another question let pass too, among the same statements, is the same evidence.
      const key = `${identify(provenance)} of ${among.join(' ')}`
      if (looked.has(key)) continue
      looked.add(key)
      const report = applyPolicy(policy, evidenceFor(provenance, evidence, companions, asked), asked.evaluateOwn)
      if (best === undefined || refusals(report) < refusals(best.report)) best = { judgement, report }
      if (refusals(report) === 0) return concluded(policy, best)
    }
  }
  if (best !== undefined) return concluded(policy, best)
  const verdict = nearest ?? judge(questions[0]).verdict
  return { verdict: { ...verdict, policy: notApplied(policy, now) }, evidence: undefined }
}

function concluded(policy: Policy, { judgement, report }: Best): Judgement {
  const verdict: Verdict = { ...judgement.verdict, policy: report }
  const count = refusals(report)
  if (count === 0) return { verdict, evidence: judgement.evidence }
  const reason = `the policy ${policy.name} refuses it: ${count} ${count === 1 ? 'row fails' : 'rows fail'}`
  const failure = failureOf(new CountersignError('policy-refused', reason))
  return { verdict: { ...verdict, outcome: 'fail', failure }, evidence: undefined }
}

/** A number for each statement: of one bundle there is one, whichever question it answers (`judge`). */
function newIdentifier(): (statement: VerifiedStatement) => number {
  const known = new Map<VerifiedStatement, number>()
  return (statement) => {
    const number = known.get(statement) ?? known.size
    known.set(statement, number)
    return number
  }
}

/** An answer is nearer than none. */
function distance({ outcome, attestations }: Verdict): number {
  const [first] = attestations
  return first === undefined ? (outcome === 'undecided' ? -2 : -1) : closeness(first)
}

type Companions = ReadonlyMap<string, readonly VerifiedStatement[]>

/**
 * Statements that a layer asks for beside the provenance, each verified as itself, by the signers that it names for it. What the policy
 * revoked, in whatever layer, is none of them.
 */
function companionsFor(
  { provenance }: PolicySections,
  policy: Policy,
  judge: (question: Question) => Judgement,
): Companions {
  const { companions = [], rebuilders } = provenance ?? {}
  const asked = [
    ...companions,
    ...(rebuilders === undefined
      ? []
      : [{ name: rebuildersName, predicateType: rebuildComparisonV1, signers: rebuilders.signers }]),
  ]
  return new Map(
    asked.map(({ name, predicateType, signers }) => {
      const statements = companionQuestions(signers, predicateType).flatMap(
        (it) =>
          judge(it).evidence?.statements.filter(({ statement }) => statement.predicateType === predicateType) ?? [],
      )
      return [name, withoutRevoked([...new Set(statements)], revocationsOf(policy))]
    }),
  )
}

function evidenceFor(
  provenance: VerifiedStatement,
  evidence: Evidence,
  companions: readonly Companions[],
  { policy, now, previous }: AskedPolicy,
): PolicyEvidence {
  const ai = aiIn(provenance, evidence.statements)
  const changes = ai.changes === undefined ? undefined : changesWithoutRevoked(ai.changes, revocationsOf(policy))
  const before = previous === undefined ? {} : { previous }
  return { ...evidence, now, provenance, companions, ai: { ...ai, changes }, ...before }
}

/** With the statement of changes whose bytes the provenance names, if that was given and holds. */
function aiIn({ predicate }: VerifiedStatement, statements: readonly VerifiedStatement[]): AiEvidence {
  const build = predicate.kind === 'build-provenance' ? predicate : undefined
  const named = statements.find(
    (it) =>
      it.predicate.kind === 'change-provenance' && sha256Hex(it.signed.envelope.payload) === build?.changeStatement,
  )
  return aiEvidenceOf(build, named?.predicate.kind === 'change-provenance' ? named.predicate : undefined)
}
