/**
 * Who signs: opens the Sigstore that was asked for (public-good, a private one by its configuration file, or one at hand such
 * as the embedded one) with the token that its certificate authority will take.
 */
import { resolve } from 'node:path'
import { CountersignError, option } from '../errors.ts'
import { isCi, obtainToken, tokenVariable } from '../collect/ci/index.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { World } from '../platform/world.ts'
import type { BeforeLogging } from '../sigstore/sign/before-logging.ts'
import { chooseServices } from '../sigstore/sign/services.ts'
import { loadTrust, readTrustFile } from '../sigstore/trust/source.ts'
import type { TrustedIssuer } from '../sigstore/token/verify-token.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'

/** The checkout that is attested, for a Sigstore that gives out identities by itself. */
export interface Project {
  /** Absolute path of the working tree. */
  readonly root: string
  /** Undefined without a checkout: then the job has a token of its own. */
  readonly source: Source | undefined
  readonly world: World
}

/** A Sigstore that runs in this process, until it is closed. */
export interface SigstoreAtHand {
  /** Its OIDC issuer, with the keys (a JWKS) that others would fetch. */
  readonly issuer: string
  readonly jwks: NonNullable<TrustedIssuer['jwks']>
  /** SigningConfig v0.2. */
  readonly signingConfig: Json
  readonly trustedRoot: Json
  /** Where that root comes from, in words for a verdict. */
  readonly origin: string
  /** A token for a job that has none of its own. */
  mintToken(audience: string): Promise<string>
  close(): Promise<void>
}

/** Who signs. */
export type SigstoreChoice =
  | { readonly kind: 'public' }
  /** A ClientTrustConfig file: private Fulcio, Rekor, TSA. */
  | { readonly kind: 'config'; readonly path: string }
  /** Made by `embeddedSigstore` (countersign/embedded), or by anybody else who has one. */
  | { readonly kind: 'at-hand'; readonly open: (project: Project) => Promise<SigstoreAtHand> }

/** The part of a request that says who signs. */
export interface SigningRequest {
  /** Default: public-good Sigstore in CI; outside CI there is none. */
  readonly sigstore?: SigstoreChoice
  readonly identityTokenFile?: string
  /** Audience of the token; default `sigstore`. */
  readonly audience?: string
  /** Further issuers that the chosen Sigstore trusts, exact or globs (a self-managed GitLab). */
  readonly issuers?: readonly string[]
  /** Milliseconds for signing with all its repetitions (`limits.retryBudget`, at most `limits.longestRetryBudget`). */
  readonly retryBudget?: number
  /** Write the name of a private repository to the public log. */
  readonly publishPrivate?: true
}

/** One Sigstore for the length of one run. */
export interface OpenSigstore {
  readonly kind: SigstoreChoice['kind']
  token(): Promise<VerifiedToken>
  /**
   * `note` hears which service was asked again, and which one stood in for another; `before` is asked before anything is
   * logged.
   */
  sign(
    statement: Uint8Array,
    token: string,
    hear: { readonly note: (text: string) => void; readonly before: BeforeLogging },
  ): Promise<string>
  trust(): Promise<Trust>
  close(): Promise<void>
}

/**
 * Opens the chosen Sigstore. Errors: `identity-missing` (no choice, and no CI job that makes one obvious), those of trust
 * configuration files, `signing-service-missing`, `usage` (the budget); those of a Sigstore at hand (`local-state-*`).
 */
