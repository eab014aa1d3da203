/**
 * Bundles → verdict under a policy: its signers make questions, whatever answers one of them is evidence, and its rules look at that
 * evidence. Of several provenance statements that pass, one that satisfies the policy is enough, as without one.
 */
import type { VerifiedStatement } from '../model/evidence.ts'
import type { PolicyEvidence } from '../model/policy-evidence.ts'
import { waivedIn } from '../model/policy-report.ts'
import type { PolicyReport } from '../model/policy-report.ts'
import type { Policy, PolicySections } from '../model/policy.ts'
import type { Question } from '../model/question.ts'
import { CountersignError } from '../errors.ts'
import { failureOf } from '../model/verdict.ts'
import type { Verdict } from '../model/verdict.ts'
import type { EvaluateOwn } from '../policy/apply-policy.ts'
import { applyPolicy, notApplied, refusals } from '../policy/apply-policy.ts'
import { rebuildersName } from '../policy/families/provenance/rebuilders.ts'
import { revocationsOf, withoutRevoked } from '../policy/not-revoked.ts'
import { companionQuestions } from '../policy/policy-questions.ts'
import { rebuildComparisonV1 } from '../predicates/rebuild-comparison.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { contradicting, together } from './companion-statements.ts'
import type { Among } from './companion-statements.ts'
import { gatherWaivers } from './gather-waivers.ts'
import { closeness, judgeCandidates } from './judge.ts'
import type { Candidates, Draft, Judgement } from './judge.ts'
import { policyEvidence } from './policy-evidence.ts'

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

const nobody: Among = { passing: [], admitted: [] }

interface Best {
  readonly judgement: Judgement
  readonly report: PolicyReport
  readonly looked: PolicyEvidence | undefined
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
  const { policy, questions, now, evaluateOwn } = asked
  const judge = (question: Question): Judgement => judgeCandidates({ ...draft, question }, candidates, trusts)
  let companions: readonly Companions[] | undefined
  let waivers: Pick<PolicyEvidence, 'waivers'> | undefined
  let best: Best | undefined
  let nearest: Verdict | undefined
  const looked = new Set<string>()
  const identify = newIdentifier()
  const said: Among[] = []
  let isSatisfied = false
  let answered: Verdict | undefined
  for (const question of questions) {
    const judgement = judge(question)
    const { verdict, evidence } = judgement
    said.push(judgement.among ?? nobody)
    if (evidence === undefined) {
      if (nearest === undefined || distance(verdict) > distance(nearest)) nearest = verdict
      continue
    }
    answered ??= verdict
    // What the others say may still contradict it.
    if (isSatisfied) continue
    companions ??= policy.layers.map(({ sections }) => companionsFor(sections, policy, { judge, said }))
    waivers ??= gatherWaivers(policy, { draft, candidates, trusts, judge })
    const among = evidence.statements.map(identify).toSorted((a, b) => a - b)
    for (const provenance of evidence.statements) {
      if (provenance.predicate.kind === 'change-provenance') continue
      // What another question let pass too, among the same statements, is the same evidence.
      const key = `${identify(provenance)} of ${among.join(' ')}`
      if (looked.has(key)) continue
      looked.add(key)
      const seen = { ...policyEvidence(provenance, evidence, { ...asked, companions }), ...waivers }
      const report = applyPolicy(policy, seen, evaluateOwn)
      if (best === undefined || isNearer(report, best.report)) best = { judgement, report, looked: seen }
      isSatisfied = refusals(report) + waivedIn(report).length === 0
      if (isSatisfied) break
    }
  }
  const contradicted = contradictedBy(together(said), best?.judgement.verdict ?? answered)
  if (contradicted !== undefined)
    return { verdict: { ...contradicted, policy: notApplied(policy, now) }, evidence: undefined }
  if (best !== undefined) return concluded(policy, best)
  const verdict = nearest ?? judge(questions[0]).verdict
  // What answers a question and is nothing that the rules can look at, as a statement of changes alone, is no "yes" of theirs.
  if (verdict.outcome === 'pass')
    return concluded(policy, {
      judgement: { verdict, evidence: undefined },
      report: notApplied(policy, now),
      looked: undefined,
    })
  return { verdict: { ...verdict, policy: notApplied(policy, now) }, evidence: undefined }
}

/** One signer hides what another says, or what is said beside: whichever is left out would decide. */
function contradictedBy(among: Among, verdict: Verdict | undefined): Verdict | undefined {
  const findings = contradicting(among)
  const [first] = findings
  if (first === undefined || verdict === undefined) return undefined
  const failure = failureOf(new CountersignError('attestations-contradict', first.message))
  const others = verdict.findings.filter(({ code }) => code === 'bundles-not-examined')
  return { ...verdict, outcome: 'fail', failure, findings: [...findings, ...others] }
}

function concluded(policy: Policy, { judgement, report, looked }: Best): Judgement {
  const verdict: Verdict = { ...judgement.verdict, policy: report }
  const count = refusals(report)
  if (count === 0) return { verdict, evidence: judgement.evidence, looked }
  const reason = `the policy ${policy.name} refuses it: ${count} ${count === 1 ? 'row fails' : 'rows fail'}`
  const failure = failureOf(new CountersignError('policy-refused', reason))
  return { verdict: { ...verdict, outcome: 'fail', failure }, evidence: undefined, looked }
}

/** What passes by itself is nearer than what was waived. */
function isNearer(report: PolicyReport, other: PolicyReport): boolean {
  const [own, others] = [refusals(report), refusals(other)]
  return own === others ? waivedIn(report).length < waivedIn(other).length : own < others
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
  { judge, said }: { readonly judge: (question: Question) => Judgement; readonly said: Among[] },
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
      const named = companionQuestions(signers, predicateType).flatMap(
        (it) =>
          judge(it).among?.passing.filter(({ statement }) => statement.statement.predicateType === predicateType) ?? [],
      )
      const statements = withoutRevoked([...new Set(named.map((it) => it.statement))], revocationsOf(policy))
      said.push({ passing: named.filter((it) => statements.includes(it.statement)), admitted: [] })
      return [name, statements]
    }),
  )
}
