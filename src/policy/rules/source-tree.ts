/** Rules about what was in the work tree beside the certificate's commit, as the job says. */
import { isClean, treeWords } from '../../model/source-tree.ts'
import type { Predicate } from '../../model/predicate.ts'
import type { Case } from './row.ts'
import { rangeWords } from '../../model/range-words.ts'
import { differs, fail, pass, skip } from '../checks.ts'
import type { RuleRow } from './row.ts'

const rule = 'clean-tree'

/** Strict refuses what says itself that it was not clean; only who asks for a clean tree refuses silence too. */
export const cleanTree: RuleRow = {
  rule,
  check({ statement: { predicate }, question }) {
    const isAsked = question.tree === 'clean'
    if (!isAsked && question.strictness === 'lenient') return [skip(rule, 'not asked for')]
    const expected = 'a whole work tree without changed or untracked files'
    const tree = predicate.kind === 'build-provenance' ? predicate.tree : undefined
    if (tree === undefined) {
      const note = 'the provenance says nothing of the work tree'
      return [isAsked ? fail(rule, 'not-answerable', expected, note) : skip(rule, note)]
    }
    if (isClean(tree)) return [pass(rule, expected, 'no file changed, left out or untracked')]
    const words = treeWords(tree)
    // Of untracked files nothing may be said (0.1.0 counted them as changes).
    const isUnknown = tree.dirty !== true && tree.untracked === undefined && tree.sparse === undefined
    if (isUnknown && !isAsked) return [skip(rule, 'the provenance says nothing of untracked files')]
    const found = words === '' ? 'not known to be clean' : words
    // Strict is no value that anything could differ from.
    if (!isAsked) return [fail(rule, 'tree-not-clean', expected, found)]
    return [differs(rule, 'tree-not-clean', 'cleanTree', expected, found)]
  },
}

const range = 'released-range'

/**
 * What says itself that the commits of the release, or its work tree, were not looked at leaves them unchecked, which strict
 * refuses; provenance that speaks of neither is none of these.
 */
export const releasedRange: RuleRow = {
  rule: range,
  check({ statement: { predicate }, question }) {
    if (question.strictness === 'lenient') return [skip(range, 'not asked for')]
    const attribution = predicate.kind === 'build-provenance' ? predicate.attribution : undefined
    if (predicate.kind !== 'build-provenance' || attribution === undefined) {
      return [skip(range, 'nothing is said of the commits of the release')]
    }
    const expected = 'all commits of the release and the work tree looked at'
    const { reason, cut } = attribution.range
    const words = rangeWords(attribution.range)
    if (reason === 'not-collected' || reason === 'unknown' || cut === true) {
      return [fail(range, 'not-answerable', expected, words)]
    }
    if (predicate.tree === undefined) {
      return [fail(range, 'not-answerable', expected, 'nobody looked at a work tree')]
    }
    return [pass(range, expected, words)]
  },
}

/** The certificate names the commit that started the job; what the job made of it before it built, only the job says. */
export const builtCommit: RuleRow = {
  rule: 'built-commit',
  check({ statement: { predicate }, question, build }: Case) {
    const name = 'built-commit'
    if (predicate.kind !== 'build-provenance') return [skip(name, 'the predicate is not build provenance')]
    const source = build.commit ?? predicate.resolvedDependencies[0]?.digest?.['gitCommit']
    const built = builtIn(predicate)
    if (built === undefined) return [skip(name, 'the provenance names no other commit')]
    if (source === undefined) return [skip(name, 'nobody says which commit started the job')]
    if (built === source) return [pass(name, source, built)]
    if (question.builtCommit === 'allow') return [skip(name, 'waived by `allowBuiltCommit`')]
    return [differs(name, 'built-commit-differs', 'allowBuiltCommit', source, built)]
  },
}

/**
 * The commit that was built, as the job says. Where it is not named, sessions that were looked for up to another commit say as
 * much.
 */
export function builtIn(predicate: Predicate): string | undefined {
  if (predicate.kind !== 'build-provenance') return undefined
  const { builtCommit: named, attribution } = predicate
  return named ?? attribution?.range.until
}
