/**
 * The context of a change as it is signed and shown (schemas/change-provenance/v1). Each item says who said it and the digest of what
 * was read; accounts are keyed hashes, titles and texts are not there at all. Members that are not known here are dropped when it is read.
 */
import * as z from 'zod/mini'
import {
  checkOutcomes,
  contextSources,
  deploymentStates,
  reviewOrders,
  reviewVerdicts,
  ticketRules,
} from './context.ts'
import { limits } from './limits.ts'
import { absent } from './statement.ts'

const text = z.string().check(z.maxLength(8_192))
const commitId = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'is no full commit id' }))
const person = z.string().check(z.regex(/^hmac-sha256:[0-9a-f]{64}$/))
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** Who said it, and the digest of what was read: the body of an answer, or the text in which it stands. */
const read = { said: z.enum(contextSources), read: z.object({ sha256 }) }

/** An account as a keyed hash of `acct:login@host`, and the tool that it belongs to, if it does. */
const account = z.object({ account: person, agent: absent(text) })

const request = z.object({
  ...read,
  author: absent(account),
  mergedBy: absent(account),
  /** RFC 3339, UTC, as all times here. */
  mergedAt: absent(text),
  /** Branch that it was merged into. */
  target: absent(text),
  labels: absent(z.array(text)),
  /** Sessions that its text links to: no claims, for the text can be edited at any time. */
  links: absent(z.array(text)),
  /** Accounts to which the forge maps authors and committers of its commits. */
  authors: absent(z.array(account)),
})

const review = z.object({
  ...read,
  by: person,
  agent: absent(text),
  role: absent(text),
  verdict: z.enum(reviewVerdicts),
  at: absent(text),
  /** What was looked at. */
  commit: absent(commitId),
  /** Whether it saw the last commit of the request in which AI took part. */
  order: absent(z.enum(reviewOrders)),
})

const check = z.object({
  ...read,
  name: text,
  outcome: z.enum(checkOutcomes),
  reporter: absent(text),
  at: absent(text),
  commit: commitId,
})

const ticket = z.object({
  ...read,
  system: text,
  key: text,
  /** What made it count as a ticket. */
  rule: absent(z.enum(ticketRules)),
  uri: absent(text),
  relation: absent(text),
  /** What it is part of. */
  parent: absent(z.object({ ...read, key: text, uri: absent(text), kind: absent(text) })),
})

const deployment = z.object({
  ...read,
  environment: text,
  state: z.enum(deploymentStates),
  at: absent(text),
  commit: commitId,
})

/** Members of a change; absent is "nobody looked", an empty list "there were none". */
export const changeContext = {
  request: absent(request),
  reviews: absent(z.array(review).check(z.maxLength(limits.contextItems))),
  checks: absent(z.array(check).check(z.maxLength(limits.contextItems))),
  tickets: absent(z.array(ticket).check(z.maxLength(limits.contextItems))),
  deployments: absent(z.array(deployment).check(z.maxLength(limits.contextItems))),
}

/** Rules of the branch that the release comes from, when it was released. */
export const branchRules = z.object({
  ...read,
  name: text,
  protected: z.boolean(),
  requiredChecks: z.array(text),
  requiredApprovals: absent(z.number()),
  requiresCodeOwners: absent(z.boolean()),
  dismissesStale: absent(z.boolean()),
  bindsAdministrators: absent(z.boolean()),
  allowsForcePush: absent(z.boolean()),
})

export type WrittenContext = z.infer<z.ZodMiniObject<typeof changeContext>>
export type WrittenBranch = z.infer<typeof branchRules>
export type WrittenAccount = z.infer<typeof account>
