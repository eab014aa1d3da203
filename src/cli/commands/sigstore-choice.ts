/** `--sigstore public|local|FILE` and `--local-state DIR`, for the commands that take them. */
import { resolve } from 'node:path'
import { CountersignError, localTrust, nearestLocalState } from '../../index.ts'
import type { SigstoreChoice, TrustSource } from '../../index.ts'
import type { World } from '../world.ts'

/** The flags as commander gives them. */
export interface SigstoreFlags {
  readonly sigstore?: string
  readonly localState?: string
}

export function sigstoreChoice({ sigstore, localState }: SigstoreFlags): SigstoreChoice | undefined {
  if (localState !== undefined && sigstore !== 'local') {
    throw new CountersignError('usage', '--local-state belongs to --sigstore local')
  }
  switch (sigstore) {
    case undefined:
      return undefined
    case 'public':
      return { kind: 'public' }
    case 'local':
      return { kind: 'local', ...(localState === undefined ? {} : { state: localState }) }
    default:
      return { kind: 'config', path: sigstore }
  }
}

/** The trust that belongs to a choice other than public-good, which comes through TUF and needs more (`trust-flags`). */
export async function trustOf(
  choice: Exclude<SigstoreChoice, { kind: 'public' }>,
  { cwd, env }: World,
): Promise<TrustSource> {
  switch (choice.kind) {
    case 'config':
      return { kind: 'file', path: resolve(cwd, choice.path) }
    case 'local':
      return localTrust(choice.state === undefined ? nearestLocalState(cwd, env) : resolve(cwd, choice.state))
  }
}
