/**
 * Rules about a deployment: what it says of its job is what the certificate says, its time is that of the log, and a removal is
 * no deployment. Whoever signs can write any predicate; certificate and log were filled in by somebody else.
 */
import type { CertificateIdentity } from '../../model/identity.ts'
import { limits } from '../../model/limits.ts'
import type { Deployment } from '../../model/predicate.ts'
import type { Check } from '../../model/verdict.ts'
import { differs, fail, pass, skip } from '../checks.ts'
import { jobChecks } from './job.ts'
import { noCertificate } from './row.ts'
import type { RuleRow } from './row.ts'

const equals = 'deployment-equals-certificate'
const isNone = 'the predicate is not a deployment'

export const deploymentEqualsCertificate: RuleRow = {
  rule: equals,
  check({ statement: { predicate }, certificate, question }) {
    if (predicate.kind !== 'deployment') return [skip(equals, isNone)]
    if (certificate === undefined) {
      const isStrict = question.strictness === 'strict'
      return [isStrict ? fail(equals, 'not-answerable', 'a certificate', noCertificate) : skip(equals, noCertificate)]
    }
    return [...jobChecks(equals, predicate.job, certificate), environmentCheck(predicate, certificate)]
  },
}

/** The certificate names an environment where the job runs in one that its platform guards; else only the job says where to. */
function environmentCheck({ environment }: Deployment, { extensions }: CertificateIdentity): Check {
  const rule = `${equals} environment`
  const expected = extensions.deploymentEnvironment
  if (expected === undefined) return skip(rule, 'the certificate names no environment')
  return expected === environment
    ? pass(rule, expected, environment)
    : fail(rule, 'predicate-certificate-mismatch', expected, environment)
}

const timeRule = 'deployment-time'

/** What a job's clock says is held against the first time that somebody else vouches for. */
export const deploymentTime: RuleRow = {
  rule: timeRule,
  check({ statement: { predicate, signed } }) {
    if (predicate.kind !== 'deployment') return [skip(timeRule, isNone)]
    const [first] = signed.times.map(({ time }) => time).sort((a, b) => Date.parse(a) - Date.parse(b))
    if (first === undefined) return [skip(timeRule, 'nobody else says a time')]
    const ahead = (Date.parse(predicate.at) - Date.parse(first)) / 1000
    const expected = `at most a day before ${first}, when it was signed`
    // What is no time is NaN, and within nothing.
    return [
      ahead <= limits.deploymentClockSkew && ahead >= -limits.deploymentDelay
        ? pass(timeRule, expected, predicate.at)
        : fail(timeRule, 'deployment-time-mismatch', expected, predicate.at),
    ]
  },
}

const stateRule = 'deployment-state'

/** A signed "taken out" answers no question whether something runs: as a summary of a "no" is no reason for a "yes". */
export const deploymentState: RuleRow = {
  rule: stateRule,
  check({ statement: { predicate }, question }) {
    if (predicate.kind !== 'deployment') return [skip(stateRule, isNone)]
    if (predicate.state === 'deployed') return [pass(stateRule, 'deployed', predicate.state)]
    if (question.removed === 'allow') return [skip(stateRule, 'waived by `allowRemoved`')]
    return [differs(stateRule, 'deployment-removed', 'allowRemoved', 'deployed', predicate.state)]
  },
}
