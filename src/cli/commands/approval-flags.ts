/** The flags of `verify` that say who must have signed the policy: from outside what is verified. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import type { ApprovedPolicySource } from '../../policy.ts'
import { kebab } from '../flags.ts'

export interface ApprovalFlags {
  readonly policySigner?: string
  readonly policyIssuer?: string
  readonly policyBundle?: string
}

/** Adds them. */
export function withApprovalOptions(command: Command): Command {
  return command
    .option('--policy-signer <ID>', 'who must have signed the policy, exact or a glob; with --policy-issuer')
    .option('--policy-issuer <URL>', 'the OIDC issuer that vouched for that signer')
    .option('--policy-bundle <FILE>', 'the signature of the policy (default: POLICY.sigstore.json)')
}

/** Error: `usage` (one without the others, or without a policy). */
export function approvedBy(
  { policySigner, policyIssuer, policyBundle }: ApprovalFlags,
  policy: string | undefined,
): Pick<Partial<ApprovedPolicySource>, 'approved'> {
  const given = Object.entries({ policySigner, policyIssuer, policyBundle }).filter(([, it]) => it !== undefined)
  const [[first] = []] = given
  if (first === undefined) return {}
  if (policy === undefined) {
    throw new CountersignError('usage', `--${kebab(first)} belongs to --policy`, { option: 'policy' })
  }
  if (policySigner === undefined || policyIssuer === undefined) {
    throw new CountersignError('usage', 'a policy is signed by somebody for whom an issuer vouches: name both', {
      option: policySigner === undefined ? 'policySigner' : 'policyIssuer',
      hint: 'name who signs (`policySigner`) and who vouches for that name (`policyIssuer`)',
    })
  }
  return {
    approved: {
      ...{ signer: policySigner, issuer: policyIssuer },
      ...(policyBundle === undefined ? {} : { bundle: policyBundle }),
    },
  }
}
