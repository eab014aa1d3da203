/** The context of a change as a report has it: what was done, when, and by which agents; people are no part of it, hashed or not. */
import * as z from 'zod/mini'
import type { BranchRules, ChangeContext, Reading } from './context.ts'
import {
  checkOutcomes,
  contextSources,
  deploymentStates,
  reviewOrders,
  reviewVerdicts,
  ticketSystems,
} from './context.ts'

const optionalText = z.optional(z.string())

/** Who said it, and SHA-256 of what was read. */
const reading = () => ({ said: z.enum(contextSources), sha256: z.string() })

/** Each part is absent where nobody looked; an empty list is "none". */
export const reportedContext = () =>
  z.object({
    request: z.optional(
      z.object({
        ...reading(),
        name: z.string(),
        mergedAt: optionalText,
        target: optionalText,
        labels: z.array(z.string()),
        /** Sessions that its text links to, which are no claims. */
        links: z.array(z.object({ tool: z.string(), id: z.string() })),
        /** Tools, or `bot`, whose account asked for it, merged it, or is among those of its commits. */
        agents: z.object({ author: optionalText, mergedBy: optionalText, commits: z.array(z.string()) }),
      }),
    ),
    reviews: z.optional(
      z.array(
        z.object({
          ...reading(),
          /** The tool whose account gave it, or `bot`; absent where that may be a person. */
          agent: optionalText,
          role: optionalText,
          verdict: z.enum(reviewVerdicts),
          at: optionalText,
          commit: optionalText,
          order: z.enum(reviewOrders),
        }),
      ),
    ),
    checks: z.optional(
      z.array(
        z.object({
          ...{ ...reading(), name: z.string(), outcome: z.enum(checkOutcomes) },
          ...{ reporter: optionalText, at: optionalText, commit: z.string() },
        }),
      ),
    ),
    tickets: z.optional(
      z.array(
        z.object({
          ...{
            ...reading(),
            system: z.enum(ticketSystems),
            key: z.string(),
            uri: optionalText,
            relation: optionalText,
          },
          /** What it is part of, as the tracker says. */
          parent: z.optional(z.object({ ...reading(), key: z.string(), kind: optionalText })),
        }),
      ),
    ),
    deployments: z.optional(
      z.array(
        z.object({
          ...{ ...reading(), environment: z.string(), state: z.enum(deploymentStates) },
          ...{ at: optionalText, commit: z.string() },
        }),
      ),
    ),
  })
export type ReportedContext = z.infer<ReturnType<typeof reportedContext>>

/** Rules of the branch that the release comes from. */
export const reportedBranch = () =>
  z.object({
    ...{ ...reading(), name: z.string(), protected: z.boolean(), requiredChecks: z.array(z.string()) },
    requiredApprovals: z.optional(z.number()),
    requiresCodeOwners: z.optional(z.boolean()),
    dismissesStale: z.optional(z.boolean()),
    bindsAdministrators: z.optional(z.boolean()),
    allowsForcePush: z.optional(z.boolean()),
  })
export type ReportedBranch = z.infer<ReturnType<typeof reportedBranch>>

/** Member by member: whoever it was is left out. */
export function contextIn({ request, reviews, checks, tickets, deployments }: ChangeContext): ReportedContext {
  return {
    request:
      request === undefined
        ? undefined
        : {
            ...{ ...readingIn(request), name: request.name, mergedAt: request.mergedAt, target: request.target },
            labels: [...request.labels],
            links: request.links.map((it) => ({ ...it })),
            agents: {
              author: request.author?.agent,
              mergedBy: request.mergedBy?.agent,
              commits: [...new Set((request.authors ?? []).flatMap(({ agent }) => agent ?? []))],
            },
          },
    reviews: reviews?.map(({ by, role, verdict, at, commit, order, ...it }) => ({
      ...{ ...readingIn(it), agent: by.agent, role, verdict, at, commit, order },
    })),
    checks: checks?.map(({ name, outcome, reporter, at, commit, ...it }) => ({
      ...{ ...readingIn(it), name, outcome, reporter, at, commit },
    })),
    tickets: tickets?.map(({ system, key, uri, relation, parent, ...it }) => ({
      ...{ ...readingIn(it), system, key, uri, relation },
      parent: parent === undefined ? undefined : { ...readingIn(parent), key: parent.key, kind: parent.kind },
    })),
    deployments: deployments?.map(({ environment, state, at, commit, ...it }) => ({
      ...{ ...readingIn(it), environment, state, at, commit },
    })),
  }
}

export function branchIn({ branch, isProtected, requiredChecks, ...rules }: BranchRules): ReportedBranch {
  const { requiredApprovals, requiresCodeOwners, dismissesStale, bindsAdministrators, allowsForcePush } = rules
  return {
    ...{ ...readingIn(rules), name: branch, protected: isProtected, requiredChecks: [...requiredChecks] },
    ...{ requiredApprovals, requiresCodeOwners, dismissesStale, bindsAdministrators, allowsForcePush },
  }
}

function readingIn({ said, sha256 }: Reading): Reading {
  return { said, sha256 }
}
