/** The released range: why it begins where it does, that nothing of it is missing, and that it begins where the release before ended. */
import { option } from '../../../errors.ts'
import type { VerifiedStatement } from '../../../model/evidence.ts'
import { certifiedBuild } from '../../../model/identity.ts'
import { canonicalRepository } from '../../../model/repository-url.ts'
import type { AttributionSummary } from '../../../model/session.ts'
import type { PolicySections } from '../../../model/policy.ts'
import { unseen } from '../row.ts'
import type { PolicyRule, RuleResult, Seen } from '../row.ts'

type Asked = NonNullable<NonNullable<PolicySections['provenance']>['range']>
type Range = AttributionSummary['range']

export const range: PolicyRule = {
  id: 'provenance/range',
  hint: `attest with the whole history and its tags, and give the bundle of the release before (${option('previous')})`,
  check({ provenance: asked }, seen) {
    if (asked?.range === undefined) return undefined
    const found = rangeOf(seen.provenance)
    if (found === undefined) return [unseen('a range that was looked at', 'the provenance tells none')]
    return [reasonOf(asked.range, found), wholeness(found), ...joint(asked.range, found, seen)]
  },
}

function rangeOf({ predicate }: VerifiedStatement): Range | undefined {
  return predicate.kind === 'build-provenance' ? predicate.attribution?.range : undefined
}

function reasonOf({ reasons }: Asked, { reason }: Range): RuleResult {
  const expected = reasons.join(' or ')
  if (reason === undefined) return unseen(expected, 'no reason')
  const isAllowed = reasons.some((it) => it === reason)
  return isAllowed
    ? { outcome: 'pass', expected, found: reason }
    : { outcome: 'fail', code: 'range-reason-refused', expected, found: reason, note: howToBegin(expected) }
}

/** Who made no such range: nothing that is given to a verifier changes what was signed. */
function howToBegin(expected: string): string {
  const next = `the range that was signed stays: attest again so that it begins as the policy allows (${expected})`
  return `${next}, with tags in the clone; then name the release before (${option('previous')})`
}

function wholeness({ cut }: Range): RuleResult {
  const expected = 'all commits of the range'
  return cut === true
    ? { outcome: 'fail', code: 'range-cut', expected, found: 'some are missing' }
    : { outcome: 'pass', expected, found: 'none is said to be missing' }
}

/** Reasons of a range that begins with the first commit there is, and not with the first that a clone has. */
const fromTheFirst: readonly (string | undefined)[] = [
  'adopted',
  'tags-not-fetched',
  'tags-unknown',
  'version-before',
  'last-version',
]

function joint(
  { withoutPrevious }: Asked,
  { since, reason, cut }: Range,
  { provenance, previous }: Seen,
): RuleResult[] {
  const expected = 'it begins where the release before ended'
  if (since === null && cut !== true && fromTheFirst.includes(reason)) {
    return [{ outcome: 'pass', expected, found: 'it begins with the first commit' }]
  }
  const found = since ?? 'it does not say where it begins'
  if (previous === undefined && withoutPrevious === 'allow') {
    return [{ outcome: 'skipped', expected, found, note: 'waived by `withoutPrevious`' }]
  }
  if (previous === undefined) {
    return [{ ...unseen(expected, 'the release before was not given'), note: giveBefore }]
  }
  const ends = previous.filter((it) => isOfOneSource(it, provenance)).flatMap((it) => rangeOf(it)?.until ?? [])
  if (ends.length === 0) return [unseen(expected, 'no release before that holds, of this source')]
  return [
    since !== null && ends.includes(since)
      ? { outcome: 'pass', expected, found }
      : { outcome: 'fail', code: 'range-gap', expected: `${expected}: ${ends.join(' or ')}`, found },
  ]
}

const giveBefore = `give the bundle of the release before (${option('previous')})`

/** A commit has the same id in every copy: that of a fork ends no range of this repository. */
function isOfOneSource(one: VerifiedStatement, other: VerifiedStatement): boolean {
  const [a, b] = [one, other].map(({ signed: { signatory } }) => {
    if (signatory.kind === 'key') return `key ${signatory.fingerprint}`
    const { source } = certifiedBuild(signatory.identity.extensions)
    return source === undefined ? undefined : (canonicalRepository(source) ?? source)
  })
  return a !== undefined && a === b
}
