/**
 * The embedded Sigstore: OIDC issuer, Fulcio, certificate log, Rekor v1 and v2, timestamp authority and TUF repository in
 * one process, with real cryptography from end to end. What it signs proves nothing to others: who can write its state
 * folder, or call `mintToken`, can sign as anyone.
 */
import type { IssuerKeySet } from '../model/issuer-key-set.ts'
import type { Json } from '../model/json.ts'
import type { Claims } from '../model/provider.ts'
import type { Machine } from '../platform/lock.ts'
import { worldOf } from '../platform/world.ts'
import { createAuthority } from './authority.ts'
import { createIssuer } from './issuer.ts'
import type { Issuer, MintOptions } from './issuer.ts'
import { defaultIssuer } from './names.ts'
import { openRekorV1 } from './rekor-v1.ts'
import { openRekorV2 } from './rekor-v2.ts'
import { serviceRoutes, tokenRoute } from './routes.ts'
import { listen } from './server.ts'
import type { Route, Server } from './server.ts'
import { memoryState, openState } from './state.ts'
import type { LocalState } from './state.ts'
import { createTimestampAuthority } from './timestamp.ts'
import { clientTrustConfigOf, signingConfigOf, trustedRootOf } from './trust-config.ts'
import { tufRepository } from './tuf.ts'

export interface LocalSigstore {
  /** Base of all services: `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly issuer: string
  /** Keys of the issuer, handed out here because its name is not fetchable by default. */
  readonly jwks: IssuerKeySet
  /** TrustedRoot; the same for every run on one state folder. */
  readonly trustedRoot: Json
  /** SigningConfig v0.2 with the addresses of this run. */
  readonly signingConfig: Json
  /** ClientTrustConfig: both. */
  readonly trustConfig: Json
  mintToken(claims: Claims, options?: MintOptions): Promise<string>
  /** Frees port and state folder. */
  close(): Promise<void>
}

export interface LocalSigstoreOptions {
  /** Folder to keep keys and logs in, made if need be; without it they end with the process. */
  readonly state?: string
  /** By default any free one. */
  readonly port?: number
  /** `iss` of the tokens. */
  readonly issuer?: string
  /** Which log the signing configuration names. Default v1, whose DSSE entries every client verifies. */
  readonly rekor?: 'v1' | 'v2'
  /** Offers `GET /token/<provider>` to everybody on this machine. */
  readonly openTokenEndpoint?: true
  readonly now?: () => Date
}

/**
 * Starts it on 127.0.0.1; its folder is locked and written as on `machine`. Errors: `local-state-busy` (another process has the folder), `local-state-malformed`,
 * `output-failed` (the folder cannot be written), `output-exists` (it holds other things), `service-unavailable` (the port is taken).
 */
export async function startLocalSigstore(
  options: LocalSigstoreOptions = {},
  machine: Machine = worldOf(),
): Promise<LocalSigstore> {
  const now = options.now ?? (() => new Date())
  const state = options.state === undefined ? memoryState(now()) : await openState(options.state, now(), machine)
  try {
    const issuer = await createIssuer({
      issuer: options.issuer ?? defaultIssuer,
      key: state.material.keys.issuer,
      now,
    })
    return await serve(state, issuer, options, now)
  } catch (thrown) {
    state.close()
    throw thrown
  }
}

async function serve(
  state: LocalState,
  issuer: Issuer,
  options: LocalSigstoreOptions,
  now: () => Date,
): Promise<LocalSigstore> {
  const { material } = state
  const trustedRoot = trustedRootOf(material)
  const authority = createAuthority({ material, issuer, now })
  const rekorV1 = openRekorV1({ material, store: state.rekorV1, now })
  const rekorV2 = openRekorV2({ material, store: state.rekorV2, now })
  const timestamp = createTimestampAuthority({ material, now })

  const signingConfigAt = (url: string): Json =>
    signingConfigOf(material, { url, issuer: issuer.issuer, rekor: options.rekor ?? 'v1' })
  const routesAt = (url: string): Route[] => {
    const targets = { 'trusted_root.json': trustedRoot, 'signing_config.v0.2.json': signingConfigAt(url) }
    const tuf = tufRepository({ material, targets, now: now() })
    return [
      ...serviceRoutes({ issuer, authority, rekorV1, rekorV2, timestamp, tuf }, url),
      ...(options.openTokenEndpoint === true ? [tokenRoute(issuer)] : []),
    ]
  }
  const server: Server = await listen(options.port ?? 0, routesAt)

  const signingConfig = signingConfigAt(server.url)
  let closing: Promise<void> | undefined
  return {
    url: server.url,
    issuer: issuer.issuer,
    jwks: issuer.jwks,
    trustedRoot,
    signingConfig,
    trustConfig: clientTrustConfigOf(trustedRoot, signingConfig),
    mintToken: (claims, mint) => issuer.mint(claims, mint),
    close: () => (closing ??= server.close().then(() => state.close())),
  }
}
