/** Where the source comes from, as the clone's configuration says, apart from what the working tree is. */
import { remoteUri } from './remote-uri.ts'
import type { Repository } from './repository.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'

/** The remote of `Source` alone. Error: `git-failed`. */
export async function readRemote({ git }: Repository): Promise<string | undefined> {
  return remoteOf(await readSettings(git))
}

export function remoteOf({ remote }: Settings): string | undefined {
  return remote === undefined ? undefined : remoteUri(remote)
}
