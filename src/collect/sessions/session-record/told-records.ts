/** Records → what their transcripts tell, each hashed as it streams by and held against its ref, its card and its commit. */
import { createHash } from 'node:crypto'
import { limits } from '../../../model/limits.ts'
import { recordFiles } from '../../../model/session-record.ts'
import type { RecordCard } from '../../../model/session-record.ts'
import type { ToldSession } from '../../../model/transcript.ts'
import { readBlobParts } from '../../git/blob-parts.ts'
import { readBlobs } from '../../git/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { cardIn, readTrees } from '../../session-records/read-record.ts'
import type { FoundRecord, RecordTree } from '../../session-records/read-record.ts'
import { withFactsBefore } from '../../session-records/facts-before.ts'
import { readBundles } from '../../session-records/read-bundles.ts'
import { readRedactions, redactionKey } from '../../session-records/redactions.ts'
import type { FoundRedaction } from '../../session-records/redactions.ts'
import { transcriptFormats } from '../../transcripts/formats/index.ts'
import { newSalt } from '../../transcripts/record-book.ts'
import { newTeller } from '../../transcripts/teller.ts'
import { modelName } from '../models.ts'
import { isoTime } from '../record-time.ts'
import { sessionId } from '../session-id.ts'
import type { SessionRecordCode } from './findings.ts'
import type { ToldRecord } from './record-of.ts'

type Problem = (code: SessionRecordCode, detail: string) => void

interface Carded {
  readonly found: FoundRecord
  readonly tree: RecordTree
  readonly card: RecordCard
  /** SHA-256 of its bytes. */
  readonly cardDigest: string
  readonly redaction: FoundRedaction | undefined
}

/** In the order of the records. Errors: `object-altered`, `git-failed`. */
export async function tellRecords(
  repository: Repository,
  records: readonly FoundRecord[],
  problem: Problem,
): Promise<ToldRecord[]> {
  const carded = await readCards(repository, records, problem)
  const { bundles, beyond } = await readBundles(
    repository,
    carded.flatMap(({ tree }) => tree.bundle ?? []),
  )
  if (beyond > 0) problem('session-record-limit', `${beyond} bundles of records were not read`)
  const told: ToldRecord[] = []
  let left: number = limits.checkpointBytes
  let open = newReading(carded[0]?.card)
  await readBlobParts(
    repository,
    carded.map(({ tree }) => tree.transcript),
    {
      wants(index, bytes) {
        open = newReading(carded[index]?.card)
        open.bytes = bytes
        const isRead = bytes <= Math.min(limits.transcriptBytes, left)
        if (isRead) left -= bytes
        return isRead
      },
      part(_, bytes) {
        open.hash.update(bytes)
        open.salt.update(bytes)
        open.teller.write(bytes)
      },
      end(index, outcome) {
        const record = carded[index]
        if (record === undefined) return
        const { found, card, redaction } = record
        if (outcome === 'missing')
          problem('session-record-malformed', `record ${found.digest}: its transcript is not here`)
        else if (outcome === 'unwanted') problem('session-record-too-large', `record ${found.digest}`)
        else if (open.hash.digest('hex') !== found.digest)
          problem('session-record-other-digest', `record ${found.digest}`)
        else {
          const session = toldBy(record, open.teller.end(), problem)
          if (session === undefined) return
          if (isOfOther(redaction, session.told)) {
            problem('session-record-redaction-mismatch', `record ${found.digest}`)
            return
          }
          told.push({
            ...{ found, bytes: open.bytes, redactions: card.redaction.count },
            ...session,
            ...withFactsBefore(session.told, redaction?.said),
            ...{ bundle: bundles.get(record.tree.bundle ?? ''), redaction },
          })
        }
      },
    },
  )
  return told
}

/** Tool and session stand in its commit too; which agent it is of, its bytes alone tell. */
function isOfOther(redaction: Carded['redaction'], told: ToldSession): boolean {
  const { of } = redaction?.said ?? {}
  return of !== undefined && of.agent !== told.agent
}

