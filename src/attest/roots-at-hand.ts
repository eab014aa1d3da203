/** Trusted roots by which a release's own evidence is verified while it is attested: loaded once, and only if there is any. */
import { CountersignError, attempt, attemptAsync } from '../errors.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Signed } from '../model/evidence.ts'
import { isObject, memberAt } from '../model/json.ts'
import type { SourceStatement } from '../model/source-statement.ts'
import { rootsFor } from '../sigstore/verify/choose-root.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../sigstore/verify/verify-bundle.ts'

/** A trusted root, loaded at the first signature. Errors: those of a source of trust. */
export interface RootAtHand {
  readonly root: SourceStatement['signer']['root']
  readonly load: () => Promise<Trust>
}

/** Those that could be loaded. */
export interface RootsAtHand {
  readonly trusts: readonly Trust[]
  readonly rootOf: ReadonlyMap<Trust, RootAtHand['root']>
  /** Why one is not there. */
  readonly failure: CountersignError | undefined
}

/** Loads them when they are first asked for. */
export function rootsAtHand(roots: readonly RootAtHand[]): () => Promise<RootsAtHand> {
  let loaded: Promise<RootsAtHand> | undefined
  return () => (loaded ??= loadAll(roots))
}

async function loadAll(roots: readonly RootAtHand[]): Promise<RootsAtHand> {
  const rootOf = new Map<Trust, RootAtHand['root']>()
  let failure: CountersignError | undefined
  for (const { root, load } of roots) {
    const trust = await attemptAsync(load)
    if (trust instanceof CountersignError) failure ??= trust
    else rootOf.set(trust, root)
  }
  return { trusts: [...rootOf.keys()], rootOf, failure }
}

/** `undecided`: where a root is missing, nobody can say that something does not hold. */
export type NotUnderRoots =
  { readonly outcome: 'undecided'; readonly detail: string } | { readonly outcome: 'refused'; readonly code: string }

export function notUnder({ failure }: RootsAtHand, code: string): NotUnderRoots {
  if (failure === undefined) return { outcome: 'refused', code }
  return { outcome: 'undecided', detail: `no trust to verify by: ${failure.code}` }
}

/** A bundle holds under one root as a whole. */
export function signedUnder(
  bundle: Bundle,
  roots: RootsAtHand,
): NotUnderRoots | { readonly outcome: 'signed'; readonly proof: Signed; readonly root: RootAtHand['root'] } {
  const { trusts, rootOf } = roots
  let code = 'trust-unavailable'
  for (const trust of trusts.length === 0 ? [] : rootsFor(bundle, trusts)) {
    for (const form of [bundle, withoutTimestamps(bundle)]) {
      const result = attempt(() => verifyBundle(form, trust))
      if (!(result instanceof CountersignError) && result.outcome === 'verified') {
        return { outcome: 'signed', proof: result.signed, root: rootOf.get(trust) ?? 'own' }
      }
      code = result.code
      if (code !== 'trusted-time-invalid') break
    }
  }
  return notUnder(roots, code)
}

/**
 * Whoever signs in a job of GitHub's may add a timestamp of GitHub's own authority to a certificate and a log entry of public-good
 * Sigstore, whose root does not have that authority. Timestamps stand outside of what is signed, so that anybody can leave them out:
 * without them the log must say when.
 */
function withoutTimestamps(bundle: Bundle): Bundle {
  const material = memberAt(bundle.json, 'verificationMaterial')
  if (!isObject(material)) return bundle
  const { timestampVerificationData: _, ...verificationMaterial } = material
  return { ...bundle, json: { ...bundle.json, verificationMaterial } }
}
