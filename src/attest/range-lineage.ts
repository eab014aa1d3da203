/** The lineage of a range before anything of it is signed. */
import { randomBytes } from 'node:crypto'
import { lineageOf } from '../graph/lineage.ts'
import type { Lineage } from '../model/lineage.ts'
import { identityKeyBytes } from '../model/person.ts'
import type { IdentityKey } from '../model/person.ts'
import { buildChangeProvenance } from '../predicates/build-change-provenance.ts'
import { changeProvenanceV1 } from '../predicates/change-provenance.ts'
import { readPredicate } from '../predicates/read.ts'
import { collectAsked } from './asked-range.ts'
import type { RangeRequest } from './asked-range.ts'
import { shownRepository } from './shown-repository.ts'

/**
 * The lineage of the same range, as a statement of changes would tell it: who asked for each change, which sessions wrote it, who reviewed and
 * accepted it. People are hashes under a key that is made for this answer alone. Errors: those of `collectRange`.
 *
 * @example
 * ```ts
 * import { collectLineage } from 'countersign/attest'
 *
 * const { nodes, gaps } = await collectLineage({ network: 'none' })
 * console.log(nodes.filter((it) => it.kind === 'change').length, gaps.length)
 * ```
 */
export async function collectLineage(request: RangeRequest = {}): Promise<Lineage> {
  const key: IdentityKey = { kind: 'statement', bytes: randomBytes(identityKeyBytes) }
  const { collected, remote } = await collectAsked(request, { identityKey: () => Promise.resolve(key) })
  const { sessions, changes, context } = collected
  const predicate = buildChangeProvenance(
    { sessions, changes, key, context, repository: shownRepository(remote, changes) },
    'files',
  )
  return lineageOf(
    [{ subjects: [], sha256: undefined, signer: undefined, predicate: readPredicate(changeProvenanceV1, predicate) }],
    'unsigned',
  )
}
