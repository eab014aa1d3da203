/** Records that are in a repository: which there are, and what is in one. Anybody who may push can write them. */
import { createHash } from 'node:crypto'
import { CountersignError, attempt } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { recordCard, recordFiles, recordRef, recordRefs } from '../../model/session-record.ts'
import type { RecordCard } from '../../model/session-record.ts'
import { readBlobs, readObjects, whole } from '../git/objects.ts'
import { streamGit } from '../git/process.ts'
import { listRefs } from '../git/refs.ts'
import { entriesOf } from '../git/trees.ts'
import type { TreeEntry } from '../git/trees.ts'
import type { Repository } from '../git/repository.ts'
import { recordJson } from '../sessions/record-json.ts'
import { readCommitObjects } from '../signatures/commit-objects.ts'
import { signedCommit } from '../signatures/signed-commit.ts'
import { recordHeader } from './form.ts'
import type { RecordHeader } from './form.ts'

/** A ref of a record, and the commit that it is at. */
export interface RecordTip {
  /** What the ref is named by. */
  readonly digest: string
  /** Full id. */
  readonly commit: string
}

/** A commit in the form of records; nothing of its tree is read. */
export interface FoundRecord extends RecordTip {
  readonly header: RecordHeader
  readonly isSigned: boolean
}

/** Its files: full ids of blobs. */
export interface RecordTree {
  readonly transcript: string
  readonly card: string
  readonly bundle: string | undefined
  /** The statement that it replaces another record, and a bundle of it. */
  readonly redaction: string | undefined
  readonly redactionBundle: string | undefined
}

/** Those of this clone, in the order of their digests, and refs there that can be none. Error: `git-failed`. */
export async function listRecords(
  repository: Repository,
  most: number = limits.sessionRecords,
): Promise<{ readonly tips: readonly RecordTip[]; readonly strange: number; readonly beyond: number }> {
  const tips: RecordTip[] = []
  let strange = 0
  let beyond = 0
  for await (const { name, object, type } of listRefs(repository, [recordRefs.slice(0, -1)])) {
    const digest = name.slice(recordRefs.length)
    if (!/^[0-9a-f]{64}$/.test(digest) || type !== 'commit') strange += 1
    else if (tips.length === most) beyond += 1
    else tips.push({ digest, commit: object })
  }
  return { tips, strange, beyond }
}

/** `malformed`: a commit of another form. Errors: `object-altered`, `git-failed`. */
export async function* openRecords(
  repository: Repository,
  tips: readonly RecordTip[],
): AsyncGenerator<FoundRecord | (RecordTip & { readonly malformed: true }), void, undefined> {
  const commits = tips.map((it) => it.commit)
  let index = 0
  for await (const { object } of readCommitObjects(repository, commits)) {
    const tip = tips[index]
    index += 1
    if (tip === undefined) return
    const signed = object === 'too-large' ? 'malformed' : signedCommit(object, repository.objectFormat)
    const payload = signed === 'unsigned' && object !== 'too-large' ? object : signed
    const header =
      typeof payload !== 'string' ? recordHeader('payload' in payload ? payload.payload : payload) : undefined
    if (header === undefined) yield { ...tip, malformed: true }
    else yield { ...tip, header, isSigned: signed !== 'unsigned' }
  }
}

/** Far more than five entries take. */
const treeBytes = 4_096

/** The trees of records, in their order; undefined for one with anything else in it. Errors: `object-altered`, `git-failed`. */
export async function readTrees(
  { git, objectFormat }: Repository,
  trees: readonly string[],
): Promise<readonly (RecordTree | undefined)[]> {
  const read: (RecordTree | undefined)[] = []
  for await (const { type, contents } of readObjects(git, trees, treeBytes)) {
    const id = trees[read.length]
    const isTree = type === 'tree' && contents !== 'too-large'
    read.push(isTree ? treeIn(whole(objectFormat, id, 'tree', contents), objectFormat) : undefined)
  }
  return read
}

