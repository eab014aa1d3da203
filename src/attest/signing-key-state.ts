/** The flow that looks whether records can be signed here, for whoever sets hooks up: a push that cannot sign is noticed by nobody. */
import { openRepository } from '../collect/git/repository.ts'
import { signingKeyState as stateIn } from '../collect/session-records/signing-key-state.ts'
import type { SigningKeyState } from '../model/signing-key.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'

/**
 * Of the key that `sign: 'ssh'` takes where no other is named; nothing is signed. Errors: `git-no-repository`, `git-failed`.
 *
 * @example
 * ```ts
 * import { signingKeyState } from 'countersign/attest'
 *
 * console.log((await signingKeyState()).state)
 * ```
 */
export async function signingKeyState(given: Partial<World> = {}): Promise<SigningKeyState> {
  const world = worldOf(given)
  const { git } = await openRepository(world.cwd, world)
  return stateIn(git, world.env)
}
