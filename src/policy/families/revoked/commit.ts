/** Commits from which nothing may be built any more: the one that was built, and any in the range that was released. */
import { unseen } from '../row.ts'
import type { RuleResult } from '../row.ts'
import { signingSpan } from '../../signed-time.ts'
import { commitsOf } from './named.ts'
import { revokedRule } from './rule.ts'

export const commit = revokedRule({
  kind: 'commit',
  hint: 'release from a commit without this change; where the changes are not known, give the statement of changes too',
  matches: (value, found) => value === found,
  look({ provenance, ai: { changes, total, attribution } }, revocations) {
    const span = signingSpan(provenance.signed)
    const named = commitsOf(provenance).map((name) => ({ name, span }))
    const told = (changes ?? []).map(({ commit: name }) => ({ name, span, at: { commit: name } }))
    const count = new Set(told.map(({ name }) => name)).size
    const wanted = Math.max(total ?? Number.POSITIVE_INFINITY, attribution?.commits.total ?? 0)
    const isCut = attribution?.range.cut === true
    const isWhole = changes !== undefined && wanted <= count && !isCut
    const beyondSource = revocations.filter((it) => it.onlySource !== true)
    const missing: RuleResult[] = []
    if (beyondSource.length < revocations.length) {
      const note = 'the range is not looked at for some, by `onlySource`'
      missing.push({ outcome: 'skipped', expected: 'every change of the range', note })
    }
    if (beyondSource.length > 0 && !isWhole) {
      const found = isCut
        ? 'commits are missing'
        : `${count} of ${Number.isFinite(wanted) ? wanted : 'an unknown number'}`
      missing.push(unseen('every change of the range', found))
    }
    return { found: [...named, ...told.filter(({ name }) => !named.some((it) => it.name === name))], missing }
  },
})
