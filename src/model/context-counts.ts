/** The context of a release by counts: what a statement of changes, or a range, says of requests, reviews, checks and deployments. */
import * as z from 'zod/mini'
import { contextReaders } from './context.ts'
import { readerOutcomes } from './session.ts'
import { counted as inWords } from './counted.ts'

const counts = z.record(z.string(), z.number())

/** Each part is absent where nobody looked. */
export const contextCounts = z.object({
  /** Changes of which the request was read. */
  requests: z.number(),
  /** By verdict, of how many changes. */
  reviews: z.optional(
    z.object({
      changes: z.number(),
      verdicts: counts,
      /** By accounts of agents and robots. */
      byAgents: z.number(),
      /** Approvals that are no agent's and saw the last commit in which AI took part, as far as records tell. */
      afterLastAi: z.number(),
    }),
  ),
  /** By outcome. */
  checks: z.optional(z.object({ changes: z.number(), outcomes: counts })),
  /** By state. */
  deployments: z.optional(z.object({ changes: z.number(), states: counts })),
  branch: z.optional(
    z.object({
      name: z.string(),
      protected: z.boolean(),
      requiredChecks: z.number(),
      requiredApprovals: z.optional(z.number()),
    }),
  ),
  /** Readers of context that did not see all that they read. */
  unseen: z.array(z.object({ reader: z.string(), outcome: z.enum(readerOutcomes) })),
})
export type ContextCounts = z.infer<typeof contextCounts>

/** What is counted of a change, as statements and reports have it. */
interface CountedContext {
  readonly request?: object | null | undefined
  readonly reviews?:
    | readonly {
        readonly verdict: string
        readonly order?: string | null | undefined
        readonly agent?: string | null | undefined
      }[]
    | null
    | undefined
  readonly checks?: readonly { readonly outcome: string }[] | null | undefined
  readonly deployments?: readonly { readonly state: string }[] | null | undefined
}

interface Counted {
  readonly contexts: readonly CountedContext[]
  readonly branch?:
    | {
        readonly name: string
        readonly protected: boolean
        readonly requiredChecks: readonly string[]
        readonly requiredApprovals?: number | null | undefined
      }
    | undefined
  readonly readers: readonly { readonly reader: string; readonly outcome: string }[]
}

/** Undefined where no reader of context is named. */
export function countContext({ contexts, branch, readers }: Counted): ContextCounts | undefined {
  const own = readers.filter(({ reader }) => contextReaders.some((it) => it === reader))
  if (own.length === 0) return undefined
  const reviewed = contexts.flatMap((it) => (it.reviews === undefined || it.reviews === null ? [] : [it.reviews]))
  const reviews = reviewed.flat()
  const checked = contexts.flatMap((it) => (it.checks === undefined || it.checks === null ? [] : [it.checks]))
  const deployed = contexts.flatMap((it) =>
    it.deployments === undefined || it.deployments === null ? [] : [it.deployments],
  )
  const isAgent = (it: (typeof reviews)[number]): boolean => it.agent !== undefined && it.agent !== null
  return {
    requests: contexts.filter(({ request }) => request !== undefined && request !== null).length,
    ...(reviewed.length === 0
      ? {}
      : {
          reviews: {
            changes: reviewed.length,
            verdicts: tally(reviews.map((it) => it.verdict)),
            byAgents: reviews.filter(isAgent).length,
            afterLastAi: reviews.filter(
              (it) => it.verdict === 'approved' && it.order === 'after-last-ai' && !isAgent(it),
            ).length,
          },
        }),
    ...(checked.length === 0
      ? {}
      : { checks: { changes: checked.length, outcomes: tally(checked.flat().map((it) => it.outcome)) } }),
    ...(deployed.length === 0
      ? {}
      : { deployments: { changes: deployed.length, states: tally(deployed.flat().map((it) => it.state)) } }),
    ...(branch === undefined
      ? {}
      : {
          branch: {
            ...{ name: branch.name, protected: branch.protected, requiredChecks: branch.requiredChecks.length },
            ...(branch.requiredApprovals === undefined || branch.requiredApprovals === null
              ? {}
              : { requiredApprovals: branch.requiredApprovals }),
          },
        }),
    unseen: own.flatMap(({ reader, outcome }) => {
      const known = readerOutcomes.find((it) => it === outcome)
      return known === undefined || known === 'found' || known === 'nothing' ? [] : [{ reader, outcome: known }]
    }),
  }
}

function tally(words: readonly string[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const it of words) sums.set(it, (sums.get(it) ?? 0) + 1)
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Name and words of each part, for a person: what the forge said, and nobody proved. */
export function contextWords(counted: ContextCounts): readonly (readonly [string, string])[] {
  const { requests, reviews, checks, deployments, branch, unseen } = counted
  return [
    ...(requests === 0 ? [] : ([['requests', `${requests} read, as the forge answered`]] as const)),
    ...(reviews === undefined
      ? []
      : ([
          [
            'reviews',
            `of ${reviews.changes} changes: ${sumWords(reviews.verdicts)}; ${reviews.byAgents} by agents; ${inWords(reviews.afterLastAi, 'approval')} of others saw the last commit of AI`,
          ],
        ] as const)),
    ...(checks === undefined
      ? []
      : ([['checks', `of ${checks.changes} changes: ${sumWords(checks.outcomes)}`]] as const)),
    ...(deployments === undefined
      ? []
      : ([['deployments', `of ${deployments.changes} changes: ${sumWords(deployments.states)}`]] as const)),
    ...(branch === undefined ? [] : ([['branch', branchWords(branch)]] as const)),
    ...(unseen.length === 0
      ? []
      : ([
          ['no context', unseen.map((it) => `${it.reader} (${it.outcome.replaceAll('-', ' ')})`).join(', ')],
        ] as const)),
  ]
}

function sumWords(sums: { readonly [word: string]: number }): string {
  const words = Object.entries(sums).map(([word, count]) => `${count} ${word.replaceAll('-', ' ')}`)
  return words.length === 0 ? 'none' : words.join(', ')
}

function branchWords(branch: NonNullable<ContextCounts['branch']>): string {
  const { name, protected: isProtected, requiredChecks, requiredApprovals } = branch
  const approvals = requiredApprovals === undefined ? 'approvals unknown' : inWords(requiredApprovals, 'approval')
  return `${name}, ${isProtected ? 'protected' : 'not protected'}; needs ${requiredChecks} checks, ${approvals}`
}
