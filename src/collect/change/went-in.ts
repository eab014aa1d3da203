/** By which ways lines came from the commits of requests into changes: along the branch that was squashed, or as one commit rewritten. */
import type { Visited } from './visited.ts'

export interface WentIn {
  /** To be called for each commit that went into a change. */
  see(visited: Pick<Visited, 'commit' | 'change' | 'linkage' | 'parents'>): void
  /** The ways on which one of these commits lies. `heads`: change → head of the request that it was proved to be. */
  ways(heads: ReadonlyMap<string, string>, wanted: ReadonlySet<string>): Way[]
}

export interface Way {
  readonly change: string
  /** The branch of a squashed request, from the first wanted commit to its head. */
  readonly branch: readonly Step[]
  /** Wanted commits that were rewritten into the change, each alone. */
  readonly copies: readonly Step[]
}

export interface Step {
  readonly commit: string
  /** The commit before it on the branch; undefined: there is none, in the repository. */
  readonly before: string | undefined
  /** A merge adds what others wrote, and what it writes itself nobody can tell apart. */
  readonly isMerge: boolean
}

export function newWentIn(): WentIn {
  const parentsOf = new Map<string, Map<string, readonly string[]>>()
  const copiesOf = new Map<string, Step[]>()

  /** Newest first, as long as the commits are of this change: what stands below came with another. */
  function branchOf(change: string, head: string): Step[] {
    const own = parentsOf.get(change)
    const steps: Step[] = []
    let commit = head
    for (let parents = own?.get(head); parents !== undefined; parents = own?.get(commit)) {
      const before = parents.find((it) => own?.has(it) === true) ?? parents[0]
      steps.push({ commit, before, isMerge: parents.length > 1 })
      if (before === undefined) break
      commit = before
    }
    return steps
  }

  return {
    see({ commit, change, linkage, parents }) {
      if (linkage === 'squash') {
        const own = parentsOf.get(change) ?? new Map<string, readonly string[]>()
        parentsOf.set(change, own.set(commit, parents))
      } else if (linkage === 'rebase' && parents.length < 2) {
        const copies = copiesOf.get(change) ?? []
        copiesOf.set(change, copies)
        copies.push({ commit, before: parents[0], isMerge: false })
      }
    },
    ways(heads, wanted) {
      const changes = new Set([...parentsOf.keys(), ...copiesOf.keys()])
      return [...changes].flatMap((change) => {
        const head = heads.get(change)
        const steps = head === undefined ? [] : branchOf(change, head)
        const first = steps.findLastIndex(({ commit, isMerge }) => !isMerge && wanted.has(commit))
        const branch = steps.slice(0, first + 1).reverse()
        const copies = (copiesOf.get(change) ?? []).filter(({ commit }) => wanted.has(commit))
        return branch.length + copies.length === 0 ? [] : [{ change, branch, copies }]
      })
    },
  }
}
