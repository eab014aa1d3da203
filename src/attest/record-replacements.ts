/** Which records of a clone replace which, as far as somebody who counts signed it. */
import type { CollectOptions } from '../collect/sessions/index.ts'
import type { Repository } from '../collect/git/repository.ts'
import { redactionsHere, replacementBy } from '../collect/session-records/redactions.ts'
import type { FoundRedaction } from '../collect/session-records/redactions.ts'
import { readSignatures, readSignerKeys } from '../collect/signatures/index.ts'
import type { Replacement, SessionRedaction } from '../model/session-redaction.ts'

/** Whose signatures count, as for commits and records. */
export type RecordSigners = Pick<CollectOptions, 'signers' | 'verifyRecords'>

export type UnsignedRedaction = SessionRedaction & Pick<Replacement, 'digest' | 'tool' | 'session'>

export interface Replacements {
  readonly replacements: readonly Replacement[]
  /** What records say that they replace, and nobody who counts signed it. */
  readonly unsigned: readonly UnsignedRedaction[]
  /** Digests of records whose redaction is none, or is of another record. */
  readonly refused: readonly string[]
}

/** Errors: `object-altered`, `git-failed`, `allowed-signers-malformed`, `keyring-malformed`. */
export async function replacementsHere(
  repository: Repository,
  { signers, verifyRecords }: RecordSigners,
): Promise<Replacements> {
  const { redactions, refused } = await redactionsHere(repository)
  const commit = await recordNames(
    repository,
    redactions.filter(({ found }) => found.isSigned).map(({ found }) => found.commit),
    signers,
  )
  const replacements: Replacement[] = []
  const unsigned: UnsignedRedaction[] = []
  for (const it of redactions) {
    const replacement = await replacementBy(it, { commit, redactor: verifyRecords?.redactor })
    if (replacement === undefined) unsigned.push({ ...it.said, ...sessionOf(it) })
    else replacements.push(replacement)
  }
  return { replacements, unsigned, refused }
}

function sessionOf({
  found: { digest, header },
}: FoundRedaction): Pick<UnsignedRedaction, 'digest' | 'tool' | 'session'> {
  return { digest, tool: header.tool, session: header.session }
}

/** Who signed these commits of records, by name; undefined for nobody who counts. */
export async function recordNames(
  repository: Repository,
  commits: readonly string[],
  signers: RecordSigners['signers'],
): Promise<(commit: string) => string | undefined> {
  const all = new Set(commits)
  const quiet = (): void => undefined
  const { signers: by, names } = await readSignatures(repository, all, readSignerKeys(signers), quiet, all)
  return (commit) => {
    const signer = by.get(commit)
    return signer === 'person' || signer === 'agent-platform' ? (names.get(commit)?.name ?? signer) : undefined
  }
}
