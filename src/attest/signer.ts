/**
 * Who signs: opens the Sigstore that was asked for (public-good, a private one by its configuration file, or the embedded
 * one) with the token that its certificate authority will take. Flow code: it introduces the CI job to Sigstore.
 */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { isCi, obtainToken } from '../collect/ci/index.ts'
import type { CiContext } from '../collect/ci/row.ts'
import type { Repository } from '../collect/git/repository.ts'
import { localStateFolder, localTrust, workstationClaims } from '../embedded/project.ts'
import type { Source, VerifiedToken } from '../model/facts.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { TrustedIssuer } from '../sigstore/token/verify-token.ts'
import { chooseServices } from '../sigstore/sign/services.ts'
import { loadTrust, readTrustFile } from '../sigstore/verify/trusted-root.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'

/** Who signs: public-good Sigstore, a ClientTrustConfig file (private Fulcio, Rekor, TSA), or the embedded one. */
export type SigstoreChoice =
  | { readonly kind: 'public' }
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'local'; readonly state?: string }

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
}

/** What the flow may touch of the world. */
export interface World {
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  readonly now: () => Date
  readonly fetch: typeof globalThis.fetch
  readonly run?: CiContext['run']
}

/** One Sigstore for the length of one run. */
export interface OpenSigstore {
  readonly kind: SigstoreChoice['kind']
  token(): Promise<VerifiedToken>
  /** `note` hears which service was asked again, and which one stood in for another. */
  sign(statement: Uint8Array, token: string, note?: (text: string) => void): Promise<string>
  trust(): Promise<Trust>
  close(): Promise<void>
}

/**
 * Opens the chosen Sigstore. Errors: `identity-missing` (no choice, and no CI job that makes one obvious), those of trust
 * configuration files, `signing-service-missing`, `local-state-*`, `usage` (the budget).
 */
export async function openSigstore(
  request: SigningRequest,
  world: World,
  repository: Repository,
  source: Source,
): Promise<OpenSigstore> {
  const audience = request.audience ?? 'sigstore'
  const budget = budgetOf(request)
  const choice = request.sigstore ?? defaultSigstore(request, world)
  const extra = (request.issuers ?? []).map((pattern): TrustedIssuer => ({ pattern }))
  // Loaded when a run needs it: whoever imports the library to verify pays for no JOSE, no HTTP client and no ASN.1 writer.
  const { publicIssuers, verifyToken } = await import('../sigstore/token/verify-token.ts')
  const obtain = async (issuers: readonly TrustedIssuer[]): Promise<VerifiedToken> => {
    const { raw } = await obtainToken({ ...world, audience, tokenFile: tokenFileOf(request, world) })
    return verifyToken(raw, { issuers: [...issuers, ...extra], audience, now: world.now(), fetch: world.fetch })
  }
  const signWith = async (
    config: Json,
    ...[statement, token, note]: Parameters<OpenSigstore['sign']>
  ): Promise<string> => {
    const services = chooseServices(config, world.now())
    const { signStatement } = await import('../sigstore/sign/sign-statement.ts')
    return signStatement(statement, token, services, { budget, note, fetch: world.fetch, now: world.now })
  }
  switch (choice.kind) {
    case 'public':
      return {
        kind: choice.kind,
        token: () => obtain(publicIssuers),
        async sign(statement, token, note) {
          const { fetchPublicSigningConfig } = await import('../sigstore/trust/tuf.ts')
          const settings = { env: world.env, fetch: world.fetch, now: world.now, refreshTimeout: limits.serviceTimeout }
          return signWith(await fetchPublicSigningConfig(settings), statement, token, note)
        },
        trust: () => loadTrust({ kind: 'public', env: world.env, fetch: world.fetch, now: world.now }),
        close: () => Promise.resolve(),
      }
    case 'config': {
      const config = await readTrustFile(resolve(world.cwd, choice.path))
      const { issuers } = chooseServices(config, world.now())
      return {
        kind: choice.kind,
        token: () => obtain(issuers.map((pattern) => ({ pattern }))),
        sign: (statement, token, note) => signWith(config, statement, token, note),
        trust: () => loadTrust({ kind: 'json', json: config, origin: choice.path }),
        close: () => Promise.resolve(),
      }
    }
    case 'local': {
      const { startLocalSigstore } = await import('../embedded/index.ts')
      const state = resolve(world.cwd, choice.state ?? localStateFolder(repository.root, world.env))
      const local = await startLocalSigstore({ state, now: world.now })
      const issuer: TrustedIssuer = { pattern: local.issuer, jwks: local.jwks }
      return {
        kind: choice.kind,
        async token() {
          if (tokenFileOf(request, world) !== undefined || world.env['SIGSTORE_ID_TOKEN'] !== undefined)
            return obtain([issuer])
          const raw = await local.mintToken(workstationClaims(source, repository.root), { audience })
          return verifyToken(raw, { issuers: [issuer], audience, now: world.now() })
        },
        sign: (statement, token, note) => signWith(local.signingConfig, statement, token, note),
        trust: async () => loadTrust(await localTrust(state)),
        close: () => local.close(),
      }
    }
  }
}

function budgetOf({ retryBudget = limits.retryBudget }: SigningRequest): number {
  if (retryBudget >= 1_000 && retryBudget <= limits.longestRetryBudget) return retryBudget
  const longest = limits.longestRetryBudget / 60_000
  throw new CountersignError('usage', `a retry budget lies between 1 second and ${longest} minutes`, {
    hint: 'write it as 90s or 5m; a certificate and a CI token live for ten minutes at most',
  })
}

function tokenFileOf(request: SigningRequest, world: World): string | undefined {
  return request.identityTokenFile === undefined ? undefined : resolve(world.cwd, request.identityTokenFile)
}

/** Public-good Sigstore where a CI job or a token can vouch for somebody; else the person must choose. */
function defaultSigstore(request: SigningRequest, world: World): SigstoreChoice {
  if (isCi(world.env) || request.identityTokenFile !== undefined || world.env['SIGSTORE_ID_TOKEN'] !== undefined) {
    return { kind: 'public' }
  }
  throw new CountersignError('identity-missing', 'this is no CI job, so there is no identity to sign under', {
    hint: 'try it with --sigstore local, or give a token by --identity-token-file',
  })
}
