/** The flow that approves a policy: the file is read as verifiers read it, and then signed by its digest. */
import { basename } from 'node:path'
import { policyVersion } from '../model/policy.ts'
import { worldOf } from '../platform/world.ts'
import type { PolicyApprovalPredicate } from '../predicates/policy-approval.ts'
import { policyApprovalV1 } from '../predicates/policy-approval.ts'
import { sidecarOf } from '../store/bundle-file.ts'
import { openPolicy } from '../verify/open-policy.ts'
import { version } from '../version.ts'
import { signSpoken } from './spoken-statement.ts'
import type { SpokenAttestation, SpokenRequest } from './spoken-statement.ts'

/** What is approved. Default place of the bundle: `<file>.sigstore.json`, where `verify` looks for it. */
export type PolicyApprovalRequest = SpokenRequest & {
  /** Path of the policy. What it extends is read too, and named in it by its digest. */
  readonly policy: string
}

/**
 * Signs that a policy is approved: that of these very bytes. Errors: those of `openPolicy`, and those of `attest` from the token on.
 *
 * @example
 * ```ts
 * import { approvePolicy } from 'countersign/attest'
 *
 * const approve = async (): Promise<string | undefined> => {
 *   const { written } = await approvePolicy({ policy: 'countersign.yaml', out: {} })
 *   return written // countersign.yaml.sigstore.json
 * }
 * console.log(typeof approve) // function
 * ```
 */
export async function approvePolicy({ policy: file, ...request }: PolicyApprovalRequest): Promise<SpokenAttestation> {
  const { cwd } = worldOf(request.world)
  // Whoever signs a policy that nobody can read would find out when a release waits for it.
  const { name, sha256 } = await openPolicy({ file }, cwd)
  const predicate: PolicyApprovalPredicate = { apiVersion: policyVersion, name, tool: { countersign: version } }
  return signSpoken(
    // Beside the file, and not where somebody happens to stand.
    request.out === undefined ? request : { ...request, out: { path: sidecarOf(file), ...request.out } },
    {
      // The digest of what was read, and not of a file that is read again.
      subjects: { named: [`${basename(file)}=sha256:${sha256}`] },
      ...{ predicateType: policyApprovalV1, predicate },
      names: { one: sidecarOf, several: sidecarOf },
    },
  )
}
