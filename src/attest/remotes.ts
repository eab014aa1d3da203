/** The remotes of a run: asked as a stranger what they have, or, where that was asked for, fetched from. */
import { withFetched } from '../collect/git/fetched-objects.ts'
import { addressesOf, leavesOriginOut, namedRemotes } from '../collect/git/remote-names.ts'
import { noPlace, serverPlace } from '../collect/git/remote-place.ts'
import { noRemote, openRemote } from '../collect/git/remote.ts'
import type { Remote } from '../collect/git/remote.ts'
import type { Repository } from '../collect/git/repository.ts'
import type { SessionReader } from '../collect/sessions/readers/row.ts'
import { option } from '../errors.ts'
import type { EvidenceRemote } from '../model/evidence-config.ts'
import type { World } from '../platform/world.ts'

export interface RemotesOptions {
  /** The address of the repository's own remote, which is asked where it is not fetched from; undefined: it is not. */
  readonly asked: string | undefined
  /** Remotes that the configuration of the commit names: they are asked too, and never fetched from. */
  readonly besides: readonly EvidenceRemote[]
  /** Names and addresses to fetch from; credentials are used for these alone. */
  readonly fetch: readonly string[] | undefined
  readonly readers: readonly SessionReader[]
}

/** `use` gets the repository with what is fetched in it. Errors: `usage` (an unknown remote), `git-failed`, and those of `use`. */
export async function withRemotes<T>(
  repository: Repository,
  { asked, besides, fetch = [], readers }: RemotesOptions,
  world: World,
  use: (repository: Repository, remote: Remote) => Promise<T>,
): Promise<T> {
  const known = readers.flatMap((it) => it.refs ?? [])
  const others = await addressesOf(repository, besides)
  const named = others.map(({ name, url }) => (url === undefined ? noPlace(name) : serverPlace(name, { url }, world)))
  const origin = asked === undefined ? undefined : serverPlace('origin', { url: asked }, world)
  if (fetch.length === 0) {
    const places = [...(origin === undefined ? [] : [origin]), ...named]
    return use(repository, places.length === 0 ? noRemote : openRemote(repository, { places, known }))
  }
  const places = await namedRemotes(repository, fetch, world)
  // What another remote has not, the repository's own may have: where nobody asks that one, nobody knows.
  const own = (await leavesOriginOut(repository, fetch)) ? [origin ?? noPlace('origin')] : []
  const fetching = (name: string, bytes: number): void =>
    world.progress(`fetching from ${name}: ${(bytes / 1024 / 1024).toFixed(1)} MB`, 'step')
  // A job whose release is signed all the same is green: that it saw next to nothing must not be one note of many.
  const unread = (reason: string): void => world.warn(unreadWords(reason))
  return withFetched(repository, { fetching, timeout: world.timeout }, (joined, store) =>
    use(joined, openRemote(joined, { places, asked: [...own, ...named], known, store, unread })),
  )
}

function unreadWords(reason: string): string {
  const words = `${option('fetch')}: ${reason}; what lies there of AI sessions is not seen, and no session gets a level by it`
  if (!/ status 40[134]$/.test(reason)) return words
  return `${words}. Nothing in this clone lets git in there: keep the credentials of the checkout (at GitHub take out persist-credentials: false, at GitLab FF_GIT_URLS_WITHOUT_TOKENS)`
}
