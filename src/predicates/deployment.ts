/**
 * A deployment: which artifact was put into which environment, or taken out of it, when and by which job
 * (schemas/deployment/v1). Unknown fields are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { Deployment } from '../model/predicate.ts'
import { absent, issueText } from '../model/statement.ts'
import { readJob, signingJob } from './job.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.minLength(1), z.maxLength(limits.identityCharacters))

const provenance = z.looseObject({
  predicateType: text,
  /** SHA-256 of the bytes that were signed. */
  statement: z.looseObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  /** Who had signed it, where the job verified that before it deployed; absent: it is named, and was not verified. */
  verified: absent(z.looseObject({ signer: text, issuer: absent(text) })),
})

export const deploymentPredicate = z.looseObject({
  environment: z.string().check(z.minLength(1), z.maxLength(limits.environmentCharacters)),
  /** `removed`: it was taken out of the environment. */
  state: z.enum(['deployed', 'removed']),
  /** RFC 3339, UTC: when that was done, by the clock of the job. */
  at: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)),
  /** URI of the cluster or the service, without credentials. */
  target: absent(text),
  job: signingJob,
  /** Statements about what was deployed. */
  provenance: absent(z.array(provenance).check(z.maxLength(limits.deployedProvenance))),
  /** The run that prepared this, where another attempt of it signed. */
  preparedIn: absent(text),
  tool: absent(z.looseObject({ countersign: text })),
})
export type DeploymentPredicate = z.infer<typeof deploymentPredicate>

export const deploymentV1 = 'https://w3id.org/countersign/deployment/v1'

export const deployment: PredicateRow = {
  type: deploymentV1,
  read: (predicate) => ({ kind: 'deployment', ...readDeployment(predicate) }),
}

/** Predicate of `deploymentV1` → view. Error: `predicate-malformed`. */
function readDeployment(predicate: unknown): Deployment {
  const parsed = deploymentPredicate.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the deployment is malformed: ${issueText(parsed.error)}`)
  }
  const { environment, state, at, target, job: by, preparedIn } = parsed.data
  return {
    ...{ environment, state, at, target: target ?? undefined, preparedIn: preparedIn ?? undefined },
    job: readJob(by),
    provenance: (parsed.data.provenance ?? []).map(({ predicateType, statement, verified }) => ({
      ...{ predicateType, statement: statement.sha256 },
      verified:
        verified === undefined || verified === null
          ? undefined
          : { signer: verified.signer, issuer: verified.issuer ?? undefined },
    })),
  }
}
