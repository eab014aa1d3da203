/** Which repository is shown, before anything of it is signed. */
import type { Change } from '../model/change.ts'
import { canonicalRepository } from '../model/repository-url.ts'
import type { ChangeFacts } from '../predicates/build-change-provenance.ts'

/** Nobody certified it: the remote says which repository this is, and the sign of its requests of which kind its forge is. */
export function shownRepository(remote: string | undefined, changes: readonly Change[]): ChangeFacts['repository'] {
  const name = canonicalRepository(remote ?? '')
  if (name === undefined) return undefined
  const isGitLab = changes.some(({ request }) => request?.startsWith('!') === true)
  return { url: `https://${name}`, forge: isGitLab ? 'gitlab' : 'github' }
}
