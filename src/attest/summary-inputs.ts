/** The attestations that a verdict rests on, for its summary: of the artifact, of what its policy asks for beside it, and of the release before. */
import { CountersignError, attempt } from '../errors.ts'
import { bundleLine } from '../model/bundle-line.ts'
import type { Bundle } from '../model/bundle.ts'
import { sha256Hex } from '../model/digest.ts'
import type { VerifiedStatement } from '../model/evidence.ts'
import { waivedIn } from '../model/policy-report.ts'
import type { InputAttestation } from '../predicates/build-verification-summary.ts'
import type { Judgement } from '../verify/judge.ts'

interface Named {
  readonly label: string
  readonly bundle: Bundle
}

/**
 * What passes, or of a "no" all that was signed by somebody and is not what was asked for; and what the rules of a policy looked at. Each once.
 * Undefined where not all of it is known: a list says that it is whole.
 */
export function inputsOf(judgement: Judgement): readonly InputAttestation[] | undefined {
  const { verdict, examined = [], before = [] } = judgement
  if (verdict.findings.some((it) => it.code === 'bundles-not-examined')) return undefined
  const known = examined.flatMap(({ label, content }): Named[] =>
    content instanceof CountersignError ? [] : [{ label, bundle: content }],
  )
  const earlier = before.map((bundle): Named => ({ label: 'the release before', bundle }))
  const answering = verdict.attestations
    .filter((it) => (verdict.outcome === 'pass' ? it.outcome === 'pass' : it.summary !== undefined))
    .map(({ bundle }) => {
      const [only, ...others] = known.filter(({ label }) => label === bundle)
      return others.length === 0 ? only : undefined
    })
  // A statement has the very envelope of its bundle, so two that say the same are told apart.
  const seen = lookedAt(judgement).map(({ signed }) =>
    [...known, ...earlier].find(({ bundle }) => bundle.envelope === signed.envelope),
  )
  const inputs = new Map<string, InputAttestation>()
  for (const it of [...answering, ...seen]) {
    if (it === undefined) return undefined
    const line = attempt(() => bundleLine(it.bundle))
    if (line instanceof CountersignError) return undefined
    const sha256 = sha256Hex(line)
    if (!inputs.has(sha256)) inputs.set(sha256, { name: it.label, sha256 })
  }
  return [...inputs.values()]
}

/** What answers questions of its own, and is in no verdict: companions and rebuilds, the release before, and waivers that count. */
function lookedAt({ verdict: { policy }, looked }: Judgement): readonly VerifiedStatement[] {
  if (policy === undefined || looked === undefined) return []
  const { companions, previous = [], waivers } = looked
  const counting = new Set(waivedIn(policy).map(({ waiver }) => waiver.sha256))
  const admitted = waivers?.admitted.flat() ?? []
  return [
    ...companions.flatMap((layer) => [...layer.values()].flat()),
    ...previous,
    ...admitted.filter(({ signed }) => counting.has(sha256Hex(signed.envelope.payload))),
  ]
}
