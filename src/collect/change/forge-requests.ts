/**
 * Changes whose messages name no request, or none that is known: the forge may know of which they came. A rebase and a fast-forward keep
 * the messages of the branch, and a title can be edited. What it says is a hint like a number in a title: its heads are fetched, and
 * trees and patches prove, or nothing counts.
 */
import { oneLine } from '../../one-line.ts'
import type { Forge } from '../forge/row.ts'
import { commitsHere, commitsOutside } from '../git/commits-here.ts'
import type { Remote } from '../git/remote.ts'
import { isObjectId } from '../git/repository.ts'
import type { Repository } from '../git/repository.ts'
import { tipsOf } from './head-graph.ts'
import { proveNamed } from './named-requests.ts'
import type { NamedRequests, Unseen } from './named-requests.ts'
import type { Rebases } from './rebase-proof.ts'

export interface ForgeRequests extends Pick<NamedRequests, 'proved' | 'unproved'> {
  /** Commit of a request → the change that it is, rewritten. */
  readonly rewritten: ReadonlyMap<string, string>
  /** Of which changes the forge said nothing, or what it named is not here. */
  readonly unseen: Unseen | undefined
}

/** Nobody was asked. */
export const noForgeRequests: ForgeRequests = {
  ...{ proved: new Map(), unproved: new Map(), rewritten: new Map() },
  unseen: undefined,
}

export interface ForgeSearch {
  readonly forge: Forge
  readonly remote: Remote
  readonly rebased: Rebases
  /** Where the range begins. */
  readonly since: string | null
  /** Its end: what is in its history needs no proof. */
  readonly until: string
  /** Commit → change, for those that are known already. */
  readonly known: ReadonlyMap<string, string>
}

/** `changes` are the newest first. Errors: `git-failed`. */
export async function findAtForge(
  repository: Repository,
  { forge, remote, rebased, since, until, known }: ForgeSearch,
  changes: readonly string[],
): Promise<ForgeRequests> {
  // Of a change that is not pushed yet no forge can say anything, and those are the newest.
  const { requests, failure } = await forge.ask(changes.toReversed())
  const named = new Map(
    changes.flatMap((change) => {
      const hints = (requests.get(change) ?? []).filter(({ head }) => isObjectId(repository, head))
      return hints.length === 0 ? [] : [[change, hints] as const]
    }),
  )
  const wanted = [...new Set([...named.values()].flat().map(({ head }) => head))]
  const fetched = await bring(repository, remote, wanted)
  // A request that was merged as it is, or fast-forwarded, is in the history of the release with its own commits.
  const outside = await commitsOutside(repository.git, [...fetched.here], until)
  const tips = tipsOf(outside, until)
  // First, for the last of several rewritten commits has the tree of the head: it would stand for all of them.
  const rewritten = outside.size === 0 ? new Map<string, string>() : await rebased.changes(tips, known)
  const isRewritten = new Set(rewritten.values())
  const candidates = [...named].flatMap(([change, hints]) =>
    isRewritten.has(change)
      ? []
      : hints.filter(({ head }) => outside.has(head)).map(({ name, head }) => ({ change, name, head })),
  )
  // A forge names each request that the change is in, also one that took it back to another branch.
  const { proved, unproved } = await proveNamed(repository, candidates, since)
  const missing = [...named].filter(
    ([change, hints]) =>
      !proved.has(change) && !isRewritten.has(change) && hints.some(({ head }) => !fetched.here.has(head)),
  )
  return {
    ...{ proved, unproved, rewritten },
    unseen: unseenOf(
      { asked: changes.length, silent: changes.length - requests.size, failure },
      { count: missing.length, failure: fetched.failure },
    ),
  }
}

async function bring(
  repository: Repository,
  remote: Remote,
  ids: readonly string[],
): Promise<{ readonly here: ReadonlySet<string>; readonly failure: string | undefined }> {
  const here = await commitsHere(repository.git, ids)
  const missing = ids.filter((id) => !here.has(id))
  if (missing.length === 0) return { here, failure: undefined }
  const failure = await remote.bring(missing)
  return { here: await commitsHere(repository.git, ids), failure }
}

function unseenOf(
  said: { readonly asked: number; readonly silent: number; readonly failure: string | undefined },
  missing: { readonly count: number; readonly failure: string | undefined },
): Unseen | undefined {
  const why = said.failure === undefined ? '' : `: ${said.failure}`
  const heads = missing.failure === undefined ? '' : `: ${missing.failure}`
  const parts = [
    ...(said.silent === 0 ? [] : [`the forge said nothing of ${said.silent} of ${said.asked} changes${why}`]),
    ...(missing.count === 0
      ? []
      : [`of ${missing.count} changes the forge names heads that could not be fetched${heads}`]),
  ]
  return parts.length === 0 ? undefined : { outcome: 'could-not-look', detail: oneLine(parts.join('; ')) }
}
