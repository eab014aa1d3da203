/**
 * The approval of a policy, whose file is the subject (schemas/policy-approval/v1). What the file asks, until when and of which others stands
 * in the file itself, and so in its digest. Unknown fields are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { PolicyApproval } from '../model/predicate.ts'
import { policyVersion } from '../model/policy.ts'
import { absent, issueText } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.minLength(1), z.maxLength(200))

export const policyApprovalPredicate = z.looseObject({
  /** That of the file. */
  apiVersion: z.literal(policyVersion),
  /** Name of the policy, as its file says. */
  name: absent(text),
  tool: absent(z.looseObject({ countersign: text })),
})
export type PolicyApprovalPredicate = z.infer<typeof policyApprovalPredicate>

export const policyApprovalV1 = 'https://w3id.org/countersign/policy/v1'

export const policyApproval: PredicateRow = {
  type: policyApprovalV1,
  read: (predicate) => ({ kind: 'policy-approval', ...readApproval(predicate) }),
}

/** Predicate of `policyApprovalV1` → view. Error: `predicate-malformed`. */
function readApproval(predicate: unknown): PolicyApproval {
  const parsed = policyApprovalPredicate.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the approval is malformed: ${issueText(parsed.error)}`)
  }
  return { name: parsed.data.name ?? undefined }
}
