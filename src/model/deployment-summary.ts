/** What a deployment says, as it stands in a verdict and in an inspection. */
import * as z from 'zod/mini'
import type { Deployment } from './predicate.ts'

// A function, because nothing is parsed with it at run time: it is for types and for the published JSON Schema.
export const deploymentSummary = () =>
  z.object({
    environment: z.string(),
    /** Who says the environment: the certificate too, or the job alone; absent where nothing was verified. */
    environmentBy: z.optional(z.enum(['certificate', 'job'])),
    state: z.enum(['deployed', 'removed']),
    /** RFC 3339, by the clock of the job. */
    at: z.string(),
    target: z.optional(z.string()),
    /** Statements about what was deployed, by the SHA-256 of their bytes; `signer`: the job says that it verified them. */
    provenance: z.array(
      z.object({
        predicateType: z.string(),
        sha256: z.string(),
        signer: z.optional(z.string()),
        issuer: z.optional(z.string()),
      }),
    ),
  })
export type DeploymentSummary = z.infer<ReturnType<typeof deploymentSummary>>

export function summariseDeployment(
  { environment, state, at, target, provenance }: Deployment,
  environmentBy?: DeploymentSummary['environmentBy'],
): DeploymentSummary {
  return {
    environment,
    ...(environmentBy === undefined ? {} : { environmentBy }),
    ...{ state, at },
    ...(target === undefined ? {} : { target }),
    provenance: provenance.map(({ predicateType, statement, verified }) => ({
      ...{ predicateType, sha256: statement },
      ...(verified === undefined ? {} : { signer: verified.signer }),
      ...(verified?.issuer === undefined ? {} : { issuer: verified.issuer }),
    })),
  }
}
