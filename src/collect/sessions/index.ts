/** AI records of a range → its sessions, how far each was checked, and who wrote how many lines. */
import type { Change, SaidOverride } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { CollectedSessions, ReleaseRange } from '../../model/facts.ts'
import { personHash } from '../../model/person.ts'
import { recordKey } from '../../model/record-attestation.ts'
import type { IdentityKey } from '../../model/person.ts'
import type { VerifyReceipts } from '../../model/receipt.ts'
import type { VerifyRecords } from '../../model/record-attestation.ts'
import type { VerifySource } from '../../model/source-statement.ts'
import { overrideIn } from '../change/override.ts'
import { openWalk, requestsReader } from '../change/walk.ts'
import { newWentIn } from '../change/went-in.ts'
import type { Way } from '../change/went-in.ts'
import type { Walk } from '../change/walk.ts'
import type { CommitHeader, Visited } from '../change/visited.ts'
import type { Forge } from '../forge/row.ts'
import { forEachCommit, shallowBoundary } from '../git/history.ts'
import { newIdSet } from '../git/id-set.ts'
import { whileReading } from '../git/lent-gits.ts'
import { beginLines, whileReadingAhead } from '../git/lines-ahead.ts'
import type { LinesAhead } from '../git/lines-ahead.ts'
import { noRemote } from '../git/remote.ts'
import type { Remote } from '../git/remote.ts'
import type { Repository } from '../git/repository.ts'
import { readSignatures, readSignerKeys, signatureReader } from '../signatures/index.ts'
import type { SignerKeys } from '../signatures/index.ts'
import { readRecordSigners, recordAttestationReader } from '../signatures/record-signers.ts'
import { newAiCommits } from './ai-commits.ts'
import type { AiCommits } from './ai-commits.ts'
import { changesOf } from './changes.ts'
import { corroborateParts } from './corroboration.ts'
import { newAttribution } from './attribution.ts'
import { countLines } from './count-lines.ts'
import { gatherFindings, newFindings } from './findings.ts'
import { joinRecords } from './join.ts'
import type { SayJoined } from './join.ts'
import { levelOf } from './level.ts'
import { newReaderLog } from './reader-log.ts'
import { portalReader, readPortal } from './portal.ts'
import type { AskedPortal } from './portal.ts'
import { sessionReaders } from './readers/index.ts'
import type { Look, SessionReader } from './readers/row.ts'
import { readReceipts, receiptReader } from './receipts.ts'
import { newRecordTable } from './record-table.ts'
import type { SignerOf } from './session-draft.ts'
import { commitsToVerify, recordCommitsIn, recordsIn } from './signed-claims.ts'
import { newSourceTable } from './source/source-table.ts'
import { transcriptReader } from './transcript-reader.ts'
import type { GivenTranscripts } from './transcript-reader.ts'
import { newTranscriptTable, toldBy } from './transcript-table.ts'
import { knownTools } from './tools.ts'
import type { ToolTable } from './tools.ts'

/**
 * The sessions that the records in a repository claim for the commits of a range. A reader that could not look says so in its
 * report; what it missed is unknown, not none. Errors: `session-limit`, `object-altered`, and `git-failed` when the
 * history itself cannot be read.
 */
export async function collectSessions(
  repository: Repository,
  range: ReleaseRange,
  readers: readonly SessionReader[] = sessionReaders,
  remote: Remote = noRemote,
): Promise<CollectedSessions> {
  return (await collectChanges(repository, range, readers, remote, { changes: 'none' })).sessions
}

/** What is looked at besides, and how. */
export interface CollectOptions {
  /** `all`: the added lines of all changes are counted; else only where a reader tells of some in this range. */
  readonly lines?: 'all' | 'said'
  /** Whether the changes are given one by one: of a long history they are read for it once more. Default: `told`. */
  readonly changes?: 'told' | 'none'
  /** Verifies what was signed about a commit; without it nothing of that kind counts. */
  readonly verifySource?: VerifySource | undefined
  /** Keys of people, by which signatures of commits are believed. */
  readonly signers?: SignerKeys | undefined
  /** Default: the tools that this version knows. */
  readonly tools?: ToolTable | undefined
  /** The key under which people are hashed who asked for what tools wrote; without one nobody is told of. */
  readonly identityKey?: IdentityKey | undefined
  /** The forge of the repository, where it may be asked of which requests changes came. */
  readonly forge?: Forge | undefined
  /** Transcripts that the caller has. Undefined: there are none, and nobody looks. */
  readonly transcripts?: GivenTranscripts | undefined
  /** Verifies statements about records that the caller has. Undefined: there are none. */
  readonly verifyRecords?: VerifyRecords | undefined
  /** Verifies receipts that the caller has. Undefined: there are none. */
  readonly verifyReceipts?: VerifyReceipts | undefined
  /** A portal that may be asked about the sessions. */
  readonly portal?: AskedPortal | undefined
  /** Shown the message of each commit of the range, whose bytes are good during the call; `whole`: nothing of it is left out. */
  readonly seeMessage?: ((commit: string, message: Buffer, whole: boolean) => void) | undefined
}