function newReading(card: RecordCard | undefined) {
  const salt = newSalt()
  const name = card?.file ?? recordFiles.transcript
  return { hash: createHash('sha256'), salt, teller: newTeller(name, undefined, salt.end), bytes: 0 }
}

function toldBy(
  { found, card, cardDigest }: Carded,
  end: ReturnType<ReturnType<typeof newTeller>['end']>,
  problem: Problem,
): Pick<ToldRecord, 'format' | 'told' | 'isTold' | 'card'> | undefined {
  const { tool, session } = found.header
  if (end !== undefined) {
    const isOne = end.told.session === session && end.told.tool === tool
    // A subagent's own rows may name the session that started it alone.
    if (isOne && card.tool === tool && card.session === session) {
      return { format: end.format, told: end.told, isTold: !end.isByName, card: undefined }
    }
    problem('session-record-mismatch', `record ${found.digest}`)
    return undefined
  }
  const format = transcriptFormats.find(
    ({ id, body }) => id === card.format && body.kind !== 'rows' && body.kind !== 'document',
  )
  if (format === undefined || card.tool !== tool || card.session !== session) {
    problem('session-record-mismatch', `record ${found.digest}`)
    return undefined
  }
  problem('session-record-untold', `record ${found.digest}`)
  return { format: format.id, told: claimedBy(card), isTold: false, card: cardDigest }
}

/** Member by member, each judged as if it stood in a transcript: what is counted in it nobody can count again. */
function claimedBy(card: RecordCard): ToldSession {
  const [startedAt, endedAt] = [isoTime(card.startedAt), isoTime(card.endedAt)]
  const isOrdered = startedAt === undefined || endedAt === undefined || startedAt <= endedAt
  return {
    ...{ tool: card.tool, session: card.session },
    agent: card.agent === undefined ? undefined : sessionId(card.agent),
    ...{ toolVersions: [], role: 'unknown', parent: undefined },
    models: card.models.slice(0, limits.modelsPerSession).flatMap((it) => modelName(it) ?? []),
    ...(isOrdered ? { startedAt, endedAt } : { startedAt: undefined, endedAt: undefined }),
    ...{ turns: 0, iterations: 0, tokens: undefined, asked: [], answers: new Map(), edits: [] },
    ...{ shellLines: new Float64Array(0), commits: [], prompts: undefined },
  }
}

async function readCards(repository: Repository, records: readonly FoundRecord[], problem: Problem): Promise<Carded[]> {
  const trees = await readTrees(
    repository,
    records.map(({ header }) => header.tree),
  )
  const withTree = records.flatMap((found, at) => {
    const tree = trees[at]
    if (tree === undefined) problem('session-record-malformed', `record ${found.digest}: its tree`)
    return tree === undefined ? [] : [{ found, tree }]
  })
  const redactions = await readRedactions(repository, withTree)
  const carded: Carded[] = []
  const ids = withTree.map(({ tree }) => tree.card)
  for await (const { index, contents } of readBlobs(repository, ids, limits.recordCardBytes)) {
    const record = withTree[index]
    if (record === undefined) continue
    const { digest } = record.found
    const card = typeof contents === 'string' ? undefined : cardIn(contents)
    if (contents === 'too-large') problem('session-record-too-large', `record ${digest}: its card`)
    else if (card === undefined) problem('session-record-malformed', `record ${digest}: its card`)
    else if (card.digest.sha256 !== digest) problem('session-record-other-digest', `record ${digest}: its card`)
    else {
      const redaction = redactions.get(redactionKey(record.found))
      if (redaction === 'refused') problem('session-record-redaction-mismatch', `record ${digest}`)
      else carded.push({ ...record, card, cardDigest: createHash('sha256').update(contents).digest('hex'), redaction })
    }
  }
  return carded
}
