/** What was deployed, and the token of the job → the predicate of a deployment; and whether one is what would be written. */
import type { VerifiedToken } from '../model/facts.ts'
import type { DeployedProvenance, Deployment } from '../model/predicate.ts'
import { deploymentPredicate } from './deployment.ts'
import type { DeploymentPredicate } from './deployment.ts'
import { jobOf, said } from './job.ts'
import { memberDifferences } from './member-differences.ts'

/** What no token says. */
export interface DeploymentFacts extends Pick<Deployment, 'environment' | 'state' | 'at' | 'target'> {
  readonly token: VerifiedToken
  readonly provenance: readonly DeployedProvenance[]
}

/** Facts → predicate. What the platform knows of the job comes from the verified token (DESIGN rule 5). */
export function buildDeployment(facts: DeploymentFacts, toolVersion: string): DeploymentPredicate {
  const { token, environment, state, at, target, provenance } = facts
  return {
    ...{ environment, state, at },
    ...(target === undefined ? {} : { target }),
    job: jobOf(token),
    ...(provenance.length === 0
      ? {}
      : {
          provenance: provenance.map(({ predicateType, statement, verified }) => ({
            predicateType,
            statement: { sha256: statement },
            ...(verified === undefined ? {} : { verified: said({ ...verified }) as typeof verified }),
          })),
        }),
    tool: { countersign: toolVersion },
  }
}

/**
 * Where a predicate differs from what `buildDeployment` writes for this token, as paths; members that it would not write are
 * differences too. Taken from it as they stand: what was done where and when, and which statements the job had looked at.
 */
export function foreignDeploymentFields(predicate: unknown, token: VerifiedToken): string[] {
  const parsed = deploymentPredicate.safeParse(predicate)
  if (!parsed.success) return ['predicate']
  const { environment, state, at, target, provenance, tool } = parsed.data
  const facts: DeploymentFacts = {
    ...{ token, environment, state, at, target: target ?? undefined },
    provenance: (provenance ?? []).map(({ predicateType, statement, verified }) => ({
      ...{ predicateType, statement: statement.sha256 },
      verified: verified === undefined || verified === null ? undefined : signerOf(verified),
    })),
  }
  return memberDifferences(predicate, buildDeployment(facts, tool?.countersign ?? ''))
}

function signerOf({ signer, issuer }: { signer: string; issuer?: string | null | undefined }): {
  signer: string
  issuer: string | undefined
} {
  return { signer, issuer: issuer ?? undefined }
}

/** The same predicate as one of the attempt whose token this is, and in which run it was prepared. */
export function deploymentInRun(predicate: unknown, token: VerifiedToken, preparedIn: string): unknown {
  const { tool, ...written } = deploymentPredicate.parse(predicate)
  return { ...written, job: jobOf(token), preparedIn, tool }
}
