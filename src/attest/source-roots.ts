/** By what statements about the source are verified while a release is attested: which repository it is, and whose trust is at hand. */
import { CountersignError } from '../errors.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import { certifiedBuild } from '../model/identity.ts'
import type { World } from '../platform/world.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import type { RootAtHand } from './roots-at-hand.ts'
import type { AttestedRepository } from './source-statements.ts'

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
 * The root of the Sigstore that signs, unless that is public-good's, and public-good's, by which most of what is found is signed.
 * That one is taken as it is at hand: to look at what was signed asks nobody, whether or not anything is signed afterwards.
 */
export function sourceRoots(own: (() => Promise<Trust>) | undefined, world: World): readonly RootAtHand[] {
  const publicGood: RootAtHand = {
    root: 'public-good',
    async load() {
      const { loadTrust } = await import('../sigstore/trust/source.ts')
      return loadTrust({ kind: 'public', network: 'none' }, { ...world, warn: (it) => world.warn(warning(it)) })
    },
  }
  const all: readonly RootAtHand[] = own === undefined ? [publicGood] : [{ root: 'own', load: own }, publicGood]
  return all.map((it) => ({ ...it, load: told(it.load) }))

  /** Once, whoever asks. Why there is none is signed as a code; a person gets the words. */
  function told(load: () => Promise<Trust>): () => Promise<Trust> {
    let loaded: Promise<Trust> | undefined
    return () =>
      (loaded ??= load().catch((thrown: unknown) => {
        if (thrown instanceof CountersignError) world.warn(warning(thrown.message))
        throw thrown
      }))
  }
}

function warning(text: string): string {
  return `for what was signed about commits and records: ${text}`
}
