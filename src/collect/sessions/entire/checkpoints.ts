/** Checkpoints that are here → the sessions in them. Two runs of git, however many they are: small files first, then transcripts. */
import { limits } from '../../../model/limits.ts'
import { readBlobs } from '../../git/objects.ts'
import type { Blob } from '../../git/objects.ts'
import type { Repository } from '../../git/repository.ts'
import type { ToolTable } from '../tools.ts'
import { sessionsIn } from './checkpoint-files.ts'
import type { SessionFiles } from './checkpoint-files.ts'
import type { Problem } from './findings.ts'
import { parseCheckpointMetadata, parseContentHash, parseSessionMetadata } from './metadata.ts'
import type { SessionMetadata } from './metadata.ts'
import { judgeSession } from './stored-session.ts'
import type { StoredSession } from './stored-session.ts'
import type { StoredCheckpoint } from './stores.ts'
import { keyOf, readTranscripts } from './transcripts.ts'

/** A session, and the blobs that its transcript is made of. */
export type ReadSession = StoredSession & { readonly transcript: readonly string[] }

/** The sessions of each checkpoint, by its id. Errors: `object-altered`, `git-failed`. */
export async function readCheckpoints(
  repository: Repository,
  checkpoints: readonly StoredCheckpoint[],
  problem: Problem,
  tools?: ToolTable,
): Promise<ReadonlyMap<string, readonly ReadSession[]>> {
  const opened = await openSessions(repository, checkpoints, problem)
  const read = await readTranscripts(
    repository,
    opened.map(({ files }) => files.transcript),
  )
  const sessions = new Map<string, ReadSession[]>()
  for (const { checkpoint, files, metadata, contentHash } of opened) {
    const { isCompact, transcript } = files
    const judged = judgeSession({ metadata, read: read.get(keyOf(transcript)), isCompact, contentHash }, tools)
    for (const [code, detail] of judged.problems) problem(code, checkpoint, detail)
    if (judged.session === undefined) continue
    const session = { ...judged.session, transcript }
    const known = sessions.get(checkpoint)
    if (known === undefined) sessions.set(checkpoint, [session])
    else known.push(session)
  }
  return sessions
}

interface OpenedSession {
  readonly checkpoint: string
  readonly files: SessionFiles
  readonly metadata: SessionMetadata
  readonly contentHash: string | null | undefined
}

/** A small file, and what is done with it once it is there. */
interface Wanted {
  readonly blob: string
  read(contents: Blob['contents']): void
}

async function openSessions(
  repository: Repository,
  checkpoints: readonly StoredCheckpoint[],
  problem: Problem,
): Promise<OpenedSession[]> {
  const opened: OpenedSession[] = []
  const wanted = checkpoints.flatMap((checkpoint) => smallFiles(checkpoint, problem, opened))
  const ids = wanted.map(({ blob }) => blob)
  for await (const { index, contents } of readBlobs(repository, ids, limits.checkpointMetadataBytes)) {
    wanted[index]?.read(contents)
  }
  return opened
}

/** The metadata of the checkpoint, and of each session its hash and then its metadata, which opens it. */
function smallFiles(
  { id, files, beyond, differs }: StoredCheckpoint,
  problem: Problem,
  opened: OpenedSession[],
): Wanted[] {
  const sessions = sessionsIn(files)
  let isOther = false // the folder is that of another checkpoint
  if (differs) problem('checkpoint-differs', id, `checkpoint ${id} is stored twice, with different files`)
  if (beyond > 0) problem('checkpoint-limit', id, `${beyond} sessions of checkpoint ${id} do not count`)
  if (sessions.length === 0) problem('checkpoint-malformed', id, `checkpoint ${id} holds no session`)

  function bytesOf(contents: Blob['contents'], what: string): Buffer | undefined {
    if (contents === 'missing') problem('checkpoint-malformed', id, `${what} is not in this clone`)
    else if (contents === 'too-large') problem('checkpoint-too-large', id, `${what} was not read`)
    else return contents
    return undefined
  }

  function readOwn(contents: Blob['contents']): void {
    const bytes = bytesOf(contents, `the metadata of checkpoint ${id}`)
    if (bytes === undefined) return
    const metadata = parseCheckpointMetadata(bytes)
    if ('malformed' in metadata) {
      problem('checkpoint-malformed', id, `checkpoint ${id}: ${metadata.malformed}`)
      return
    }
    if (metadata.isNewer) problem('format-newer', id, `the metadata of checkpoint ${id}`)
    isOther = metadata.checkpoint !== id
    if (isOther) problem('checkpoint-malformed', id, `checkpoint ${id} says that it is another one`)
    else if (metadata.sessions > sessions.length + beyond) {
      problem(
        'checkpoint-malformed',
        id,
        `checkpoint ${id} names ${metadata.sessions} sessions and holds ${sessions.length}`,
      )
    }
  }

  function readSession(
    session: SessionFiles,
    contents: Blob['contents'],
    contentHash: string | null | undefined,
  ): void {
    const what = `session ${session.name} of checkpoint ${id}`
    const bytes = isOther ? undefined : bytesOf(contents, what)
    if (bytes === undefined) return
    const metadata = parseSessionMetadata(bytes)
    if ('malformed' in metadata) problem('checkpoint-malformed', id, `${what}: ${metadata.malformed}`)
    else if (metadata.checkpoint !== id) problem('checkpoint-malformed', id, `${what} is of another checkpoint`)
    else opened.push({ checkpoint: id, files: session, metadata, contentHash })
  }

  return [
    { blob: files.get('metadata.json') ?? '', read: readOwn },
    ...sessions.flatMap((session): Wanted[] => {
      let hash: string | null | undefined
      if (session.metadata === undefined) {
        problem('checkpoint-malformed', id, `session ${session.name} of checkpoint ${id} has no metadata`)
        return []
      }
      const metadata = { blob: session.metadata, read: (it: Blob['contents']) => readSession(session, it, hash) }
      if (session.contentHash === undefined) return [metadata]
      const note = (it: Blob['contents']): void => {
        hash = typeof it === 'string' ? undefined : (parseContentHash(it) ?? null)
      }
      return [{ blob: session.contentHash, read: note }, metadata]
    }),
  ]
}
