/** Records that replace older ones: the statement in their tree, and who signed it. Anybody who may push can write one. */
import { CountersignError, attempt } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { VerifyRedaction } from '../../model/record-attestation.ts'
import {
  doesReplace,
  redactionSaid,
  sessionRedactionPredicate,
  sessionRedactionType,
} from '../../model/session-redaction.ts'
import type { Replacement, SessionRedaction } from '../../model/session-redaction.ts'
import { parseStatement } from '../../model/statement.ts'
import { readBlobs } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { readBundles } from './read-bundles.ts'
import { listRecords, openRecords, readTrees } from './read-record.ts'
import type { FoundRecord, RecordTree } from './read-record.ts'

/** What a record says that it replaces; who signed that is another question. */
export interface FoundRedaction {
  readonly found: FoundRecord
  readonly said: SessionRedaction
  /** The bytes of the statement, and of a bundle of it. */
  readonly statement: Buffer
  readonly bundle: Buffer | undefined
}

/** A statement of 400 bytes, a reason of at most some thousand, and what a later version may say. */
const statementBytes = 64 * 1024

interface WithTree {
  readonly found: FoundRecord
  readonly tree: RecordTree
}

/**
 * Of those that say it, by their digest and commit (`redactionKey`); `refused`: its statement is none, is of another record, or stands behind more
 * than is read. Errors:
 * `object-altered`, `git-failed`.
 */
export async function readRedactions(
  repository: Repository,
  records: readonly WithTree[],
): Promise<ReadonlyMap<string, FoundRedaction | 'refused'>> {
  const saying = records.flatMap(({ found, tree }) =>
    tree.redaction === undefined ? [] : [{ found, id: tree.redaction, bundle: tree.redactionBundle }],
  )
  const { bundles } = await readBundles(
    repository,
    saying.flatMap(({ bundle }) => bundle ?? []),
  )
  const redactions = new Map<string, FoundRedaction | 'refused'>()
  let left: number = limits.recordBundlesBytes
  const ids = saying.map(({ id }) => id)
  for await (const { index, contents } of readBlobs(repository, ids, statementBytes)) {
    const one = saying[index]
    if (one === undefined) continue
    const { found } = one
    left -= typeof contents === 'string' ? 0 : contents.length
    const said = typeof contents === 'string' || left < 0 ? undefined : redactionIn(contents, found)
    const bundle = bundles.get(one.bundle ?? '')
    const isRead = said !== undefined && typeof contents !== 'string'
    redactions.set(redactionKey(found), isRead ? { found, said, statement: contents, bundle } : 'refused')
  }
  return redactions
}

export function redactionKey({ digest, commit }: Pick<FoundRecord, 'digest' | 'commit'>): string {
  return `${digest} ${commit}`
}

/** What a statement says of this record, if it is about this one and no other, and of its session. */
function redactionIn(bytes: Buffer, { digest, header }: FoundRecord): SessionRedaction | undefined {
  const statement = attempt(() => parseStatement(bytes))
  if (statement instanceof CountersignError || statement.predicateType !== sessionRedactionType) return undefined
  const [subject, ...more] = statement.subject
  const { data } = sessionRedactionPredicate.safeParse(statement.predicate)
  if (data === undefined || more.length > 0 || subject?.digest['sha256'] !== digest) return undefined
  const said = redactionSaid(data)
  if (said.of !== undefined && (said.of.tool !== header.tool || said.of.session !== header.session)) return undefined
  // A record cannot be older than itself.
  return doesReplace(said, digest) ? undefined : said
}

/**
 * All of this clone, and those that say so and are none; a transcript is not read, so whether it has its digest is for whoever reads it.
 * Errors: `object-altered`, `git-failed`.
 */
export async function redactionsHere(
  repository: Repository,
): Promise<{ readonly redactions: readonly FoundRedaction[]; readonly refused: readonly string[] }> {
  const { tips } = await listRecords(repository)
  const found: FoundRecord[] = []
  for await (const it of openRecords(repository, tips)) if (!('malformed' in it)) found.push(it)
  const trees = await readTrees(
    repository,
    found.map(({ header }) => header.tree),
  )
  const withTree = found.flatMap((it, at) => {
    const tree = trees[at]
    return tree === undefined ? [] : [{ found: it, tree }]
  })
  const all = [...(await readRedactions(repository, withTree))]
  return {
    redactions: all.flatMap(([, it]) => (it === 'refused' ? [] : [it])),
    refused: all.flatMap(([key, it]) => (it === 'refused' ? [key.slice(0, 64)] : [])),
  }
}

/** Who signed, as far as that counts. */
export interface RedactionSigners {
  /** The name of whoever signed the commit, where that is somebody who counts. */
  readonly commit: (id: string) => string | undefined
  readonly redactor: VerifyRedaction | undefined
}

/** Undefined where nobody who counts signed it: then it replaces nothing. */
export async function replacementBy(
  { found, said, statement, bundle }: FoundRedaction,
  { commit, redactor }: RedactionSigners,
): Promise<Replacement | undefined> {
  const name = commit(found.commit)
  const { tool, session } = found.header
  if (name !== undefined) return { ...said, digest: found.digest, by: name, tool, session }
  const who = bundle === undefined ? undefined : await redactor?.(bundle, statement)
  const doesCount = who?.signer === 'person' || who?.signer === 'agent-platform'
  return doesCount ? { ...said, digest: found.digest, by: who.name, tool, session } : undefined
}
