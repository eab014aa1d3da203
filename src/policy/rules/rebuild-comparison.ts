/**
 * Rules about a rebuild comparison: what it says of its job is what the certificate says, its time is that of the log, its outcome is
 * that of its digests, and "differs" is no reason for a "yes".
 */
import { limits } from '../../model/limits.ts'
import type { CertificateIdentity } from '../../model/identity.ts'
import type { RebuiltSource } from '../../model/predicate.ts'
import { canonicalRepository } from '../../model/repository-url.ts'
import type { Check } from '../../model/verdict.ts'
import { commit, repository } from '../build-types/fields.ts'
import { fail, pass, skip } from '../checks.ts'
import { jobChecks } from './job.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

const equals = 'rebuild-equals-certificate'
const isNone = 'the predicate is not a rebuild comparison'

export const rebuildEqualsCertificate: RuleRow = {
  rule: equals,
  check({ statement: { predicate }, certificate, question }) {
    if (predicate.kind !== 'rebuild-comparison') return [skip(equals, isNone)]
    if (certificate === undefined) {
      const isStrict = question.strictness === 'strict'
      return [isStrict ? fail(equals, 'not-answerable', 'a certificate', noCertificate) : skip(equals, noCertificate)]
    }
    return [...jobChecks(equals, predicate.job, certificate), sourceCheck(predicate.source, certificate)]
  },
}

/** A rebuilder that is independent has a repository of its own, and checks out another one: that is its word, and shown as such. */
function sourceCheck(source: RebuiltSource | undefined, certificate: CertificateIdentity): Check {
  const rule = `${equals} source`
  if (source === undefined) return skip(rule, 'it does not say what was rebuilt')
  const uri = repository(certificate)
  const isOwn =
    uri !== undefined && (canonicalRepository(uri) ?? uri) === (canonicalRepository(source.uri) ?? source.uri)
  if (!isOwn) return skip(rule, 'only the job says what it rebuilt: another repository than its own')
  // Of its own repository a job has the commit that its token names, and no other.
  const expected = commit(certificate)
  return expected === source.commit
    ? pass(rule, expected, source.commit)
    : fail(rule, 'predicate-certificate-mismatch', expected ?? 'nothing, as in the certificate', source.commit)
}

const digestRule = 'rebuild-digest'

/** "Same" is what two digests are, and nothing that anybody can say. */
export const rebuildDigest: RuleRow = {
  rule: digestRule,
  check({ statement: { predicate, statement, subjectIndex } }) {
    if (predicate.kind !== 'rebuild-comparison') return [skip(digestRule, isNone)]
    const released = statement.subject[subjectIndex]?.digest['sha256']
    const { outcome, rebuilt } = predicate
    const expected =
      outcome === 'same' ? (released ?? 'a SHA-256 of the subject') : 'another digest than the subject has'
    return [
      (released === rebuilt.sha256) === (outcome === 'same')
        ? pass(digestRule, expected, rebuilt.sha256)
        : fail(digestRule, 'rebuild-contradicts-digest', expected, rebuilt.sha256),
    ]
  },
}

const timeRule = 'rebuild-time'

/** What a job's clock says is held against the first time that somebody else vouches for. */
export const rebuildTime: RuleRow = {
  rule: timeRule,
  check({ statement: { predicate, signed } }) {
    if (predicate.kind !== 'rebuild-comparison') return [skip(timeRule, isNone)]
    const [first] = signed.times.map(({ time }) => time).sort((a, b) => Date.parse(a) - Date.parse(b))
    if (first === undefined) return [skip(timeRule, 'nobody else says a time')]
    const ahead = (Date.parse(predicate.at) - Date.parse(first)) / 1000
    const expected = `at most a day before ${first}, when it was signed`
    // What is no time is NaN, and within nothing.
    return [
      ahead <= limits.rebuildClockSkew && ahead >= -limits.rebuildDelay
        ? pass(timeRule, expected, predicate.at)
        : fail(timeRule, 'rebuild-time-mismatch', expected, predicate.at),
    ]
  },
}

const outcomeRule = 'rebuild-outcome'

/** No waiver: whoever wants to know of a rebuild that differs inspects the statement. */
export const rebuildOutcome: RuleRow = {
  rule: outcomeRule,
  check({ statement: { predicate } }) {
    if (predicate.kind !== 'rebuild-comparison') return [skip(outcomeRule, isNone)]
    return [
      predicate.outcome === 'same'
        ? pass(outcomeRule, 'same', predicate.outcome)
        : fail(outcomeRule, 'rebuild-differs', 'same', predicate.outcome),
    ]
  },
}
