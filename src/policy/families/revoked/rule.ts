/** What the rules of this family have in common: revocations of one kind against what was found, a row each that holds. */
import type { Revocation } from '../../../model/policy.ts'
import type { PolicyPlace } from '../../../model/policy-report.ts'
import type { Span } from '../../signed-time.ts'
import type { PolicyRule, RuleResult, Seen } from '../row.ts'
import { holdsIn, revocationWords } from './window.ts'

/** Something that may be revoked, and when it was at work. */
export interface Found {
  readonly name: string
  readonly span: Span
  readonly at?: PolicyPlace
}

/** What is there to compare with, and what cannot be told; `skipped` is what the policy waived by a long name. */
export interface Looked {
  readonly found: readonly Found[]
  readonly missing?: readonly RuleResult[]
}

export interface RevokedKind {
  readonly kind: Revocation['kind']
  readonly hint: string
  readonly matches: (value: string, found: string) => boolean
  readonly look: (seen: Seen, revocations: readonly Revocation[], unknownModel: 'allow' | undefined) => Looked
}

export function revokedRule({ kind, hint, matches, look }: RevokedKind): PolicyRule {
  return {
    id: `revoked/${kind}`,
    hint,
    check({ revoked, ai }, seen) {
      const revocations = (revoked ?? []).filter((it) => it.kind === kind)
      if (revocations.length === 0) return undefined
      const unknown = ai?.models?.unknown === 'allow' ? 'allow' : undefined
      const { found, missing = [] } = look(seen, revocations, unknown)
      const expected = `none of ${revocations.length} that are revoked`
      const refused = revocations.flatMap((it) =>
        found
          .filter(({ name, span }) => matches(it.value, name) && holdsIn(it, span))
          .map(({ name, at }): RuleResult => {
            const place = at === undefined ? {} : { at }
            return { outcome: 'fail', code: 'revoked', expected, found: `${name} (${revocationWords(it)})`, ...place }
          }),
      )
      const isAnswered = refused.length === 0 && missing.every((it) => it.outcome !== 'fail')
      const passed: RuleResult = { outcome: 'pass', expected, found: `${found.length} compared` }
      return [...refused, ...missing, ...(isAnswered ? [passed] : [])]
    },
  }
}
