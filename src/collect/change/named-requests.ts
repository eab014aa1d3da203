/**
 * Which pull or merge request each change was that names one. The heads in the clone are tried first; for what they leave open the
 * remote is asked for just those numbers. A number can be that of an issue: where the remote has no such head, there is none.
 */
import { oneLine } from '../../one-line.ts'
import type { LookAtRemotes, Remote } from '../git/remote.ts'
import type { Repository } from '../git/repository.ts'
import { refsOf, requestOf } from './request-heads.ts'
import type { RequestHeads } from './request-heads.ts'
import type { RequestName } from './request-hints.ts'
import type { Candidate } from './heads-above.ts'
import { proveSquashes } from './squash-proof.ts'

export interface NamedRequests {
  /** Full ids of all heads that are here. */
  readonly heads: ReadonlySet<string>
  /** Change → the head that it was proved to be, and its name; in the order of the changes. */
  readonly proved: ReadonlyMap<string, { readonly head: string; readonly name: RequestName }>
  /** Change → why no head that is here proves it. */
  readonly unproved: ReadonlyMap<string, string>
  /** What was not seen of some changes, but for those that are known from elsewhere. */
  readonly unseen: (known: ReadonlySet<string>) => Unseen | undefined
}

/** That something was not seen, and why. */
export interface Unseen {
  readonly outcome: 'not-fetched' | 'could-not-look'
  readonly detail: string
}

type Named = ReadonlyMap<string, readonly RequestName[]>
type Heads = ReadonlyMap<RequestName, readonly string[]>

/** What is known before anybody is asked. */
export interface OwnRequests {
  /** Change → the names in its message. */
  readonly named: Named
  /** Further changes that name requests, none of which is here or can be asked for. */
  readonly otherNamed: number
  readonly own: RequestHeads
  /** Where the range of the changes begins. */
  readonly since: string | null
}

/** Errors: `git-failed`. */
export async function findRequests(
  repository: Repository,
  remote: Remote,
  { named, otherNamed, own: ownHeads, since }: OwnRequests,
): Promise<NamedRequests> {
  const own: Heads = new Map([...ownHeads].map(([name, head]) => [name, [head]]))
  const first = await prove(repository, named, own, since)
  const open: Named = new Map([...named].filter(([change]) => first.isOpen(change)))
  if (open.size + otherNamed === 0) return { ...first, heads: headsOf(own), unseen: () => undefined }

  const look = await remote.look([...new Set([...open.values()].flat())].flatMap(refsOf))
  const fetched = newHeads(own, look)
  const second = await prove(repository, open, fetched, since)
  const inOrder = [...named.keys()]
  const proved = new Map(
    inOrder.flatMap((change) => {
      const found = first.proved.get(change) ?? second.proved.get(change)
      return found === undefined ? [] : [[change, found] as const]
    }),
  )
  const unproved = new Map(
    inOrder.flatMap((change) => {
      const why = second.unproved.get(change) ?? first.unproved.get(change)
      return why === undefined || proved.has(change) ? [] : [[change, why] as const]
    }),
  )
  const left: Named = new Map([...open].filter(([change]) => !proved.has(change)))
  return {
    ...{ proved, unproved },
    heads: new Set([...headsOf(own), ...headsOf(fetched)]),
    unseen: (known) => {
      const others: Named = new Map([...left].filter(([change]) => !known.has(change)))
      return unseenOf(others, otherNamed, named.size + otherNamed, own, look)
    },
  }
}

function headsOf(heads: Heads): Set<string> {
  return new Set([...heads.values()].flat())
}

/** Those that are here, and not what the clone has under the same name. */
function newHeads(own: Heads, { refs }: LookAtRemotes): Heads {
  const heads = new Map<RequestName, string[]>()
  for (const [name, ids] of atRemote(refs.filter((it) => it.isHere))) {
    heads.set(
      name,
      ids.filter((id) => own.get(name)?.includes(id) !== true),
    )
  }
  return heads
}

function atRemote(refs: LookAtRemotes['refs']): Map<RequestName, string[]> {
  const ids = new Map<RequestName, string[]>()
  for (const { name: ref, id } of refs) {
    const name = requestOf(ref)
    if (name !== undefined) ids.set(name, [...(ids.get(name) ?? []), id])
  }
  return ids
}

/** How many of the changes that are left may be requests whose heads are not here. */
function unseenOf(left: Named, otherNamed: number, all: number, own: Heads, look: LookAtRemotes): Unseen | undefined {
  const away = atRemote(look.refs.filter((it) => !it.isHere))
  const known = [...left.values()].filter((names) => names.some((it) => away.has(it))).length
  const unknown = look.whole
    ? 0
    : otherNamed + [...left.values()].filter((names) => !names.some((it) => away.has(it) || own.has(it))).length
  if (known + unknown === 0) return undefined
  const where = unknown === 0 ? 'the remote has, and this clone has not' : 'is not in this clone'
  const detail = `${String(known + unknown)} of ${String(all)} changes name a request whose head ${where}`
  return look.failure === undefined
    ? { outcome: 'not-fetched', detail }
    : { outcome: 'could-not-look', detail: `${detail}; ${oneLine(look.failure)}` }
}

interface Proofs extends Pick<NamedRequests, 'proved' | 'unproved'> {
  /** Whether another head could still prove it. */
  isOpen(change: string): boolean
}

/** A change, and a request that it may be. */
export type NamedCandidate = Candidate & { readonly name: RequestName }

async function prove(repository: Repository, named: Named, heads: Heads, since: string | null): Promise<Proofs> {
  const candidates: NamedCandidate[] = []
  const open = new Set<string>()
  for (const [change, names] of named) {
    for (const name of names) {
      const ids = heads.get(name) ?? []
      if (ids.length === 0) open.add(change)
      for (const head of ids) candidates.push({ change, head, name })
    }
  }
  const { proved, above, ...others } = await proveNamed(repository, candidates, since)
  const unproved = new Map([...above, ...others.unproved])
  return { proved, unproved, isOpen: (change) => !proved.has(change) && (open.has(change) || unproved.has(change)) }
}

/** Of each change one of these. */
export interface ProvedNames extends Pick<NamedRequests, 'proved' | 'unproved'> {
  /** Change → why the request, which goes on from it, cannot be what it came of. */
  readonly above: ReadonlyMap<string, string>
}

/** The first of the requests of each change that it is, in the order of the candidates. Error: `git-failed`. */
export async function proveNamed(
  repository: Repository,
  candidates: readonly NamedCandidate[],
  since: string | null,
): Promise<ProvedNames> {
  const proofs = await proveSquashes(repository, candidates, since)
  const proved = new Map<string, { readonly head: string; readonly name: RequestName }>()
  const unproved = new Map<string, string>()
  const above = new Map<string, string>()
  for (const [index, { change, head, name }] of candidates.entries()) {
    const proof = proofs[index]
    if (proof === 'same-tree' || proof === 'merge') {
      if (!proved.has(change)) proved.set(change, { head, name })
    } else if (proof === 'above') above.set(change, `request ${name} was made on top of it`)
    else if (proof !== 'not-squash' && !unproved.has(change)) {
      unproved.set(
        change,
        proof === 'unknown' ? `request ${name} cannot be merged here` : `request ${name} gives other files`,
      )
    }
  }
  for (const change of proved.keys()) unproved.delete(change)
  for (const change of [...proved.keys(), ...unproved.keys()]) above.delete(change)
  return { proved, unproved, above }
}
