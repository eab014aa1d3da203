/** Checkpoints that are in no store of the clone, at the remotes: the ref of each, and what holds many where that is not enough. */
import type { LookAtRemotes } from '../../git/remote.ts'
import type { Absence, Look } from '../readers/row.ts'
import { findCheckpoints, refOf, sharedRefs } from './stores.ts'
import type { Stored } from './stores.ts'

export interface StoredEverywhere {
  readonly stored: Stored
  /** Some are neither here nor could be fetched. */
  readonly absence: Absence | undefined
}

/** Errors: `object-altered`, `git-failed`. */
export async function findCheckpointsEverywhere(
  { repository, remote }: Pick<Look, 'repository' | 'remote'>,
  ids: ReadonlySet<string>,
): Promise<StoredEverywhere> {
  let stored = await findCheckpoints(repository, ids)
  const fetched: { name: string; id: string }[] = []
  const looks: LookAtRemotes[] = []
  // The branch can have a gigabyte: it comes only where some have no ref of their own.
  for (const namesOf of [(missing: readonly string[]) => missing.map(refOf), () => sharedRefs]) {
    const missing = missingIn(stored, ids)
    if (missing.length === 0) return { stored, absence: undefined }
    const look = await remote.look(namesOf(missing))
    looks.push(look)
    const found = look.refs.filter((it) => it.isHere && !stored.tips.includes(it.id))
    fetched.push(...found)
    if (found.length > 0) stored = await findCheckpoints(repository, ids, fetched)
  }
  const missing = missingIn(stored, ids)
  return { stored, absence: missing.length === 0 ? undefined : absenceOf(stored, missing.length, ids.size, looks) }
}

function missingIn({ checkpoints }: Stored, ids: ReadonlySet<string>): string[] {
  return [...ids].filter((id) => !checkpoints.has(id))
}

function absenceOf(
  { hasStore }: Stored,
  missing: number,
  all: number,
  looks: readonly LookAtRemotes[],
): Absence | undefined {
  const named = `${String(missing)} of ${String(all)} checkpoints that commits name`
  const failure = looks.find((it) => it.failure !== undefined)?.failure
  if (failure !== undefined) return { outcome: 'could-not-look', detail: `${named} are not in this clone; ${failure}` }
  const away = looks.flatMap(({ refs }) => refs.filter((it) => !it.isHere))[0]
  if (away !== undefined) {
    return { outcome: 'not-fetched', detail: `${named} are not in this clone; the remote has ${away.name}` }
  }
  // Somebody wrote them, perhaps to another repository: that no store is known is not that there is none.
  return hasStore ? undefined : { outcome: 'not-fetched', detail: `${named} are in no store here` }
}