export async function openSigstore(request: SigningRequest, project: Project): Promise<OpenSigstore> {
  const { world } = project
  const audience = request.audience ?? 'sigstore'
  const budget = budgetOf(request)
  // One budget for both: what the token took is not there for signing.
  let spent = 0
  const choice = request.sigstore ?? defaultSigstore(request, world)
  const extra = (request.issuers ?? []).map((pattern): TrustedIssuer => ({ pattern }))
  // Loaded when a run needs it: whoever imports the library to verify pays for no JOSE, no HTTP client and no ASN.1 writer.
  const { publicIssuers, verifyToken } = await import('../sigstore/token/verify-token.ts')
  const obtain = async (issuers: readonly TrustedIssuer[]): Promise<VerifiedToken> => {
    const start = world.elapsed()
    const raw = await obtainToken({ audience, tokenFile: request.identityTokenFile, retryBudget: budget }, world)
    spent = world.elapsed() - start
    return verifyToken(raw, { issuers: [...issuers, ...extra], audience }, world)
  }
  const signWith = async (
    config: Json,
    ...[statement, token, hear]: Parameters<OpenSigstore['sign']>
  ): Promise<string> => {
    const services = chooseServices(config, world.now())
    const { signStatement } = await import('../sigstore/sign/sign-statement.ts')
    return signStatement(statement, token, services, { budget: Math.max(leastBudget, budget - spent), ...hear }, world)
  }
  if (typeof choice !== 'object' || (choice as unknown) === null) return refuseOther(choice)
  switch (choice.kind) {
    case 'public':
      return {
        kind: choice.kind,
        token: () => obtain(publicIssuers),
        async sign(statement, token, hear) {
          const { fetchPublicSigningConfig } = await import('../sigstore/trust/tuf.ts')
          const config = await fetchPublicSigningConfig({ refreshTimeout: limits.serviceTimeout }, world)
          return signWith(config, statement, token, hear)
        },
        trust: () => loadTrust({ kind: 'public' }, world),
        close: () => Promise.resolve(),
      }
    case 'config': {
      const config = await readTrustFile(resolve(world.cwd, choice.path))
      const { issuers } = chooseServices(config, world.now())
      return {
        kind: choice.kind,
        token: () => obtain(issuers.map((pattern) => ({ pattern }))),
        sign: (statement, token, hear) => signWith(config, statement, token, hear),
        trust: () => loadTrust({ kind: 'json', json: config, origin: choice.path }, world),
        close: () => Promise.resolve(),
      }
    }
    case 'at-hand': {
      const atHand = await choice.open(project)
      const issuers: readonly TrustedIssuer[] = [{ pattern: atHand.issuer, jwks: atHand.jwks }]
      return {
        kind: choice.kind,
        async token() {
          if (hasToken(request, world)) return obtain(issuers)
          return verifyToken(await atHand.mintToken(audience), { issuers, audience }, world)
        },
        sign: (statement, token, hear) => signWith(atHand.signingConfig, statement, token, hear),
        trust: () => loadTrust({ kind: 'json', json: atHand.trustedRoot, origin: atHand.origin }, world),
        close: () => atHand.close(),
      }
    }
    default:
      return refuseOther(choice)
  }
}

/** Whoever is held to no type may name another; it is no reason to sign under the public one. Error: `usage`. */
function refuseOther(choice: unknown): never {
  const { kind } = Object(choice) as { readonly kind?: unknown }
  throw new CountersignError(
    'usage',
    `who signs is no ${typeof kind === 'string' ? JSON.stringify(kind.slice(0, 100)) : 'Sigstore'}`,
    {
      option: 'sigstore',
      hint: 'one of public, config, at-hand',
    },
  )
}

/** Milliseconds in which services that are there can answer. */
const leastBudget = 1_000

function budgetOf({ retryBudget = limits.retryBudget }: SigningRequest): number {
  if (retryBudget >= leastBudget && retryBudget <= limits.longestRetryBudget) return retryBudget
  const longest = limits.longestRetryBudget / 60_000
  throw new CountersignError('usage', `a retry budget lies between 1 second and ${longest} minutes`, {
    option: 'retryBudget',
    hint: 'a certificate and a CI token live for ten minutes at most',
  })
}

/** True where a token was given, whoever else could give one. */
export function hasToken({ identityTokenFile }: SigningRequest, { env }: Pick<World, 'env'>): boolean {
  return identityTokenFile !== undefined || env[tokenVariable] !== undefined
}

/** Public-good Sigstore where a CI job or a token can vouch for somebody; else the person must choose. */
function defaultSigstore(request: SigningRequest, world: World): SigstoreChoice {
  if (isCi(world.env) || hasToken(request, world)) return { kind: 'public' }
  throw new CountersignError('identity-missing', 'this is no CI job, so there is no identity to sign under', {
    option: 'sigstore',
    hint: `try it with the embedded Sigstore (${option('sigstore')}), or give a token (${option('identityTokenFile')})`,
  })
}
