/** Verdicts with what they were made of: the verified evidence as a document, and what the policy asked. */
import type { ArtifactInput } from '../model/artifact.ts'
import { policyInputOf } from '../model/policy-input.ts'
import type { PolicyInput } from '../model/policy-input.ts'
import type { AskedRule } from '../model/policy-report.ts'
import type { Verdict } from '../model/verdict.ts'
import { worldOf } from '../platform/world.ts'
import { askedRules } from '../policy/asked-member.ts'
import { askedBy } from './asking.ts'
import type { BulkRequest } from './asking.ts'
import type { Judgement } from './judge.ts'
import { policyEvidence } from './policy-evidence.ts'
import { gatherOnce, openJudge } from './verify.ts'

export interface Explanation {
  readonly verdict: Verdict
  /** What the policy asks, by rule; empty where there is none. */
  readonly asked: readonly AskedRule[]
  /** Undefined unless the questions of identity are answered: nothing else was verified. The rules of a policy may refuse it all the same. */
  readonly input: PolicyInput | undefined
}

/**
 * One after the other, in the order given. Throws as `judge` does.
 *
 * @example
 * ```ts
 * import { explain } from 'countersign/policy'
 *
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * for await (const { verdict, input } of explain(['dist/app.tgz'], { trust, question: { repo: 'acme/widget' } })) {
 *   console.log(verdict.outcome, input?.provenance.builderId)
 * }
 * ```
 */
export async function* explain(
  artifacts: readonly (string | ArtifactInput)[],
  request: BulkRequest,
): AsyncGenerator<Explanation> {
  const world = worldOf(request.world)
  const gather = gatherOnce(request, world)
  const asked = await askedBy(request, gather, world)
  const judge = openJudge(asked, await gather(), world.cwd)
  const now = asked.now ?? world.now().toISOString()
  const rules = asked.policy === undefined ? [] : askedRules(asked.policy)
  for (const artifact of artifacts) {
    const judgement = await judge(artifact)
    yield { verdict: judgement.verdict, asked: rules, input: inputOf(judgement, now) }
  }
}

/** Without a policy, of the provenance that decided. */
function inputOf({ looked, evidence }: Judgement, now: string): PolicyInput | undefined {
  if (looked !== undefined) return policyInputOf(looked)
  if (evidence === undefined) return undefined
  const { statements } = evidence
  const provenance = statements.find(({ predicate }) => predicate.kind !== 'change-provenance') ?? statements[0]
  return policyInputOf(policyEvidence(provenance, evidence, { now, companions: [] }))
}
