/** What a portal says, held against the commits that name its session: user, repository, time, and the commits that it names. Pure. */
import type { ClaimingCommit } from '../../model/claiming-commit.ts'
import { personAddress } from '../../model/person.ts'
import { portalLinks } from '../../model/portal.ts'
import type { PortalAgreement, PortalFacts, PortalLink, RefusedAnswer } from '../../model/portal.ts'
import { canonicalRepository, forgeOf } from '../../model/repository-url.ts'
import { portalSkew } from './told-facts.ts'

/** Milliseconds after the end of a session within which its work is committed: as of receipts, a day. */
const commitWindow = 24 * 3_600_000

/**
 * Every commit has to agree: of a session that is named in one more, which somebody else made or which comes too late, nobody knows
 * which of them it was in. `repository` is the address of the one that is attested; undefined where nobody knows it.
 */
export function heldAgainst(
  facts: PortalFacts,
  repository: string | undefined,
  commits: readonly ClaimingCommit[],
): { readonly agreement: PortalAgreement; readonly missing: readonly Omit<RefusedAnswer, 'detail'>[] } {
  const others: { readonly [link in PortalLink]: readonly ClaimingCommit[] | undefined } = {
    user: otherUsers(facts.user, commits),
    repository: isElsewhere(facts.repositories, repository) ? commits : facts.repositories && [],
    time: otherTimes(facts, commits),
    commits: otherCommits(facts.commits, commits),
  }
  // Commits that nobody could look at agree with nothing.
  const agrees = (link: PortalLink): boolean | undefined =>
    others[link] === undefined ? undefined : commits.length > 0 && others[link].length === 0
  return {
    agreement: {
      ...{ user: agrees('user'), repository: agrees('repository'), time: agrees('time') },
      // It need not name any.
      commits: others.commits === undefined || agrees('commits'),
    },
    missing: portalLinks.flatMap((link) => {
      const [first] = others[link] ?? []
      return first === undefined ? [] : [{ code: `portal-other-${link}` as const, commit: first.change }]
    }),
  }
}

/** Undefined where nobody here knows who it is. */
function otherUsers(
  user: PortalFacts['user'],
  commits: readonly ClaimingCommit[],
): readonly ClaimingCommit[] | undefined {
  if (user === undefined || user.kind === 'opaque') return undefined
  const isTheirs = (address: string): boolean => {
    // git takes an author without an address; that is nobody.
    if (address === '' || user.kind === 'several') return false
    return user.kind === 'address' ? address === personAddress(user.address) : isOfAccount(address, user)
  }
  return commits.filter(({ author, committer }) => ![author, committer].map(personAddress).some(isTheirs))
}

/** The addresses that a forge gives to its accounts, the older ones without a number. */
function isOfAccount(address: string, { login, domain }: { readonly login: string; readonly domain: string }): boolean {
  const own = `${login}@${domain}`.toLowerCase()
  return address === own || (address.endsWith(`+${own}`) && /^\d{1,20}$/.test(address.slice(0, -own.length - 1)))
}

/**
 * Whole: a portal may have compared the beginning alone, so what a tolerant reader takes for the same repository is another one here. Only
 * forges whose names do not tell upper from lower case are read as they are.
 */
function isElsewhere(said: readonly string[] | undefined, repository: string | undefined): boolean {
  const own = canonicalRepository(repository ?? '')
  if (said === undefined) return false
  if (own === undefined) return true
  const isForge = forgeOf(own.split('/')[0] ?? '') !== undefined
  const forms = [`https://${own}`, `https://${own}.git`, `git+https://${own}`, `git+https://${own}.git`]
  return !said.some((it) => forms.includes(isForge ? it.toLowerCase() : it))
}

/**
 * The author's time is that of the work: to amend or rebase a commit keeps it. Who commits does so later, but not before the session
 * began.
 */
function otherTimes(
  { startedAt, endedAt }: PortalFacts,
  commits: readonly ClaimingCommit[],
): readonly ClaimingCommit[] | undefined {
  if (startedAt === undefined || endedAt === undefined) return undefined
  const [start, end] = [startedAt - portalSkew, endedAt + commitWindow]
  // git keeps whole seconds.
  return commits.filter(
    ({ authored, committed }) =>
      !(authored * 1_000 + 999 >= start && authored * 1_000 <= end && committed * 1_000 + 999 >= start),
  )
}

function otherCommits(
  named: readonly string[] | undefined,
  commits: readonly ClaimingCommit[],
): readonly ClaimingCommit[] | undefined {
  return named === undefined
    ? undefined
    : commits.filter(({ commit, change }) => !named.includes(commit) && !named.includes(change))
}
