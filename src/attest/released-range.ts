/** The commits of a release and what records say of them: the same whether it is signed or looked at. */
import type { OpenRequest } from '../collect/context/collect-context.ts'
import { readEvidenceConfig } from '../collect/config/read-config.ts'
import { baseOf, resolveRange } from '../collect/git/history.ts'
import { whileReading } from '../collect/git/lent-gits.ts'
import { remoteTags } from '../collect/git/remote-refs.ts'
import type { Remote } from '../collect/git/remote.ts'
import type { Repository } from '../collect/git/repository.ts'
import { newMessageRoom } from '../collect/tickets/message-room.ts'
import { ticketPlace } from '../collect/tickets/place.ts'
import { collectChanges } from '../collect/sessions/index.ts'
import type { CollectedChanges, CollectOptions } from '../collect/sessions/index.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import type { ReleaseContext } from '../model/context.ts'
import type { EvidenceConfig } from '../model/evidence-config.ts'
import type { IdentityKey } from '../model/person.ts'
import type { World } from '../platform/world.ts'
import { readingUnder } from './evidence-config.ts'
import { readSteering } from './ai-configuration.ts'
import { withContext } from './change-context.ts'
import { askedForge } from './forge.ts'
import type { ForgeOptions } from './forge.ts'
import { withRemotes } from './remotes.ts'
import type { StatementRequest } from './request.ts'
import { askedTracker } from './tracker.ts'
import type { TrackerOptions } from './tracker.ts'
import type { ReceiptsUnder } from './receipts.ts'
import { askedTranscripts } from './transcripts.ts'
import type { TranscriptsRequest } from './transcripts.ts'

/** What is asked of the range. */
export type RangeOptions = Pick<StatementRequest, 'since' | 'adopt' | 'tagPattern' | 'folders' | 'history'> &
  ForgeOptions &
  TrackerOptions &
  TranscriptsRequest

/** Where it ends. */
export interface RangeEnd {
  readonly commit: string
  /** What the release was started for; a tag says which version it is. */
  readonly ref: string | undefined
  /** The commit whose configuration counts; default: the last of the range. */
  readonly configAt?: string | undefined
  /** The open request that it is, where nothing of it is merged yet. */
  readonly open?: OpenRequest | undefined
  /** Of the merge that a queue made of open requests: the branch that they go to. */
  readonly queue?: string | undefined
  /** Address of the remote; undefined where there is none. */
  readonly remote: string | undefined
  /** Whether the remote may be asked what it has that the clone has not. */
  readonly asksRemote: boolean
}

/** How they are read. */
export interface ReleasedOptions extends Omit<
  CollectOptions,
  'identityKey' | 'tools' | 'forge' | 'transcripts' | 'verifyReceipts'
> {
  /** The key under which people are hashed, once the configuration of the commit is known; without it nobody is told of. */
  readonly identityKey?: ((config: EvidenceConfig | undefined) => Promise<IdentityKey>) | undefined
  /** How receipts are verified, which the configuration may say too; without it there are none. */
  readonly receipts?: ReceiptsUnder | undefined
  /** `read`: what the forge says of the changes is told with them. */
  readonly context?: 'read' | undefined
}

/** With the key that was used. */
export interface ReleasedChanges extends Pick<CollectedChanges, 'sessions' | 'changes'> {
  readonly identityKey: IdentityKey | undefined
  /** Undefined where it was not to be read. */
  readonly context: ReleaseContext | undefined
}

/** Errors: those of `askedForge`, `readEvidenceConfig`, `resolveRange`, `withRemotes`, `collectChanges` and of the key. */
export async function collectReleased(
  repository: Repository,
  request: RangeOptions,
  end: RangeEnd,
  world: World,
  options: ReleasedOptions = {},
): Promise<ReleasedChanges> {
  return whileReading(repository, (all) => collectWhileReading(all, request, end, world, options))
}

async function collectWhileReading(
  repository: Repository,
  request: RangeOptions,
  { commit, configAt = commit, ref, open, queue, remote, asksRemote }: RangeEnd,
  world: World,
  { identityKey: keyUnder, receipts, context: reads, ...options }: ReleasedOptions,
): Promise<ReleasedChanges> {
  const { since, adopt, tagPattern, folders, history, fetch } = request
  world.progress('reading the commits of the release', 'step')
  const forge = await askedForge(request, remote, reads !== undefined, world)
  const tracker = await askedTracker(request, reads !== undefined, world)
  const transcripts = await askedTranscripts(request, repository.root, world)
  const asked = asksRemote ? remote : undefined
  const config = await readEvidenceConfig(repository, configAt)
  const steering = await readSteering(repository, commit)
  const identityKey = await keyUnder?.(config)
  const verifyReceipts = await receipts?.(config)
  const range = await resolveRange(repository, {
    ...{ until: commit, ref, since, adopt, tagPattern },
    paths: folders,
    cwd: world.cwd,
    base: 'later',
    allowShallow: history === 'allow-shallow' ? 'record' : 'refuse',
    // Without a remote there is nothing that could have been fetched.
    remoteTags: remote === undefined ? undefined : remoteTags(asked, world, repository.objectFormat),
  })
  const looking = { ...options, identityKey, verifyReceipts, forge: forge?.requests, transcripts }
  const reading = config === undefined ? undefined : readingUnder(config, sessionReaders)
  const { readers = sessionReaders, tools } = reading ?? {}
  const besides = asksRemote ? (config?.remotes ?? []) : []
  const collect = async (all: Repository, remotes: Remote): Promise<Omit<ReleasedChanges, 'identityKey'>> => {
    const messages = newMessageRoom()
    const seeMessage = reads === undefined ? undefined : messages.see
    const collected = await collectChanges(all, range, readers, remotes, { ...looking, tools, seeMessage })
    if (reads === undefined) return { ...collected, context: undefined }
    return {
      ...collected,
      ...(await withContext(
        all,
        collected,
        { forge, tools, ref, open, queue, tracker, messages, place: ticketPlace(remote, config?.trackers ?? []) },
        world,
      )),
    }
  }
  const place = { asked, besides, fetch, readers }
  const { sessions, changes, context } = await withRemotes(repository, place, world, collect)
  const base = await baseOf(
    repository,
    range,
    changes.map(({ parents }) => parents),
  )
  const told = steering.addTo({ ...sessions, range: { ...range, base } })
  return { sessions: reading === undefined ? told : { ...told, config: reading.config }, changes, context, identityKey }
}
