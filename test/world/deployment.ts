/** What `deployed` writes for a job of the release, as a test may edit it. */
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { buildDeployment } from '../../src/predicates/build-deployment.ts'
import { deploymentV1 } from '../../src/predicates/deployment.ts'
import type { DeploymentPredicate } from '../../src/predicates/deployment.ts'
import { artifactDigest, claimsOf } from './release.ts'
import type { Job, Release } from './release.ts'

export function deploymentOf({ sigstore }: Release, job: Job, environment = 'production'): DeploymentPredicate {
  const { issuer } = sigstore
  const claims = { iss: issuer, ...claimsOf(job) }
  const identity = tokenIdentity(claims)
  if (identity === undefined) throw new Error('the claims give no identity')
  const token = { raw: '', issuer, claims, identity }
  const at = new Date().toISOString()
  return buildDeployment({ token, environment, state: 'deployed', at, target: undefined, provenance: [] }, '0')
}

/** The statement with an edit of its predicate. */
export function deploymentStatement(
  release: Release,
  job: Job,
  edit: (predicate: DeploymentPredicate) => unknown = () => undefined,
): object {
  const predicate = deploymentOf(release, job)
  edit(predicate)
  return {
    ...{ _type: 'https://in-toto.io/Statement/v1', predicateType: deploymentV1, predicate },
    subject: [{ name: 'app.tgz', digest: { sha256: artifactDigest } }],
  }
}
