/** Whose key it is that signed a commit, once the signature is known to be good. Pure. */
import type { Signer } from '../../model/session.ts'
import { isInList } from './allowed-signers.ts'
import type { AllowedSigner } from './allowed-signers.ts'
import type { KnownKey } from './known-keys.ts'
import type { SignedCommit } from './signed-commit.ts'

/**
 * A signer; or why a key that somebody named does not count for this commit; undefined: nobody named it. A key of a forge
 * or a platform stays that, whoever names it as a person's.
 */
export type Whose = Signer | { readonly unbound: string } | undefined

type Identities = Pick<SignedCommit, 'author' | 'committer'>

/** The key of a forge or platform; undefined for another. */
export function whoseKnownKey(
  fingerprints: readonly string[],
  { committer }: Identities,
  keys: readonly KnownKey[],
): Whose {
  const key = keys.find((it) => fingerprints.includes(it.fingerprint))
  if (key === undefined || key.signer === 'forge') return key?.signer
  // Whoever had the platform sign under another name speaks as that, not as the platform.
  if (committer === undefined || committer.address !== key.committer) {
    return { unbound: 'the key of an agent platform, and another committer' }
  }
  const since = Date.parse(`${key.since}T00:00:00Z`) / 1_000
  return committer.time < since ? { unbound: 'the key of an agent platform, before its time' } : key.signer
}

/** A person, if a line names the key, for git, at the time of the commit, and a name of it is the committer's or the author's address. */
export function whoseSshKey(
  fingerprint: string,
  { author, committer }: Identities,
  signers: readonly AllowedSigner[],
): Whose {
  const valid = validLines(fingerprint, committer, signers)
  if (!Array.isArray(valid)) return valid
  const addresses = [committer, author].flatMap((it) => (it === undefined ? [] : [it.address]))
  const isNamed = valid.some(({ principals }) => addresses.some((it) => isInList(it, principals)))
  return isNamed ? 'person' : { unbound: 'the key is that of neither committer nor author' }
}

/** The same of a commit that names nobody (a session record): a person, if a line names the key, for git, at its time. */
export function whoseRecordKey(
  fingerprint: string,
  { committer }: Identities,
  signers: readonly AllowedSigner[],
): Whose {
  const valid = validLines(fingerprint, committer, signers)
  return Array.isArray(valid) ? 'person' : valid
}

/** What the list calls whoever has this key of a record; a pattern is no name, and then the key has to do. */
export function recordKeyName(
  fingerprint: string,
  { committer }: Identities,
  signers: readonly AllowedSigner[],
): string {
  const valid = validLines(fingerprint, committer, signers)
  const names = Array.isArray(valid) ? valid.flatMap(({ principals }) => principals) : []
  return names.find(({ text, isNegated }) => !isNegated && !/[*?]/.test(text))?.text ?? fingerprint
}

function validLines(
  fingerprint: string,
  committer: Identities['committer'],
  signers: readonly AllowedSigner[],
): AllowedSigner[] | { readonly unbound: string } | undefined {
  const lines = signers.filter((it) => it.fingerprint === fingerprint)
  if (lines.length === 0) return undefined
  if (committer === undefined) return { unbound: 'the committer cannot be read' }
  const forGit = lines.filter((it) => it.namespaces === undefined || isInList('git', it.namespaces))
  if (forGit.length === 0) return { unbound: 'the key is not allowed for git' }
  const valid = forGit.filter((it) => it.validAfter <= committer.time && committer.time <= it.validBefore)
  return valid.length === 0 ? { unbound: 'the key is not valid at the time of the commit' } : valid
}
