/**
 * Bundles → verdict under a policy: its signers make questions, whatever answers one of them is evidence, and its rules look at that
 * evidence. Of several provenance statements that pass, one that satisfies the policy is enough, as without one.
 */
import type { Evidence, VerifiedStatement } from '../model/evidence.ts'
import { sha256Hex } from '../model/digest.ts'
import type { AiEvidence, PolicyEvidence } from '../model/policy-evidence.ts'
import { waivedIn } from '../model/policy-report.ts'
import type { PolicyReport } from '../model/policy-report.ts'
import type { Policy, PolicySections } from '../model/policy.ts'
import type { Question } from '../model/question.ts'
import { CountersignError } from '../errors.ts'
import { failureOf } from '../model/verdict.ts'
import type { Verdict } from '../model/verdict.ts'
import type { EvaluateOwn } from '../policy/apply-policy.ts'
import { applyPolicy, notApplied, refusals } from '../policy/apply-policy.ts'
import { companionQuestions } from '../policy/policy-questions.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { gatherWaivers } from './gather-waivers.ts'
import { closeness, judgeCandidates } from './judge.ts'
import type { Candidates, Draft, Judgement } from './judge.ts'

/** A policy, as it is asked at one time. */
export interface AskedPolicy {
  readonly evaluateOwn?: EvaluateOwn | undefined
  readonly policy: Policy
  readonly questions: readonly [Question, ...Question[]]
  /** RFC 3339, UTC. */
  readonly now: string
}

/** As `judgeCandidates` does, of every question, and then by the rules. */
export function judgeByPolicy(
  draft: Omit<Draft, 'question'>,
  candidates: Candidates,
  trusts: readonly Trust[],
  { policy, questions, now, evaluateOwn }: AskedPolicy,
): Judgement {
  const judge = (question: Question): Judgement => judgeCandidates({ ...draft, question }, candidates, trusts)
  const judgements = questions.map(judge)
  const companions = policy.layers.map(({ sections }) => companionsFor(sections, judge))
  const waivers = gatherWaivers(policy, { draft, candidates, trusts, judge })
  let best: { readonly judgement: Judgement; readonly report: PolicyReport } | undefined
  for (const judgement of judgements) {
    const { evidence } = judgement
    if (evidence === undefined) continue
    for (const provenance of evidence.statements) {
      if (provenance.predicate.kind === 'change-provenance') continue
      const report = applyPolicy(
        policy,
        { ...evidenceFor(provenance, evidence, companions, now), ...waivers },
        evaluateOwn,
      )
      if (best === undefined || isNearer(report, best.report)) best = { judgement, report }
    }
  }
  if (best === undefined) {
    const [nearest] = judgements.toSorted((a, b) => distance(b.verdict) - distance(a.verdict))
    const { verdict } = nearest ?? judge(questions[0])
    return { verdict: { ...verdict, policy: notApplied(policy, now) }, evidence: undefined }
  }
  const { judgement, report } = best
  const verdict: Verdict = { ...judgement.verdict, policy: report }
  const count = refusals(report)
  if (count === 0) return { verdict, evidence: judgement.evidence }
  const reason = `the policy ${policy.name} refuses it: ${count} ${count === 1 ? 'row fails' : 'rows fail'}`
  const failure = failureOf(new CountersignError('policy-refused', reason))
  return { verdict: { ...verdict, outcome: 'fail', failure }, evidence: undefined }
}

/** What passes by itself is nearer than what was waived. */
function isNearer(report: PolicyReport, other: PolicyReport): boolean {
  const [own, others] = [refusals(report), refusals(other)]
  return own === others ? waivedIn(report).length < waivedIn(other).length : own < others
}

/** An answer is nearer than none. */
function distance({ outcome, attestations }: Verdict): number {
  const [first] = attestations
  return first === undefined ? (outcome === 'undecided' ? -2 : -1) : closeness(first)
}

type Companions = ReadonlyMap<string, readonly VerifiedStatement[]>

/** Statements that a layer asks for beside the provenance, each verified as itself, by the signers that it names for it. */
function companionsFor({ provenance }: PolicySections, judge: (question: Question) => Judgement): Companions {
  return new Map(
    (provenance?.companions ?? []).map(({ name, predicateType, signers }) => {
      const statements = companionQuestions(signers, predicateType).flatMap(
        (it) =>
          judge(it).evidence?.statements.filter(({ statement }) => statement.predicateType === predicateType) ?? [],
      )
      return [name, [...new Set(statements)]]
    }),
  )
}

function evidenceFor(
  provenance: VerifiedStatement,
  evidence: Evidence,
  companions: readonly Companions[],
  now: string,
): PolicyEvidence {
  return { ...evidence, now, provenance, companions, ai: aiEvidenceOf(provenance, evidence.statements) }
}

/** What provenance says of AI, with the statement of changes whose bytes it names, if that was given and holds. */
function aiEvidenceOf({ predicate }: VerifiedStatement, statements: readonly VerifiedStatement[]): AiEvidence {
  const build = predicate.kind === 'build-provenance' ? predicate : undefined
  const named = statements.find(
    (it) =>
      it.predicate.kind === 'change-provenance' && sha256Hex(it.signed.envelope.payload) === build?.changeStatement,
  )
  const changes = named?.predicate.kind === 'change-provenance' ? named.predicate : undefined
  const readers = [...(build?.attribution?.readers ?? []), ...(changes?.readers ?? [])]
  return {
    // Without a summary of what was looked at, an empty list of sessions says nothing.
    sessions: build?.attribution === undefined ? undefined : build.sessions,
    changes: changes?.changes,
    total: changes?.total ?? changes?.changes.length,
    attribution: build?.attribution,
    readers: build?.attribution === undefined ? undefined : readers.map(({ reader, outcome }) => ({ reader, outcome })),
    configuration: build?.aiConfiguration,
    branch: changes?.branch,
  }
}
