/**
 * Makes the commit of a record by git's own plumbing. Objects come first and the ref last, in one transaction that only creates it: nobody
 * sees half a record, what a ref names is never tidied away, and of two who make the same one at once one finds it made.
 */
import { createReadStream } from 'node:fs'
import { CountersignError, attemptAsync } from '../../errors.ts'
import { cardText, recordFiles, recordRef } from '../../model/session-record.ts'
import type { RecordCard } from '../../model/session-record.ts'
import { feedGit, gitFailure } from '../git/process.ts'
import type { Git } from '../git/process.ts'
import { isObjectId } from '../git/repository.ts'
import type { Repository } from '../git/repository.ts'
import { recordAuthor, recordMessage } from './form.ts'
import { readRecord } from './read-record.ts'
import { signingFailure } from './signing-key.ts'
import type { SigningKey } from './signing-key.ts'

export interface RecordToWrite {
  readonly card: RecordCard
  /** Path of the file with the redacted transcript. */
  readonly path: string
  /** A bundle over its digest. */
  readonly bundle: string | undefined
  /** By which the commit is signed. */
  readonly key: SigningKey | undefined
  /** Where it replaces another: the statement that says so, a bundle of it, and when that was, in seconds since 1970. */
  readonly redaction?: {
    readonly statement: string
    readonly bundle: string | undefined
    readonly time: number
  }
}

export interface WrittenRecord {
  /** `existed`: the ref was there, with the same transcript; it is never moved, and so not signed once more. */
  readonly outcome: 'made' | 'existed'
  /** Full id. */
  readonly commit: string
}

/** Errors: `git-failed`, `record-sign-failed`, `record-ref-taken`. */
export async function writeRecord(repository: Repository, record: RecordToWrite): Promise<WrittenRecord> {
  const { card, path, bundle, key, redaction } = record
  const digest = card.digest.sha256
  const known = await recordThere(repository, digest)
  if (known !== undefined) return { outcome: 'existed', commit: known }
  const { git } = repository
  const files = new Map<string, string>([
    [recordFiles.transcript, await writeBlob(repository, createReadStream(path))],
    [recordFiles.card, await writeBlob(repository, piecesOf(cardText(card)))],
  ])
  if (bundle !== undefined) files.set(recordFiles.bundle, await writeBlob(repository, piecesOf(bundle)))
  if (redaction !== undefined) {
    files.set(recordFiles.redaction, await writeBlob(repository, piecesOf(redaction.statement)))
    if (redaction.bundle !== undefined)
      files.set(recordFiles.redactionBundle, await writeBlob(repository, piecesOf(redaction.bundle)))
  }
  const entries = [...files].map(([name, id]) => `100644 blob ${id}\t${name}\n`).join('')
  const tree = await idFrom(repository, git, ['mktree'], entries)
  const seconds = redaction?.time ?? (Math.floor(Date.parse(card.endedAt ?? card.startedAt ?? '') / 1_000) || 0)
  const commit = await commitTree(repository, tree, { seconds, message: recordMessage(card.tool, card.session), key })
  const made = await createRef(git, recordRef(digest), commit)
  if (made === undefined) return { outcome: 'made', commit }
  // Somebody else may have made it meanwhile.
  const theirs = await recordThere(repository, digest)
  if (theirs !== undefined) return { outcome: 'existed', commit: theirs }
  throw made
}

/** The commit of the record that is there. Error: `record-ref-taken`, where something else has its name. */
async function recordThere(repository: Repository, digest: string): Promise<string | undefined> {
  const read = await attemptAsync(() => readRecord(repository, digest))
  if (read instanceof CountersignError) {
    if (read.code !== 'record-malformed') throw read
    throw new CountersignError('record-ref-taken', `${recordRef(digest)} names something else: ${read.message}`)
  }
  return read?.commit
}

async function* piecesOf(text: string): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(Buffer.from(text))
}

async function writeBlob(repository: Repository, source: AsyncIterable<Buffer>): Promise<string> {
  return idFrom(repository, repository.git, ['hash-object', '-w', '--stdin'], source)
}

/** The id that git prints. Errors: `git-failed`, and those of `failed`. */
async function idFrom(
  repository: Repository,
  git: Git,
  args: readonly string[],
  input: string | AsyncIterable<Buffer>,
  failed = gitFailure,
): Promise<string> {
  const running = feedGit(git, args)
  let said = ''
  try {
    const fed = running.writeAll(typeof input === 'string' ? piecesOf(input) : input)
    for await (const chunk of running.output) said += chunk.toString('latin1')
    await fed
    const ending = await running.end()
    const id = said.replace(/\n$/, '')
    if (ending.status !== 0 || !isObjectId(repository, id)) throw failed(args, ending)
    return id
  } finally {
    await running.stop()
  }
}

interface CommitParts {
  readonly seconds: number
  readonly message: string
  readonly key: SigningKey | undefined
}

/** The date is the last time of the session, or that of its redaction, so that one record is one commit, whoever makes it, as far as nobody signs it. */
function commitTree(repository: Repository, tree: string, { seconds, message, key }: CommitParts): Promise<string> {
  const { git } = repository
  const date = `@${seconds} +0000`
  const env = {
    ...git.env,
    ...{ GIT_AUTHOR_NAME: recordAuthor, GIT_AUTHOR_EMAIL: '', GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: recordAuthor, GIT_COMMITTER_EMAIL: '', GIT_COMMITTER_DATE: date },
    ...key?.env,
  }
  const plain = ['-c', 'i18n.commitEncoding=UTF-8', '-c', 'commit.gpgSign=false']
  const args = [...plain, ...(key?.settings ?? []), 'commit-tree', ...(key === undefined ? [] : ['-S']), tree]
  return idFrom(repository, { ...git, env }, args, message, key === undefined ? gitFailure : signingFailure)
}

/** Takes the ref of a record away, if it is still at this commit. Error: `record-remove-failed`. */
export async function removeRecord(repository: Repository, digest: string, commit: string): Promise<void> {
  const failed = await updateRef(repository.git, `delete ${recordRef(digest)} ${commit}\n`)
  if (failed === undefined) return
  throw new CountersignError('record-remove-failed', `the old record was not removed: ${failed.message}`)
}

/** Undefined where it was made; else why not. */
function createRef(git: Git, ref: string, commit: string): Promise<CountersignError | undefined> {
  return updateRef(git, `create ${ref} ${commit}\n`)
}

async function updateRef(git: Git, change: string): Promise<CountersignError | undefined> {
  const running = feedGit(git, ['-c', 'core.filesRefLockTimeout=10000', 'update-ref', '--no-deref', '--stdin'])
  try {
    running.write(change)
    const ending = await running.end()
    return ending.status === 0 ? undefined : gitFailure(['update-ref'], ending)
  } finally {
    await running.stop()
  }
}
