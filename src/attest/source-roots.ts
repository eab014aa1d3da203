/** By what statements about the source are verified while a release is attested: which repository it is, and whose trust is at hand. */
import { CountersignError } from '../errors.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import { certifiedBuild } from '../model/identity.ts'
import type { World } from '../platform/world.ts'
import { loadTrust } from '../sigstore/trust/source.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import type { OpenSigstore } from './sigstore.ts'
import type { AttestedRepository, SourceRoot } from './source-statements.ts'

/** As the token says; only where it does not, as the checkout does. */
export function attestedRepository(
  { issuer, identity }: VerifiedToken,
  source: Source | undefined,
): AttestedRepository {
  const { extensions } = identity
  return {
    url: certifiedBuild(extensions).source ?? source?.remote,
    id: extensions.sourceRepositoryIdentifier,
    issuer,
  }
}

/**
 * The root of the Sigstore that signs, and public-good's, by which most of what is found is signed. Public-good's is taken as it
 * is at hand: to look at notes asks nobody, whether or not anything is signed afterwards.
 */
export function sourceRoots(sigstore: Pick<OpenSigstore, 'kind' | 'trust'>, world: World): readonly SourceRoot[] {
  const publicGood: SourceRoot = {
    root: 'public-good',
    load: () => loadTrust({ kind: 'public', network: 'none' }, { ...world, warn: (it) => world.warn(warning(it)) }),
  }
  const own: SourceRoot = { root: 'own', load: () => sigstore.trust() }
  return (sigstore.kind === 'public' ? [publicGood] : [own, publicGood]).map((it) => ({ ...it, load: told(it.load) }))

  /** Why there is none is signed as a code; a person gets the words. */
  function told(load: () => Promise<Trust>): () => Promise<Trust> {
    return async () => {
      try {
        return await load()
      } catch (thrown) {
        if (thrown instanceof CountersignError) world.warn(warning(thrown.message))
        throw thrown
      }
    }
  }
}

function warning(text: string): string {
  return `for what was signed about the source: ${text}`
}
