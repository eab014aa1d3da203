/** Where trust comes from, as a caller says it. Plain data: it can be stored, shown, and handed to a worker. */
import type { Json } from './json.ts'

/** How far the TUF client goes for a fresh trusted root. */
export interface TufOptions {
  /** No attempt at all to reach the mirror: the cache, or the built-in seed. */
  readonly network?: 'none'
  /** Milliseconds for a refresh before a cache or the seed will do. */
  readonly refreshTimeout?: number
  /** Takes trust that was not refreshed for too long, and says so: to decide by it, or only to show it. */
  readonly staleTrust?: 'allow' | 'show'
}

/** A TUF repository of Sigstore: the public-good instance's, GitHub's, or a private one under its own root. */
export type TufSource =
  | ({ readonly kind: 'public' } & TufOptions)
  /**
   * GitHub's own instance, which signs for private repositories and releases. `trustDomain` is that of a tenant on ghe.com, in
   * most cases the tenant's name.
   */
  | ({ readonly kind: 'github'; readonly trustDomain?: string } & TufOptions)
  /** `root` is the path of the repository's root.json, which is trusted as it is. */
  | ({ readonly kind: 'tuf'; readonly mirror: string; readonly root: string } & TufOptions)

/** Whose signatures count. Of several roots, a bundle must hold under one as a whole. */
export type TrustSource =
  | TufSource
  /** Path of a trusted root, a ClientTrustConfig, or several that follow each other (`.jsonl`). */
  | { readonly kind: 'file'; readonly path: string }
  /** A trusted root that was imported under this name. */
  | { readonly kind: 'imported'; readonly name: string }
  /** The document itself. `origin` says in words where it came from. */
  | { readonly kind: 'json'; readonly json: Json; readonly origin: string }
  | { readonly kind: 'any'; readonly sources: readonly TrustSource[] }
