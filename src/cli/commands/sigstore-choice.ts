/** `--sigstore public|local|FILE` and `--local-state DIR`, for the commands that take them. */
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
  checkState(flags)
  switch (flags.sigstore) {
    case undefined:
      return undefined
    case 'public':
      return { kind: 'public' }
    case 'local':
      return embeddedSigstore(flags.localState)
    default:
      return { kind: 'config', path: configFile(flags.sigstore) }
  }
}

/** The trust that belongs to it; undefined for public-good's, which comes through TUF and needs more (`trust-flags`). */
export async function sigstoreTrust(flags: SigstoreFlags, { cwd, env }: Terminal): Promise<TrustSource | undefined> {
  checkState(flags)
  const { sigstore, localState } = flags
  if (sigstore === undefined || sigstore === 'public') return undefined
  if (sigstore !== 'local') return { kind: 'file', path: configFile(sigstore) }
  return localTrust(localState === undefined ? nearestLocalState(cwd, env) : resolve(cwd, localState))
}

/** A word is a name, and never a file of the working folder that goes by that name: a typo would make it the trust. */
function configFile(text: string): string {
  if (/[\\/.]/.test(text)) return text
  throw new CountersignError(
    'usage',
    `--sigstore is public, local or a file, not ${JSON.stringify(text.slice(0, 200))}`,
    {
      option: 'sigstore',
      hint: 'a file is written with its path or its ending: ./config.json',
    },
  )
}

function checkState({ sigstore, localState }: SigstoreFlags): void {
  if (localState === undefined || sigstore === 'local') return
  throw new CountersignError('usage', '--local-state belongs to --sigstore local', { option: 'state' })
}
