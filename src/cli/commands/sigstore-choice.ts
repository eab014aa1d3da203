/** `--sigstore public|github|local|FILE` and `--local-state DIR`, for the commands that take them. */
import { resolve } from 'node:path'
import type { SigstoreChoice } from '../../attest.ts'
import { embeddedSigstore, localTrust, nearestLocalState } from '../../embedded.ts'
import { CountersignError } from '../../index.ts'
import type { TrustSource } from '../../trust.ts'
import type { Terminal } from '../terminal.ts'

/** The flags as commander gives them. */
export interface SigstoreFlags {
  readonly sigstore?: string
  readonly localState?: string
}

/** Who signs. Error: `usage`. */
export function sigstoreChoice(flags: SigstoreFlags): SigstoreChoice | undefined {
  checkState([flags.sigstore], flags.localState)
  switch (flags.sigstore) {
    case undefined:
      return undefined
    case 'public':
      return { kind: 'public' }
    case 'local':
      return embeddedSigstore(flags.localState)
    default:
      if (gitHubName(flags.sigstore) !== undefined) {
        throw new CountersignError('usage', "GitHub's own Sigstore can be verified by, and signs for GitHub alone", {
          option: 'sigstore',
          hint: 'for a private repository use a private Sigstore, or actions/attest',
        })
      }
      return { kind: 'config', path: configFile(flags.sigstore) }
  }
}

/**
 * The trust that belongs to it; undefined for public-good's and GitHub's, which come through TUF and need more (`trust-flags`).
 */
export async function sigstoreTrust(
  { sigstore, localState }: SigstoreFlags,
  { cwd, env }: Terminal,
): Promise<TrustSource | undefined> {
  if (sigstore === undefined || sigstore === 'public' || gitHubName(sigstore) !== undefined) return undefined
  if (sigstore !== 'local') return { kind: 'file', path: configFile(sigstore) }
  return localTrust(localState === undefined ? nearestLocalState(cwd, env) : resolve(cwd, localState))
}

/**
 * GitHub's own instance as a person names it: `github`, `TENANT.ghe.com`, or `github:DOMAIN` where the trust domain of a tenant
 * is not its name; undefined for anything else.
 */
export function gitHubName(text: string | undefined): { readonly trustDomain?: string } | undefined {
  const [whole, tenant, domain] = /^(?:github|([a-z0-9-]+)\.ghe\.com|github:(.*))$/i.exec(text ?? '') ?? []
  if (whole === undefined) return undefined
  const trustDomain = tenant?.toLowerCase() ?? domain
  return trustDomain === undefined ? {} : { trustDomain }
}

/** A word is a name, and never a file of the working folder that goes by that name: a typo would make it the trust. */
function configFile(text: string): string {
  const host = /^(?:https?:\/\/)?((?:www\.)?github\.com|[a-z0-9-]+\.ghe\.com)(?=[/:]|$)/i.exec(text)?.[1]?.toLowerCase()
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  if (host !== undefined || isUrl) {
    const name = host?.endsWith('.ghe.com') === true ? host : 'github'
    throw new CountersignError(
      'usage',
      `--sigstore takes a name or a file, and no address: ${JSON.stringify(text.slice(0, 200))}`,
      {
        option: 'sigstore',
        hint:
          host === undefined
            ? 'a repository that distributes trust is named by --tuf-mirror, with its --tuf-root'
            : `GitHub's own instance is written github, that of a tenant by its host, as acme.ghe.com: here ${name}`,
      },
    )
  }
  if (/[\\/.]/.test(text)) return text
  throw new CountersignError(
    'usage',
    `--sigstore is public, github, local or a file, not ${JSON.stringify(text.slice(0, 200))}`,
    {
      option: 'sigstore',
      hint: 'a file is written with its path or its ending: ./config.json',
    },
  )
}

/** Error: `usage`, where a folder was named for a Sigstore that has none. */
export function checkState(names: readonly (string | undefined)[], localState: string | undefined): void {
  if (localState === undefined || names.includes('local')) return
  throw new CountersignError('usage', '--local-state belongs to --sigstore local', { option: 'state' })
}
