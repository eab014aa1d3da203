/** What may not be recorded once more, because somebody took something out of it afterwards. */
import { CountersignError, attemptAsync } from '../errors.ts'
import type { Repository } from '../collect/git/repository.ts'
import { redactionsHere } from '../collect/session-records/redactions.ts'
import { ownAllowedSigners } from '../collect/session-records/signing-key.ts'
import type { World } from '../platform/world.ts'
import { replacementsHere } from './record-replacements.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'

/**
 * Records that were replaced, and sessions from which somebody took by hand what no rule finds: the transcript on this machine still has it. A
 * redaction that nobody signed is none, or whoever may push could keep a colleague's sessions from being recorded. Whose signatures count the
 * person may have told git (SSH keys alone); else any does, since to record less gives nothing away, and it is said.
 */
export async function redactedBefore(
  repository: Repository,
  world: World,
): Promise<{ readonly replaced: ReadonlySet<string>; readonly byHand: ReadonlySet<string> }> {
  const { redactions } = await redactionsHere(repository)
  const signed = redactions.filter(({ found, bundle }) => found.isSigned || bundle !== undefined)
  const counting = signed.length === 0 ? undefined : await countingRedactions(repository, world)
  const all = signed.filter(({ found }) => counting?.has(found.digest) !== false)
  const named = all.filter(({ said: { removed } }) => removed.words + removed.rows > 0)
  return {
    replaced: new Set(all.flatMap(({ said }) => [said.replaces, ...said.earlier])),
    byHand: new Set(named.map(({ found: { header } }) => `${header.tool}:${header.session}`)),
  }
}

/** Digests of records; undefined where git was not told whose count, or what it was told cannot be read. */
async function countingRedactions(repository: Repository, world: World): Promise<ReadonlySet<string> | undefined> {
  const allowedSigners = await ownAllowedSigners(repository.git)
  if (allowedSigners === undefined) return undefined
  const asked = await attemptAsync(() => askedSigners({ allowedSigners }, world))
  if (asked instanceof CountersignError) return undefined
  const { replacements } = await replacementsHere(repository, await signersUnder(asked, []))
  return new Set(replacements.map(({ digest }) => digest))
}
