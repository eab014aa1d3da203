/** The kinds of portals by their names: the command line names them, and asks none. */

/**
 * Kinds of portals that can be asked.
 *
 * @example
 * ```ts
 * import { collectRange, portalAdapters } from 'countersign/attest'
 *
 * const [portalAdapter] = portalAdapters
 * const portal = 'https://sessions.example.com'
 * await collectRange({ portal, portalAdapter, portalTokenFile: 'token' }).catch((thrown: unknown) => console.log(String(thrown)))
 * ```
 */
export const portalAdapters = [
  ...(['contract', 'litellm', 'github-audit-log', 'anthropic-compliance', 'openai-compliance'] as const),
  ...(['coder', 'cloudflare-ai-gateway'] as const),
] as const
export type PortalAdapter = (typeof portalAdapters)[number]
