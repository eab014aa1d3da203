/** The remotes of a run, as readers see them: what they have, and whether that is here. */
import { CountersignError, attemptAsync } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { oneLine } from '../../one-line.ts'
import type { ObjectStore } from './fetched-objects.ts'
import { commitsHere } from './commits-here.ts'
import { listRemoteRefs } from './remote-refs.ts'
import type { RemoteRefs } from './remote-refs.ts'
import type { RemotePlace } from './remote-place.ts'
import type { Repository } from './repository.ts'

/** A ref as one remote has it. */
export interface RefAtRemote {
  readonly name: string
  /** Full id. */
  readonly id: string
  /** Whether git finds this commit, also where it was fetched just now. */
  readonly isHere: boolean
}

export interface LookAtRemotes {
  /** In the order of the remotes; of a ref that two of them have, both. */
  readonly refs: readonly RefAtRemote[]
  /** Every remote that there is has said all; without any nobody has. */
  readonly whole: boolean
  /** Why something was not fetched, though that was asked for. */
  readonly failure: string | undefined
}

export interface Remote {
  /** `ask`: it can tell what it has; `fetch`: and what is asked about is here afterwards. */
  readonly does: 'nothing' | 'ask' | 'fetch'
  /** What the remotes have of refs with exactly these names; where that was asked for, it is fetched. Error: `git-failed`, where the run was stopped. */
  look(names: readonly string[]): Promise<LookAtRemotes>
  /** The same of all refs whose names begin so, `most` of each remote: a question of its own, whose answer no other has to share. */
  below(prefix: string, most: number): Promise<LookAtRemotes>
  /**
   * Fetches commits (full ids) that are not here, whatever refs are at them, as far as they are there; without a store none. Why one is
   * still not here, where something failed. Error: `git-failed`, where the run was stopped.
   */
  bring(ids: readonly string[]): Promise<string | undefined>
}

/** Nobody is asked. */
export const noRemote: Remote = {
  does: 'nothing',
  look: () => Promise.resolve({ refs: [], whole: false, failure: undefined }),
  below: () => Promise.resolve({ refs: [], whole: false, failure: undefined }),
  bring: () => Promise.resolve(undefined),
}

export interface RemoteOptions {
  /** What is missing here is fetched from these, if there is a store. */
  readonly places: readonly RemotePlace[]
  /** Further ones, which only tell what they have. */
  readonly asked?: readonly RemotePlace[]
  /** Names that readers ask for in any case: they go with the first question. */
  readonly known: readonly string[]
  /** Where fetched objects go; absent: nothing is fetched. */
  readonly store?: ObjectStore | undefined
  /** Is told, once of each, why one that is fetched from did not answer. */
  readonly unread?: (reason: string) => void
}

