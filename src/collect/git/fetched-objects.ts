/**
 * What was fetched, for one run: in a folder of its own that git reads beside the repository, and that is removed at the end. No
 * ref, no object and no setting of the checkout is written, so nothing in it can be overwritten or lost, and what a remote
 * sends has no name there.
 */
import { join, delimiter as pathDelimiter } from 'node:path'
import { CountersignError, attemptAsync } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { World } from '../../platform/world.ts'
import { inWorkshop } from '../change/workshop.ts'
import { commitsHere } from './commits-here.ts'
import { packFrom } from './fetch-pack.ts'
import { shallowBoundary } from './history.ts'
import { askGit, feedGit, gitFailure } from './process.ts'
import type { Git } from './process.ts'
import type { RemotePlace } from './remote-place.ts'
import type { Repository } from './repository.ts'

export interface ObjectStore {
  /** Fetches commits with all that they reach. Error: `git-failed`, with a reason that is fit for a report. */
  add(place: RemotePlace, commits: readonly string[]): Promise<void>
}

export interface FetchWorld extends Pick<World, 'timeout'> {
  /** Told how far it is. */
  readonly fetching: (place: string, bytes: number) => void
}

/** Errors: `git-failed`, and those of `use`. */
export async function withFetched<T>(
  repository: Repository,
  world: FetchWorld,
  use: (repository: Repository, store: ObjectStore) => Promise<T>,
): Promise<T> {
  return inWorkshop(repository, async (workshop) => {
    const objects = quoted(join(workshop.cwd, 'objects'))
    const env = { ...repository.git.env, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects }
    const joined = { ...repository, git: { ...repository.git, env } }
    return use(joined, storeIn(workshop, joined, world))
  })
}

/** As git reads one of a list of folders (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES). */
function quoted(folder: string): string {
  if (!folder.includes(pathDelimiter) && !folder.startsWith('"')) return folder
  return `"${folder.replace(/["\\]/g, '\\$&')}"`
}

function storeIn(workshop: Git, repository: Repository, { fetching, timeout }: FetchWorld): ObjectStore {
  let haves: Promise<readonly string[]> | undefined
  // A remote that takes all its time once would take it from each reader again.
  const slow = new Set<RemotePlace>()

  async function add(place: RemotePlace, commits: readonly string[]): Promise<void> {
    if (slow.has(place)) throw tooSlow()
    haves ??= commitsAtHand(repository)
    const request = {
      wants: commits,
      haves: await haves,
      shallow: repository.shallow ? [...(await shallowBoundary(repository))] : [],
      format: repository.objectFormat,
    }
    const over = timeout(limits.fetchTimeout)
    const pack = counted(packFrom(place, request), (bytes) => fetching(place.name, bytes))
    const failure = await attemptAsync(() => index(pack, over))
    if (over.aborted) slow.add(place)
    if (failure instanceof CountersignError) throw over.aborted ? tooSlow() : failure
    const here = await commitsHere(repository.git, commits)
    if (commits.some((it) => !here.has(it))) throw new CountersignError('git-failed', 'it did not send what it has')
  }

  /**
   * Git computes the id of every object, so that none can be other than it says. A few bytes can be a difference to a large object, and
   * a million of them hours of work: so its time is bounded too, and not only the sending.
   */
  async function index(pack: AsyncIterable<Buffer>, over: AbortSignal): Promise<void> {
    const signal = workshop.signal === undefined ? over : AbortSignal.any([workshop.signal, over])
    const most = `--max-input-size=${String(limits.fetchedBytes)}`
    const args = ['-c', 'core.bigFileThreshold=16m', '-c', 'pack.threads=1', 'index-pack', '--stdin', most]
    const running = feedGit({ ...workshop, signal }, args)
    try {
      await running.writeAll(pack)
      const ending = await running.end()
      if (ending.status !== 0) throw gitFailure(args, ending)
    } finally {
      await running.stop()
    }
  }

  return { add }
}

function tooSlow(): CountersignError {
  return new CountersignError('git-failed', `it takes more than ${String(limits.fetchTimeout / 60_000)} minutes`)
}

async function* counted(pack: AsyncIterable<Buffer>, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of pack) {
    bytes += chunk.length
    tell(bytes)
    yield chunk
  }
}

/** What a remote need not send again: HEAD, and the newest of what refs are at. Ids that it does not know it passes over. */
async function commitsAtHand({ git }: Repository): Promise<readonly string[]> {
  const format = '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)'
  const args = ['for-each-ref', '--sort=-creatordate', `--count=${String(limits.fetchHaves)}`, `--format=${format}`]
  const [head, refs] = await Promise.all([askGit(git, ['rev-parse', 'HEAD']), askGit(git, args)])
  return [...new Set([head, ...refs.split('\n').filter((it) => it !== '')])]
}
