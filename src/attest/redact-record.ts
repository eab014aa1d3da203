/**
 * The flow that takes something out of a record afterwards: old record → redacted once more → signed → written → verified → only then, where that
 * is asked for, the old one goes, first at the remote and last here. Whatever fails, the old record or the new one is there.
 */

import { join, resolve } from 'node:path'
import { CountersignError, attemptAsync, option } from '../errors.ts'
import { openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { ruleSet } from '../collect/redact/rule-set.ts'
import { redactSecrets, redactionRules } from '../collect/redact/secrets.ts'
import { namedWords } from '../collect/session-records/named-words.ts'
import type { NamedWords } from '../collect/session-records/named-words.ts'
import { otherRecords } from '../collect/session-records/other-records.ts'
import type { OtherRecords } from '../collect/session-records/other-records.ts'
import { pushRecords, recordAt, removeThere } from '../collect/session-records/push-records.ts'
import { openRecords, readRecord } from '../collect/session-records/read-record.ts'
import type { OpenedRecord, RecordTip } from '../collect/session-records/read-record.ts'
import { remakeRecord } from '../collect/session-records/redact-record.ts'
import { factsBefore } from '../collect/session-records/facts-before.ts'
import { redactionsHere } from '../collect/session-records/redactions.ts'
import { localSetting } from '../collect/session-records/signing-key.ts'
import { takenNameMend } from '../collect/session-records/taken-name.ts'
import { removeRecord, writeRecord } from '../collect/session-records/write-record.ts'
import { recordOf } from '../collect/sessions/session-record/record-of.ts'
import type { ToldRecord } from '../collect/sessions/session-record/record-of.ts'
import { tellRecords } from '../collect/sessions/session-record/told-records.ts'
import { recordKey } from '../model/record-attestation.ts'
import { recordFiles, recordRef } from '../model/session-record.ts'
import type { RecordCard } from '../model/session-record.ts'
import { mostSteps, sessionRedactionPredicate, sessionRedactionType } from '../model/session-redaction.ts'
import type { SessionRedaction, SessionRedactionPredicate } from '../model/session-redaction.ts'
import { statementTypeV1 } from '../model/statement.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { readRegularFile } from '../platform/files.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../platform/temporary-folder.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { loadTrust } from '../sigstore/trust/source.ts'
import { version } from '../version.ts'
import { recordNames, replacementsHere } from './record-replacements.ts'
import type { RecordSigners } from './record-replacements.ts'
import { spokenOfRecord } from './record-statement.ts'
import { openSigning } from './session-records.ts'
import type { RecordRequest } from './session-records.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'
import type { SignersRequest } from './signer-keys.ts'
import type { SigningRequest } from './sigstore.ts'
import { sourceRoots } from './source-roots.ts'

/** Which record, what has to go from it, and who signs that. Relative paths start at the world's `cwd`. */
export interface RecordRedactionRequest
  extends
    SigningRequest,
    Pick<SignersRequest, 'allowedSigners' | 'allowedIdentities'>,
    Pick<RecordRequest, 'signingKey' | 'publishIdentity' | 'push'> {
  /** SHA-256 of the old record, in hex. */
  readonly record: string
  /** Why, for people: it is signed, and shown wherever the old record is missing. */
  readonly reason: string
  /** A file with words that have to go, a line each, or its bytes; beside what the rules of today find. */
  readonly words?: string | Uint8Array
  /** Rows of the old record that have to go as a whole: `7`, `12-15`. */
  readonly rows?: readonly string[]
  /** Default: what `countersign.sign` says in the configuration of git, else `ssh`. What nobody signs would replace nothing. */
  readonly sign?: 'ssh' | 'sigstore'
  /** The old record goes, once the new one is there and its signature holds: here, and with `push` at the remote. */
  readonly removeOld?: boolean
  /** By what certificates are verified beside public-good Sigstore's root. */
  readonly trust?: TrustSource
  readonly world?: Partial<World>
}

export interface RedactedRecord {
  /** SHA-256 of the new record, and the full id of its commit. */
  readonly digest: string
  readonly commit: string
  readonly outcome: 'made' | 'existed'
  readonly removed: SessionRedaction['removed']
  /** The lines, from 1, of `words` that were nowhere in the old transcript: somebody has to look how they stand there. */
  readonly unfound: readonly number[]
  /** Records of the same session, made before or after, that hold one of the words as well, and those that cannot be read. */
  readonly others: OtherRecords
  /** What the new record can be by this signature: what the old one was to those whose signatures were named. */
  readonly level: SessionRedaction['level']
  readonly signer: string | undefined
  readonly pushed: boolean
  /** What became of the old one; `kept`: its removal was not asked for. */
  readonly old: {
    readonly commit: string
    readonly here: 'removed' | 'kept'
    /** `other`: the remote has something else under its name. Undefined: no remote was asked. */
    readonly there: 'removed' | 'absent' | 'other' | undefined
  }
}

/**
 * Makes a record that replaces another. Errors: `usage`, `record-missing`, `record-malformed`, `redaction-empty`, `redaction-breaks-record`,
 * `redaction-unverified`, `record-ref-taken`, `record-key-missing`, `record-sign-failed`, `record-identity-public`, `record-push-failed`,
 * `record-remove-failed`, `git-no-repository`, `git-failed`, and those of signing and of signers.
 *
 * @example
 * ```ts
 * import { redactRecord } from 'countersign/attest'
 *
 * const redactOne = async (record: string): Promise<string> => {
 *   const { digest } = await redactRecord({ record, reason: 'It held the name of a customer.', words: 'words.txt' })
 *   return digest
 * }
 * console.log(typeof redactOne) // function
 * ```
 */
export async function redactRecord(request: RecordRedactionRequest): Promise<RedactedRecord> {
  const world = worldOf(request.world)
  const { record, push } = request
  if (!/^[0-9a-f]{64}$/.test(record)) {
    throw new CountersignError('usage', 'a record is named by its SHA-256, in 64 hex digits', { option: 'record' })
  }
  const words = await wordsOf(request.words, world)
  const rows = (request.rows ?? []).map(rangeIn)
  await refuseTelling(request.reason, words)
  if (request.removeOld === true && !isNamed(request)) {
    throw new CountersignError(
      'usage',
      'the old record goes only where it is said whose signature of the new one counts',
      {
        option: 'removeOld',
        hint: `name them (${option('allowedSigners')}, ${option('allowedIdentities')})`,
      },
    )
  }
  const signers = await signersOf(request, world)
  const repository = await openRepository(world.cwd, world)
  const old = await readRecord(repository, record)
  if (old === undefined) throw new CountersignError('record-missing', 'the record is not in this clone')
  const configured = await localSetting(repository.git, 'countersign.sign')
  const sign = request.sign ?? (configured === 'sigstore' ? 'sigstore' : 'ssh')
  const signing = await openSigning(repository, { ...request, sign }, world)
  const earlier = await earlierOf(repository, record, signers)
  const told = await toldOf(repository, { digest: record, commit: old.commit })
  const level = await levelOf(repository, old, told, signers)
  const said = whatItTold(old, told, words)
  const folder = await makeTemporaryFolder('redact')
  try {
    const path = join(folder, recordFiles.transcript)
    const { card, removed, unfound } = await remakeRecord(
      repository,
      old.card,
      { words, rows, reason: request.reason },
      path,
    )
    const digest = card.digest.sha256
    const at = world.now()
    const predicate: SessionRedactionPredicate = {
      replaces: { digest: { sha256: record }, level },
      ...said,
      ...(earlier.length === 0 ? {} : { earlier: earlier.map((sha256) => ({ sha256 })) }),
      reason: request.reason,
      redactedAt: at.toISOString(),
      removed,
      redaction: { rules: redactionRules, ruleSet: { sha256: ruleSet } },
      tool: { countersign: version },
    }
    const taken = await commitThere(repository, digest)
    const made =
      taken !== undefined
        ? { outcome: 'existed' as const, signer: undefined }
        : await makeRecord(repository, { card, path, predicate, signing, time: Math.floor(at.getTime() / 1_000) })
    // Also of one that was there: a run that was broken off is run again.
    if (made.outcome === 'existed' && !isNamed(request)) {
      throw new CountersignError(
        'redaction-unverified',
        'the new record was there before, and nobody says whose signature of it counts: it may be of anybody who can push',
        {
          hint: `name whose signature counts, if it is of an earlier run of yours (${option('allowedSigners')}, ${option('allowedIdentities')}); else ${takenNameMend({ digest, commit: taken })}`,
        },
      )
    }
    const commit = await verified(repository, {
      ...{ digest, replaces: record, signers, isNamed: isNamed(request), taken },
    })
    const { tool, session } = card
    const others =
      request.words === undefined
        ? { holding: [], unread: [] }
        : await otherRecords(repository, words, { tool, session, except: [record, digest] })
    const remote = push === undefined ? undefined : ((await remoteOf(repository)) ?? push)
    if (remote !== undefined) await pushOne(repository, remote, digest, world)
    const gone = { commit: old.commit, digest: record }
    const there =
      request.removeOld === true && remote !== undefined
        ? await removeThere(repository, remote, gone, world.env)
        : undefined
    if (request.removeOld === true) await removeRecord(repository, record, old.commit)
    return {
      ...{
        digest,
        commit,
        outcome: made.outcome,
        removed,
        unfound,
        others,
        level,
        signer: made.signer,
        pushed: remote !== undefined,
      },
      old: { commit: old.commit, here: request.removeOld === true ? 'removed' : 'kept', there },
    }
  } finally {
    await removeTemporaryFolder(folder)
  }
}

/** Of which session it is, and what a policy judges of it. Error: `redaction-breaks-record`. */
function whatItTold(
  { card }: OpenedRecord,
  told: ToldRecord | undefined,
  words: NamedWords,
): Pick<SessionRedactionPredicate, 'of' | 'before'> {
  const { tool, session } = card
  const agent = told === undefined ? card.agent : told.told.agent
  const of = { tool, session, ...(agent === undefined ? {} : { agent }) }
  if (told === undefined) return { of }
  // What a card alone says nobody has counted.
  const isCounted = told.card === undefined
  const before = factsBefore(told.told, told.lost, { isCounted, isHidden: (it) => words.isIn(it) })
  return { of, before: { ...before } }
}

interface Making {
  readonly card: RecordCard
  readonly path: string
  readonly predicate: SessionRedactionPredicate
  readonly signing: Awaited<ReturnType<typeof openSigning>>
  readonly time: number
}

async function makeRecord(
  repository: Repository,
  { card, path, predicate, signing, time }: Making,
): Promise<{ readonly outcome: 'made' | 'existed'; readonly signer: string | undefined }> {
  const digest = card.digest.sha256
  const { kind, key, bundle, statement, signer } = await signing(digest, {
    predicateType: sessionRedactionType,
    predicate,
  })
  // The one raises nothing: whoever signs under an identity also says of the new bytes what was said of the old ones, where that counted.
  const raising =
    kind === 'sigstore' && predicate.replaces.level === 'signed'
      ? await signing(digest, spokenOfRecord(card))
      : undefined
  const subject = [{ name: recordFiles.transcript, digest: { sha256: digest } }]
  const own = JSON.stringify({ _type: statementTypeV1, subject, predicateType: sessionRedactionType, predicate })
  const { outcome } = await writeRecord(repository, {
    ...{ card, path, key, bundle: raising?.bundle },
    redaction: { statement: statement ?? own, bundle, time },
  })
  return { outcome, signer }
}

/** The commit of a record that has this name already. Error: `record-ref-taken`. */
async function commitThere(repository: Repository, digest: string): Promise<string | undefined> {
  const read = await attemptAsync(() => readRecord(repository, digest))
  if (!(read instanceof CountersignError)) return read?.commit
  throw new CountersignError('record-ref-taken', `${recordRef(digest)} names something else: ${read.message}`, {
    hint: takenNameMend({ digest, commit: undefined }),
  })
}

interface ToVerify {
  readonly digest: string
  readonly replaces: string
  readonly signers: RecordSigners
  /** Whether somebody said whose signatures count. */
  readonly isNamed: boolean
  /** The commit that had the name before; what was made just now is no stranger's. */
  readonly taken: string | undefined
}

/** Full id of the commit, read as anybody would. Error: `redaction-unverified`. */
async function verified(
  repository: Repository,
  { digest, replaces, signers, isNamed: wasNamed, taken }: ToVerify,
): Promise<string> {
  const more = taken === undefined ? {} : { hint: takenNameMend({ digest, commit: taken }) }
  const { redactions } = await redactionsHere(repository)
  const one = redactions.find(({ found, said }) => found.digest === digest && said.replaces === replaces)
  if (one === undefined) {
    throw new CountersignError('redaction-unverified', 'the new record does not say that it replaces the old one', more)
  }
  if (!one.found.isSigned && one.bundle === undefined) {
    throw new CountersignError('redaction-unverified', 'nobody signed that the new record replaces the old one', more)
  }
  if (wasNamed) {
    const { replacements } = await replacementsHere(repository, signers)
    if (!replacements.some((it) => it.digest === digest && it.replaces === replaces)) {
      throw new CountersignError(
        'redaction-unverified',
        'the redaction is signed by nobody whose signature counts',
        more,
      )
    }
  }
  return one.found.commit
}

/** As whoever counts sessions reads it; undefined for one that tells of none. */
async function toldOf(repository: Repository, tip: RecordTip): Promise<ToldRecord | undefined> {
  for await (const found of openRecords(repository, [tip])) {
    if (!('malformed' in found)) return (await tellRecords(repository, [found], () => undefined))[0]
  }
  return undefined
}

/** `signed`, where somebody who counts signed the old one; of one that replaced another no more than that said. */
async function levelOf(
  repository: Repository,
  old: OpenedRecord,
  told: ToldRecord | undefined,
  { signers, verifyRecords }: RecordSigners,
): Promise<SessionRedaction['level']> {
  const { redactions } = await redactionsHere(repository)
  const said = redactions.find(({ found }) => found.commit === old.commit)?.said
  const isRedacted = old.tree.redaction !== undefined
  const by = await recordNames(repository, [old.commit], signers)
  if (by(old.commit) !== undefined) return isRedacted ? (said?.level ?? 'recorded') : 'signed'
  if (told?.bundle === undefined) return 'recorded'
  const answer = await verifyRecords?.([recordOf(told)], [told.bundle])
  const signer = answer?.signers.get(recordKey(recordOf(told)))
  return signer === 'person' || signer === 'agent-platform' ? 'signed' : 'recorded'
}

/** What the old record had replaced, where that counts: else whoever redacts it would sign what anybody wrote. */
async function earlierOf(repository: Repository, record: string, signers: RecordSigners): Promise<readonly string[]> {
  const { replacements } = await replacementsHere(repository, signers)
  return replacements
    .filter((it) => it.digest === record)
    .flatMap((it) => [it.replaces, ...it.earlier])
    .slice(0, mostSteps)
}

async function signersOf(request: RecordRedactionRequest, world: World): Promise<RecordSigners> {
  const { allowedSigners, allowedIdentities, trust } = request
  const asked = await askedSigners(
    {
      ...(allowedSigners === undefined ? {} : { allowedSigners }),
      ...(allowedIdentities === undefined ? {} : { allowedIdentities }),
    },
    world,
  )
  return signersUnder(asked, sourceRoots(trust === undefined ? undefined : () => loadTrust(trust, world), world))
}

function isNamed({ allowedSigners, allowedIdentities = [] }: RecordRedactionRequest): boolean {
  return allowedSigners !== undefined || allowedIdentities.length > 0
}

/** Errors: `usage`, `path-*`, `input-too-large`, `input-unreadable`. */
async function wordsOf(given: RecordRedactionRequest['words'], { cwd }: World): Promise<NamedWords> {
  const bytes = typeof given === 'string' ? await readRegularFile(resolve(cwd, given), wordsBytes, 'the words') : given
  return namedWords(Buffer.from(bytes ?? '').toString('utf8'))
}

/** More than all words that are looked for have together. */
const wordsBytes = 1024 * 1024

function remoteOf({ git }: Repository): Promise<string | undefined> {
  return localSetting(git, 'countersign.recordRemote')
}

/** Error: `record-push-failed`, also where the remote has another record of that name: nobody there would see this one. */
async function pushOne(repository: Repository, remote: string, digest: string, { env }: World): Promise<void> {
  const { other } = await pushRecords(repository, remote, [digest], env)
  if (other.length === 0) return
  const commit = await recordAt(repository, remote, digest, env)
  throw new CountersignError('record-push-failed', 'the remote has another commit under the name of the new record', {
    hint: takenNameMend({ digest, commit, remote }),
  })
}

/** Error: `usage`. */
function rangeIn(text: string): readonly [number, number] {
  const [, first = '', last = first] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(text) ?? []
  const range = [Number(first), Number(last)] as const
  if (first !== '' && range[0] <= range[1]) return range
  throw new CountersignError('usage', `${JSON.stringify(text.slice(0, 50))} names no rows`, {
    option: 'rows',
    hint: 'as 7 or 12-15, from 1; `git cat-file blob REF:record.jsonl` shows them',
  })
}

/** What is signed stays: a reason must not say what was taken out. Error: `usage`. */
async function refuseTelling(reason: string, words: NamedWords): Promise<void> {
  if (!sessionRedactionPredicate.shape.reason.safeParse(reason).success) {
    throw new CountersignError('usage', 'the reason is no line of words that people can read', { option: 'reason' })
  }
  if (words.isIn(reason) || (await redactSecrets(reason)).count > 0) {
    throw new CountersignError('usage', `the reason says what has to go; it is shown for ever (${option('words')})`, {
      option: 'reason',
    })
  }
}
