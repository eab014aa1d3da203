/** The flags of a policy beside a question, for every command that asks artifacts. */
import type { Command } from 'commander'
import { CountersignError } from '../../index.ts'
import { approvedBy, withApprovalOptions } from './approval-flags.ts'
import type { ApprovalFlags } from './approval-flags.ts'
import type { BulkRequest, LooseQuestion, QuestionRequest } from '../../verify.ts'

export interface PolicyFlags extends ApprovalFlags {
  readonly policy?: string
  readonly policyProfile?: string
  readonly previous?: string
}

/** Adds those but `--policy` itself, which is an argument of some commands. */
export function withProfileOptions(command: Command): Command {
  return withApprovalOptions(command)
    .option('--policy-profile <NAME>', 'one of its profiles, which adds rules')
    .option('--previous <FILE>', 'bundles of the release before, for rules about the range')
}

/** Under a policy, what is asked beside it narrows it. Error: `usage` (a profile of no policy). */
export function withPolicy(
  request: QuestionRequest,
  { policy, policyProfile: profile, previous, ...flags }: PolicyFlags,
): BulkRequest {
  const approved = approvedBy(flags, policy)
  if (policy !== undefined) {
    const { question, ...rest } = request
    return {
      ...rest,
      question: question as LooseQuestion,
      policy: { file: policy, ...(profile === undefined ? {} : { profile }), ...approved },
      ...(previous === undefined ? {} : { previous }),
    }
  }
  if (profile === undefined && previous === undefined) return request
  const words = profile === undefined ? 'only a policy looks at the release before' : 'a profile is part of a policy'
  throw new CountersignError('usage', words, { option: 'policy' })
}