/** Each file once, a plain one: a link or a submodule in the place of a file is no record. */
function treeIn(contents: Buffer, objectFormat: Repository['objectFormat']): RecordTree | undefined {
  const entries = attempt((): TreeEntry[] => [...entriesOf(contents, '', objectFormat === 'sha1' ? 20 : 32)])
  if (entries instanceof CountersignError) return undefined
  const names: readonly string[] = Object.values(recordFiles)
  const files = new Map(entries.map((it) => [it.path, it.id]))
  if (files.size < entries.length) return undefined
  if (entries.some(({ mode, path }) => mode !== '100644' || !names.includes(path))) return undefined
  const [transcript, card] = [files.get(recordFiles.transcript), files.get(recordFiles.card)]
  if (transcript === undefined || card === undefined) return undefined
  const [redaction, redactionBundle] = [files.get(recordFiles.redaction), files.get(recordFiles.redactionBundle)]
  if (redaction === undefined && redactionBundle !== undefined) return undefined
  return { transcript, card, bundle: files.get(recordFiles.bundle), redaction, redactionBundle }
}

/** What a card says, if it is one. */
export function cardIn(bytes: Buffer): RecordCard | undefined {
  const read = recordJson(bytes, bytes.length)
  const parsed = 'json' in read ? recordCard.safeParse(read.json) : undefined
  return parsed?.success === true ? parsed.data : undefined
}

export interface OpenedRecord {
  /** Full id. */
  readonly commit: string
  readonly tree: RecordTree
  readonly card: RecordCard
}

/**
 * The record of this digest, undefined where the clone has none; whether its transcript is of that digest is seen when it is read. Errors:
 * `record-malformed` (something else has its name), `object-altered`, `git-failed`.
 */
export async function readRecord(repository: Repository, digest: string): Promise<OpenedRecord | undefined> {
  let commit: string | undefined
  let type: string | undefined
  for await (const ref of listRefs(repository, [recordRef(digest)])) {
    if (ref.name === recordRef(digest)) ({ object: commit, type } = ref)
  }
  if (commit === undefined) return undefined
  if (type !== 'commit') throw malformed('it is at no commit')
  for await (const found of openRecords(repository, [{ digest, commit }])) {
    if ('malformed' in found) throw malformed('its commit is not in the form of records')
    const [tree] = await readTrees(repository, [found.header.tree])
    if (tree === undefined) throw malformed('its tree holds something else')
    for await (const { contents } of readBlobs(repository, [tree.card], limits.recordCardBytes)) {
      const card = typeof contents === 'string' ? undefined : cardIn(contents)
      if (card?.digest.sha256 !== digest) throw malformed('its card is of another record')
      return { commit, tree, card }
    }
  }
  throw malformed('it cannot be read')
}

function malformed(detail: string): CountersignError {
  return new CountersignError('record-malformed', `the session record is malformed: ${detail}`)
}

/**
 * The redacted transcript of the record with this SHA-256, in pieces; undefined where the clone has none. The last piece is there only once
 * all were hashed: what does not have the digest throws before its end. Errors: `record-malformed`, `object-altered`, `git-failed`.
 */
export async function readSessionRecord(
  repository: Repository,
  sha256: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const record = await readRecord(repository, sha256)
  return record === undefined ? undefined : blobOf(repository, record.tree.transcript, sha256)
}

async function* blobOf({ git }: Repository, id: string, sha256: string): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256')
  let bytes = 0
  let held: Buffer | undefined
  for await (const chunk of streamGit(git, ['cat-file', 'blob', id])) {
    bytes += chunk.length
    if (bytes > limits.transcriptBytes) throw malformed('its transcript is larger than is read')
    if (held !== undefined) yield held
    held = chunk
    hash.update(chunk)
  }
  if (hash.digest('hex') !== sha256) throw malformed('its transcript has another digest')
  if (held !== undefined) yield held
}
