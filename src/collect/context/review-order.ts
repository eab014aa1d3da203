/**
 * Whether a review saw the last commit of its request in which AI took part: by the history of the request, for times are what somebody
 * typed, and a forge may be told any. What nobody can tell is unknown, and never for the better.
 */
import type { ReviewOrder } from '../../model/context.ts'
import type { AiCommits } from '../sessions/ai-commits.ts'

type Graph = ReadonlyMap<string, readonly string[]>

export interface RequestHistory {
  readonly change: string
  /** Full id of its last commit. */
  readonly head: string
  /** Its own commits. */
  readonly graph: Graph
  readonly ai: AiCommits
}

/** For reviews of one request; the argument is the commit that one of them looked at. */
export function reviewOrderIn({ change, head, graph, ai }: RequestHistory): (seen: string | undefined) => ReviewOrder {
  const own = reachable(head, graph)
  const ofAi = [...own].filter((it) => ai.commits.has(it))
  return (seen) => {
    if (seen === undefined || !own.has(seen) || ofAi.length === 0) return 'unknown'
    const looked = reachable(seen, graph)
    if (!ofAi.every((it) => looked.has(it))) return 'before-last-ai'
    // A tool that only the change itself names may have worked on any of its commits; one of them says so of itself.
    return ai.untied.has(change) && !own.has(change) && seen !== head ? 'unknown' : 'after-last-ai'
  }
}

function reachable(from: string, graph: Graph): ReadonlySet<string> {
  const seen = new Set<string>()
  const queue = [from]
  for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
    const parents = graph.get(commit)
    if (parents === undefined || seen.has(commit)) continue
    seen.add(commit)
    queue.push(...parents)
  }
  return seen
}
