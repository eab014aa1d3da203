/** What a receipt says, held against the commits that name its session: user, repository, time, and the commits that it names. Pure. */
import type { ClaimingCommit } from '../../model/claiming-commit.ts'
import { personAddress } from '../../model/person.ts'
import type { ReceiptAgreement, ReceiptRefusal, RefusedReceipt } from '../../model/receipt.ts'
import type { ReceiptIssuer } from '../../model/receipt-issuers.ts'
import { canonicalRepository, forgeOf } from '../../model/repository-url.ts'
import { refusedReceipt } from './parse.ts'
import type { ParsedReceipt } from './parse.ts'

/**
 * Every commit has to agree: of a session that is named in one more, which somebody else made or which comes too late, nobody knows
 * which of them it was in. `repository` is the address of the one that is attested; undefined where nobody knows it.
 */
export function heldAgainst(
  { parsed, issuer }: { readonly parsed: ParsedReceipt; readonly issuer: ReceiptIssuer },
  repository: string | undefined,
  commits: readonly ClaimingCommit[],
): { readonly agreement: ReceiptAgreement; readonly missing: readonly RefusedReceipt[] } {
  const { payload, sha256, startedAt, endedAt } = parsed
  const addresses = addressesOf(payload.sub, issuer.users)
  const named = payload.commits === undefined ? undefined : new Set(payload.commits)
  const others = {
    user: commits.filter((it) => !isBy(it, addresses)),
    time: commits.filter((it) => !isWithin(it, startedAt - issuer.skew, endedAt + issuer.window)),
    commits: commits.filter((it) => named?.has(it.commit) === false && !named.has(it.change)),
  }
  const isForRepository = audiencesOf(payload.aud).some((it) => isAudience(it, issuer.audiences, repository))
  // Commits that nobody could look at agree with nothing.
  const none = commits.length === 0
  const words = { user: userWords(issuer, addresses), time: timeWords, commits: commitWords }
  const missing = Object.entries(others).flatMap(([link, some]) => {
    const [first] = some
    if (first === undefined) return []
    const code = `receipt-other-${link}` as ReceiptRefusal
    const why = `${words[link as keyof typeof words]} (${some.length} of ${commits.length} commits)`
    return [refusedReceipt(code, sha256, why, first.change)]
  })
  return {
    agreement: {
      user: !none && others.user.length === 0,
      repository: isForRepository,
      time: !none && others.time.length === 0,
      commits: others.commits.length === 0,
    },
    missing: [
      ...(isForRepository ? [] : [refusedReceipt('receipt-other-repository', sha256, repositoryWords(repository))]),
      ...missing,
    ],
  }
}

function audiencesOf(aud: ParsedReceipt['payload']['aud']): readonly string[] {
  return typeof aud === 'string' ? [aud] : aud
}

/**
 * Whole: an issuer may have compared the beginning alone, so what a tolerant reader takes for the same repository is another one here.
 * Only forges whose names do not tell upper from lower case are read as they are.
 */
export function isAudience(
  said: string,
  audiences: readonly string[] | undefined,
  repository: string | undefined,
): boolean {
  if (audiences !== undefined) return audiences.includes(said)
  const own = canonicalRepository(repository ?? '')
  if (own === undefined) return false
  const isForge = forgeOf(own.split('/')[0] ?? '') !== undefined
  return (isForge ? said.toLowerCase() : said) === `git+https://${own}`
}

function addressesOf(sub: string, users: ReceiptIssuer['users']): readonly string[] | undefined {
  if (users === 'opaque') return undefined
  return users === 'email' ? [personAddress(sub)] : users.get(sub)
}

function isBy({ author, committer }: ClaimingCommit, addresses: readonly string[] | undefined): boolean {
  // git takes an author without an address; that is nobody.
  return addresses?.some((it) => it !== '' && [author, committer].map(personAddress).includes(it)) === true
}

/**
 * The author's time is that of the work: to amend or rebase a commit keeps it. Who commits does so later, but not before the session
 * began.
 */
function isWithin({ authored, committed }: ClaimingCommit, start: number, end: number): boolean {
  // git keeps whole seconds.
  return authored * 1_000 + 999 >= start && authored * 1_000 <= end && committed * 1_000 + 999 >= start
}

function userWords(issuer: ReceiptIssuer, addresses: readonly string[] | undefined): string {
  if (issuer.users === 'opaque') return 'the list does not say who the users of its issuer are'
  if (addresses === undefined) return 'its user is not one of those that the list knows'
  return 'its user neither wrote nor committed what names the session'
}

const timeWords = 'the session was over, or had not begun, when what names it was made'
const commitWords = 'it names commits, and not these'

function repositoryWords(repository: string | undefined): string {
  return repository === undefined
    ? 'nobody knows which repository this is, and its issuer has no audiences of its own in the list'
    : 'it is for another repository'
}
