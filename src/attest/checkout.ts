/**
 * The checkout that is attested, if there is one, and whether it is that of the token. A job that only signs has none: then the
 * token alone says what was built, and nobody looked at commits.
 */
import { CountersignError, option } from '../errors.ts'
import { isCi } from '../collect/ci/index.ts'
import { isDescendant } from '../collect/git/descent.ts'
import { commitOf, isInCheckout, openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { readRemote } from '../collect/git/read-remote.ts'
import { readSource } from '../collect/git/source.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'
import { hasToken } from './sigstore.ts'
import type { SigningRequest } from './sigstore.ts'

export interface Checkout {
  readonly repository: Repository
  /** What HEAD is, and whether the work tree says the same, but for what was made and attestations in outputs (absolute paths). */
  read(made: readonly string[], outputs: readonly string[]): Promise<Source>
  remote(): Promise<string | undefined>
}

/**
 * The checkout around the working folder; undefined where there is none. One that git does not accept is an error: somebody
 * could have made it so, to have nothing looked at. Errors: `git-no-repository`, `git-failed`.
 */
export async function openCheckout(world: World): Promise<Checkout | undefined> {
  if (!(await isInCheckout(world.cwd))) return undefined
  const repository = await openRepository(world.cwd, world)
  return {
    repository,
    read: (made, outputs) => readSource(repository, made, outputs),
    remote: () => readRemote(repository),
  }
}

/** What asks for commits of a checkout. */
const askOfCommits = [
  ...(['since', 'adopt', 'tagPattern', 'folders', 'builtCommit'] as const),
  ...(['allowedSigners', 'forgeSigners', 'keyring', 'allowedIdentities', 'recordAttestations', 'fetch'] as const),
  ...(['forgeTokenFile', 'forgeApi', 'transcripts', 'localTranscripts', 'keepRecords'] as const),
  ...(['receipts', 'receiptIssuers', 'tracker', 'portal', 'reasoningLog'] as const),
] as const

/**
 * What is asked of commits needs some, and whoever has no token of a job has only the checkout to name what was built. Error:
 * `git-no-repository`.
 */
export function refuseWithoutCheckout(
  request: SigningRequest & Pick<StatementRequest, (typeof askOfCommits)[number]>,
  world: World,
): void {
  const asked = askOfCommits.find((name) => request[name] !== undefined)
  if (asked !== undefined) {
    throw new CountersignError(
      'git-no-repository',
      `${option(asked)} needs a checkout of a git repository, and there is none here`,
      {
        option: asked,
        hint: `check the repository out before (actions/checkout), run in its folder, or leave it out (${option(asked)})`,
      },
    )
  }
  const canHaveToken = hasToken(request, world) || (request.sigstore?.kind !== 'at-hand' && isCi(world.env))
  if (!canHaveToken) throw noCheckout()
}

function noCheckout(): CountersignError {
  return new CountersignError('git-no-repository', 'there is no checkout of a git repository here')
}

/**
 * Holds the checkout against the commit of the token. `built` allows a descendant of it. Without a checkout the token must name
 * one. Errors: `commit-not-head`, `git-no-repository`, `object-altered`, `git-failed`.
 */
export async function refuseOtherCommit(
  token: VerifiedToken,
  checkout: Checkout | undefined,
  source: Source | undefined,
  built: true | undefined,
): Promise<void> {
  const { sourceRepositoryDigest: commit, sourceRepositoryUri: uri } = token.identity.extensions
  if (checkout === undefined || source === undefined) {
    if (commit === undefined || uri === undefined) throw noCheckout()
    return
  }
  if (commit === undefined || commit === source.commit) return
  const expected = { expected: commit, found: source.commit }
  if (built === undefined) {
    const message = `the token is for commit ${commit}, but HEAD is ${source.commit}`
    throw new CountersignError('commit-not-head', message, { option: 'builtCommit', ...expected })
  }
  const { repository } = checkout
  const isHere = (await commitOf(repository, commit)) === commit
  if (isHere && (await isDescendant(repository, source.commit, commit))) return
  // A cut clone has none of the commits before, so that nobody can follow them.
  const hint = repository.shallow
    ? 'this clone is cut: fetch the whole history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)'
    : 'what a job builds comes of the commit that it was started for; check that one out, and commit to it'
  const reason = isHere ? `does not descend from ${commit}` : `is in a clone without ${commit}`
  throw new CountersignError('commit-not-head', `HEAD ${source.commit} ${reason}, the commit of the token`, {
    ...expected,
    hint,
  })
}