const cannotVerify: VerifySource = () =>
  Promise.resolve({ outcome: 'undecided', detail: 'nothing here verifies signatures' })

/** With the changes one by one, which name people. */
export interface CollectedChanges {
  readonly sessions: CollectedSessions
  /** Newest first; of a release of more than are told one by one those that name AI. */
  readonly changes: readonly Change[]
  readonly heads: Walk['heads']
  /** Of nothing where no changes are given. */
  readonly ai: AiCommits
}

/**
 * The same, change by change. Errors: those of {@link collectSessions}, `allowed-signers-malformed`, `keyring-malformed`.
 */
export async function collectChanges(
  repository: Repository,
  range: ReleaseRange,
  readers: readonly SessionReader[] = sessionReaders,
  remote: Remote = noRemote,
  options: CollectOptions = {},
): Promise<CollectedChanges> {
  return whileReading(repository, (all) => {
    if (options.lines === 'all') beginLines(all, range)
    return whileReadingAhead(all, (ahead) => collectWhileReading(all, range, readers, remote, options, ahead))
  })
}

async function collectWhileReading(
  repository: Repository,
  range: ReleaseRange,
  readers: readonly SessionReader[],
  remote: Remote,
  {
    lines = 'said',
    changes = 'told',
    verifySource = cannotVerify,
    signers,
    tools = knownTools,
    ...options
  }: CollectOptions,
  ahead: LinesAhead,
): Promise<CollectedChanges> {
  const keys = readSignerKeys(signers)
  const { identityKey, verifyRecords, verifyReceipts, portal: asked, forge, transcripts: given, seeMessage } = options
  const person = identityKey === undefined ? undefined : (address: string) => personHash(address, identityKey)
  const bundles: Uint8Array[] = []
  const whoSigned: Look['whoSigned'] = async (commits, beside) => {
    const quiet = (): void => undefined
    const { signers: byCommit } = await readSignatures(repository, commits, keys, quiet, commits)
    const byRecord = await verifyRecords?.(
      beside.map((it) => it.record),
      beside.map((it) => it.bytes),
    )
    return { commit: (id) => byCommit.get(id), record: (record) => byRecord?.signers.get(recordKey(record)) }
  }
  const parentsOf = new Map<string, number>()
  const expected = new Set<string>()
  const expectLines = (change: string, parents: number): void => {
    // Where all are counted they are seen in the pass.
    if (expected.has(change) || (lines === 'all' && parentsOf.has(change))) return
    expected.add(change)
    ahead.see(change, parents)
  }
  const place = {
    ...{ repository, range, boundary: await shallowBoundary(repository) },
    ...{ remote, verifySource, tools, person, whoSigned, expectLines },
    redactor: verifyRecords?.redactor,
    recordBundle: (bytes: Uint8Array) => void bundles.push(bytes),
  }
  const records = newRecordTable(repository.objectFormat)
  const attribution = newAttribution()
  const sources = newSourceTable()
  const transcripts = newTranscriptTable()
  // What the others found says which sessions transcripts are asked for, so theirs is the last.
  const all = given === undefined ? readers : [...readers, transcriptReader(given, records)]
  const logs = all.map((reader) => newReaderLog(reader, { place, records, attribution, sources, transcripts }))

  // 1. Each reader opens the place of its records, all see every commit in one pass and what went into it in another, each looks after what it noted.
  for (const log of logs) await log.open()
  const readings = logs.flatMap((log) => log.reading() ?? [])
  const walked = newFindings(requestsReader)
  const walk = await openWalk(
    repository,
    { since: range.since, until: range.until, remote, forge },
    (code, commit, detail) => walked.add(code, commit, detail),
  )
  const headers: CommitHeader[] = []
  let first = 0
  const unsigned = newIdSet(repository.objectFormat)
  const overrides = new Map<string, SaidOverride>()
  const show = (visited: Visited): void => {
    if (!visited.isSigned) unsigned.add(visited.commit)
    for (const reading of readings) reading.commit(visited)
  }
  const { boundary } = place
  const total = await forEachCommit(repository, range, (header, message, whole) => {
    walk.see(header, message)
    // What the last commit of a shallow clone added, nobody can tell.
    const isFull = parentsOf.size > limits.countedChanges
    if (!isFull && !boundary.has(header.commit)) {
      parentsOf.set(header.commit, header.parents.length)
      const isListed = ahead.isListed && header.parents.length <= 1
      if (lines === 'all' && !isListed) ahead.see(header.commit, header.parents.length)
    }
    if (first <= limits.changes) {
      first += 1
      if (changes === 'told') headers.push(header)
      const override = overrideIn(message)
      if (override !== undefined) overrides.set(header.commit, override)
    }
    show(visitedOf(header, message, whole))
    seeMessage?.(header.commit, message, whole)
  })
  const wentIn = newWentIn()
  const requests = await walk.follow((visited) => {
    wentIn.see(visited)
    show(visited)
  })
  for (const late of [false, true]) for (const log of logs) if (log.readsClaims === late) await log.finish()
  const waysOf = (commits: ReadonlySet<string>): Way[] => wentIn.ways(provedHeads(walk), commits)
  await countLines(repository, { parentsOf, waysOf, countLinesOfAll: lines === 'all', ahead }, logs, attribution)

  // 2. Who signed the commits that say so, or that brought records in, and who the records themselves.
  const signed = newFindings(signatureReader)
  const signatures = await readSignatures(
    repository,
    commitsToVerify(records, overrides, unsigned),
    keys,
    (code, commit, detail) => signed.add(code, commit, detail),
    recordCommitsIn(records),
  )
  const attested = newFindings(recordAttestationReader)
  const found = recordsIn(records, transcripts)
  const recordSigners = await readRecordSigners(
    found.all,
    verifyRecords,
    (code, detail) => attested.add(code, undefined, detail),
    bundles,
  )

  // 3. The records of one session are joined.
  const contradictions = newFindings(undefined)
  const ai = newAiCommits()
  const contradict: SayJoined = (code, detail) => contradictions.add(code, undefined, detail)
  const signerOf: SignerOf = {
    commit: (id) => signatures.signers.get(id),
    record(named) {
      const record = found.of(named)
      return record === undefined ? undefined : recordSigners.signers.get(recordKey(record))
    },
  }
  const asking = changes === 'told' ? { seen: ai.see } : { mostParts: transcripts.isEmpty() ? 0 : limits.changes }
  const { sessions, commits, parts: named } = joinRecords(records, contradict, signerOf, asking)

  // 4. What its transcripts wrote is looked for in the changes of each; no level depends on it.
  const corroborated = await corroborateParts(repository, named, parentsOf, transcripts)

  // 5. Who else saw them: receipts, held against the commits that name each.
  const received = newFindings(receiptReader)
  const receipts = await readReceipts(repository, { sessions, records }, verifyReceipts, ({ code, commit, detail }) =>
    received.add(code, commit, detail),
  )

  // And a portal, whose answers are held against the same.
  const answered = newFindings(portalReader)
  const portal = await readPortal(repository, { sessions, records }, asked, ({ code, commit, detail }) =>
    answered.add(code, commit, detail),
  )

  // 6. The level of each is decided.
  const told = {
    headers,
    parts: corroborated.parts,
    requests: walk.requests,
    attribution,
    sources,
    overrides,
    signedBy: signatures.names,
  }
  const collected: CollectedSessions = {
    range,
    commits: { total, claimed: commits },
    sessions: sessions.map((it) => {
      const receipt = receipts.of(it.tool, it.id)
      const answer = portal.of(it.tool, it.id)
      const support = { record: it.digest?.sha256, signer: it.recordSigner }
      return {
        level: levelOf({ ...support, receipt: receipt.agreement, portal: answer.agreement }),
        ...it,
        ...toldBy(transcripts.of(it.tool, it.id), it.digest?.sha256),
        ...corroborated.of(it.tool, it.id),
        ...receipt.told,
        ...answer.told,
      }
    }),
    lines: attribution.total(),
    readers: [
      ...logs.map((log) => log.report()),
      requests,
      ...[signatures.report, recordSigners.report, receipts.report, portal.report].filter((it) => it !== undefined),
    ],
    ...gatherFindings([
      ...logs.map(({ findings }) => findings),
      ...[walked, signed, attested, received, answered, contradictions],
    ]),
  }
  return {
    sessions: collected,
    changes: changes === 'none' ? [] : await changesOf(repository, told),
    heads: walk.heads,
    ai,
  }
}

/** Those of the requests that changes were proved to be; of a merge nobody has proved it. */
function provedHeads({ requests, heads }: Walk): Map<string, string> {
  return new Map(
    [...requests.keys()].flatMap((change) => {
      const head = heads.get(change)?.head
      return head === undefined ? [] : [[change, head] as const]
    }),
  )
}

/** Member by member: there are as many of these as commits. */
function visitedOf(header: CommitHeader, message: Buffer, whole: boolean): Visited {
  const { commit, tree, parents, author, committer, authored, committed, isSigned } = header
  return {
    commit,
    tree,
    parents,
    author,
    committer,
    authored,
    committed,
    isSigned,
    change: commit,
    linkage: 'direct',
    message,
    whole,
  }
}
