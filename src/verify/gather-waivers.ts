/** Waivers among the bundles about an artifact: all whose signatures hold, and for each layer of a policy those by the signers it names. */
import type { PolicyEvidence } from '../model/policy-evidence.ts'
import type { Policy } from '../model/policy.ts'
import type { Question } from '../model/question.ts'
import { companionQuestions } from '../policy/policy-questions.ts'
import { waiverV1 } from '../predicates/waiver.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { heldStatements } from './judge.ts'
import type { Candidates, Draft, Judgement } from './judge.ts'

interface Gathering {
  readonly draft: Omit<Draft, 'question'>
  readonly candidates: Candidates
  readonly trusts: readonly Trust[]
  readonly judge: (question: Question) => Judgement
}

/** Each is verified as itself, under the same trust and from the same bundles as everything else. */
export function gatherWaivers(
  { layers }: Policy,
  { draft, candidates, trusts, judge }: Gathering,
): Pick<PolicyEvidence, 'waivers'> {
  const asked = layers.map(({ sections }) => companionQuestions(sections.waivers?.signers ?? [], waiverV1))
  const keys = asked.flat().flatMap(({ key }) => key ?? [])
  const given = heldStatements(draft, candidates, trusts, [...new Set(keys)]).filter(isWaiver)
  if (given.length === 0) return {}
  return {
    waivers: {
      given,
      admitted: asked.map((questions) =>
        questions.flatMap((it) => judge(it).evidence?.statements.filter(isWaiver) ?? []),
      ),
    },
  }
}

function isWaiver({ predicate }: PolicyEvidence['provenance']): boolean {
  return predicate.kind === 'waiver'
}
