/** The job that a statement names, held against the certificate: whoever signs can write any predicate. */
import type { CertificateIdentity } from '../../model/identity.ts'
import type { AttestingJob } from '../../model/predicate.ts'
import type { Check } from '../../model/verdict.ts'
import {
  commit,
  configuration,
  ownerId,
  ref,
  repository,
  repositoryId,
  run,
  runner,
  signerUri,
  trigger,
} from '../build-types/fields.ts'
import type { FromCertificate } from '../build-types/fields.ts'
import { fail, pass, skip } from '../checks.ts'

const jobFields: { readonly [member in keyof AttestingJob]: FromCertificate } = {
  signer: (it) => signerUri(it) ?? it.subjectAlternativeName?.value,
  repository,
  ref,
  commit,
  config: configuration,
  run,
  trigger,
  runnerEnvironment: runner,
  sourceRepositoryIdentifier: repositoryId,
  sourceRepositoryOwnerIdentifier: ownerId,
}

/** A check for each member, whose name `rule` begins. */
export function jobChecks(rule: string, job: AttestingJob, certificate: CertificateIdentity): readonly Check[] {
  return (Object.keys(jobFields) as (keyof AttestingJob)[]).map((it) => jobCheck(rule, it, job, certificate))
}

/** Only what the certificate says may stand there: of a job nobody else vouches for anything. */
function jobCheck(of: string, member: keyof AttestingJob, job: AttestingJob, certificate: CertificateIdentity): Check {
  const rule = `${of} job.${member}`
  const expected = jobFields[member](certificate)
  const found = job[member]
  if (expected === found) return expected === undefined ? skip(rule, 'neither says it') : pass(rule, expected, found)
  return fail(rule, 'predicate-certificate-mismatch', expected ?? 'nothing, as in the certificate', found)
}