/** Each name is asked for once. */
export function openRemote(
  repository: Repository,
  { places, asked = [], known, store, unread = () => undefined }: RemoteOptions,
): Remote {
  const sides = [
    ...asked.map((place) => newSide(place, repository, known, undefined, () => undefined)),
    ...places.map((place) => newSide(place, repository, known, store, unread)),
  ]

  function look(names: readonly string[]): Promise<LookAtRemotes> {
    return lookAt(
      (side) => side.ask(names),
      ({ ids }) => names.flatMap((name) => (ids.has(name) ? [{ name, id: ids.get(name) ?? '' }] : [])),
    )
  }

  function below(prefix: string, most: number): Promise<LookAtRemotes> {
    return lookAt(
      (side) => side.ask([prefix], most),
      ({ ids }) => [...ids].filter(([name]) => name.startsWith(prefix)).map(([name, id]) => ({ name, id })),
    )
  }

  async function lookAt(
    ask: (side: Side) => Promise<RemoteRefs>,
    foundIn: (answer: RemoteRefs) => { readonly name: string; readonly id: string }[],
  ): Promise<LookAtRemotes> {
    const refs: RefAtRemote[] = []
    let failure: string | undefined
    let whole = sides.length > 0
    for (const side of sides) {
      const answer = await ask(side)
      const found = foundIn(answer)
      const ids = [...new Set(found.map((it) => it.id))]
      const here = await commitsHere(repository.git, ids)
      const missing = ids.filter((id) => !here.has(id))
      const failed = side.store === undefined || missing.length === 0 ? undefined : await add(side, missing)
      whole &&= answer.whole
      if (side.store !== undefined) failure ??= side.failure() ?? failed
      const isFetched = side.store !== undefined && failed === undefined
      refs.push(...found.map(({ name, id }) => ({ name, id, isHere: isFetched || here.has(id) })))
    }
    return { refs, whole, failure }
  }

  async function bring(ids: readonly string[]): Promise<string | undefined> {
    let failure: string | undefined
    for (const side of sides) {
      const here = await commitsHere(repository.git, ids)
      const missing = ids.filter((id) => !here.has(id))
      if (side.store !== undefined && missing.length > 0) failure = (await addSome(side, missing)) ?? failure
    }
    return failure
  }

  /** A remote refuses all for the sake of one that it has not: then they are asked for in halves, some times. */
  async function addSome(side: Side, ids: readonly string[]): Promise<string | undefined> {
    const open = [ids]
    let failure: string | undefined
    for (let asked = 0; asked < limits.fetchesOfCommits; asked += 1) {
      const some = open.shift()
      if (some === undefined) break
      const failed = await add(side, some)
      failure ??= failed
      const half = Math.ceil(some.length / 2)
      if (failed !== undefined && some.length > 1) open.push(some.slice(0, half), some.slice(half))
    }
    return failure
  }

  /** Why it could not. */
  async function add({ place, store: into }: Side, ids: readonly string[]): Promise<string | undefined> {
    const failure = await attemptAsync(async () => into?.add(place, ids))
    if (!(failure instanceof CountersignError)) return undefined
    refuseStopped(repository, failure)
    return reasonOf(place, failure)
  }

  return { does: store === undefined ? 'ask' : 'fetch', look, below, bring }
}

interface Side {
  readonly place: RemotePlace
  readonly store: ObjectStore | undefined
  /** `most`: of a name that is the beginning of many; such a question goes alone. */
  ask(names: readonly string[], most?: number): Promise<RemoteRefs>
  /** Why it did not answer. */
  failure(): string | undefined
}

function newSide(
  place: RemotePlace,
  repository: Repository,
  known: readonly string[],
  store: ObjectStore | undefined,
  unread: (reason: string) => void,
): Side {
  const ids = new Map<string, string>()
  const asked = new Set<string>()
  let areKnownAsked = false
  let whole = true
  let failure: string | undefined

  async function ask(names: readonly string[], most?: number): Promise<RemoteRefs> {
    const together = most === undefined && !areKnownAsked ? known : []
    areKnownAsked ||= most === undefined
    const unasked = [...new Set([...together, ...names])].filter((it) => !asked.has(it))
    const open = unasked.slice(0, limits.remoteNames)
    for (const name of open) asked.add(name)
    whole &&= open.length === unasked.length
    // A remote that does not answer once is not asked again: each question has a patience of its own.
    if (open.length > 0 && failure === undefined) {
      const answer = await attemptAsync(() => listRemoteRefs(place, open, repository.objectFormat))
      if (answer instanceof CountersignError) {
        refuseStopped(repository, answer)
        failure = reasonOf(place, answer)
        unread(failure)
      } else {
        const told = [...answer.ids].slice(0, most)
        for (const [name, id] of told) ids.set(name, id)
        whole &&= answer.whole && told.length === answer.ids.size
      }
    }
    return { ids, whole: whole && failure === undefined }
  }

  return { place, store, ask, failure: () => failure }
}

function reasonOf({ name }: RemotePlace, { message }: CountersignError): string {
  return `the remote ${oneLine(name)} could not be read: ${message}`
}

/** A run that was stopped is not one that found nothing. */
function refuseStopped({ git }: Repository, failure: CountersignError): void {
  if (failure.code !== 'git-failed' || git.signal?.aborted === true) throw failure
}
