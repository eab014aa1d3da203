/**
 * What to do where somebody else has taken the name of a new record before. It is the digest of its bytes, and whoever reads the old record and
 * knows our rules can tell that. A record with a random part in it would have no such name; but then a run that was broken off could not be
 * run again to its end. So the name stays, and the very command that frees it is said. It removes what was seen, and nothing that came since. Pure.
 */
import { recordRef } from '../../model/session-record.ts'

export interface TakenName {
  readonly digest: string
  /** Full id of what has the name; undefined where it leads nowhere. */
  readonly commit: string | undefined
  /** Where that is; undefined: here. */
  readonly remote?: string
}

/** For the hint of an error. */
export function takenNameMend(taken: TakenName): string {
  const { digest, commit, remote } = taken
  const fetch = remote === undefined ? '' : `git fetch ${shellWord(remote)} ${recordRef(digest)} && `
  const shown = remote === undefined ? commit : 'FETCH_HEAD'
  const look = commit === undefined ? '' : `look who made it (${fetch}git log -1 --show-signature ${shown ?? ''}); `
  return `${look}if it is of nobody who may redact, take it away: ${removal(taken)}; then run this again`
}

function removal({ digest, commit, remote }: TakenName): string {
  const ref = recordRef(digest)
  if (remote === undefined)
    return ['git update-ref --no-deref -d', ref, ...(commit === undefined ? [] : [commit])].join(' ')
  return `git push --force-with-lease=${ref}:${commit ?? ''} ${shellWord(remote)} :${ref}`
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
