/** Addresses of remotes that somebody names. */
import type { EvidenceRemote } from '../../model/evidence-config.ts'
import { runGit } from './process.ts'
import { remoteUri } from './remote-uri.ts'
import type { Repository } from './repository.ts'

/** Without credentials. A name that the clone has not is of no address: what is there stays unknown. Error: `git-failed`. */
export async function addressesOf({ git }: Repository, remotes: readonly EvidenceRemote[]): Promise<string[]> {
  const addresses: string[] = []
  for (const remote of remotes) {
    if (remote.kind === 'address') addresses.push(remote.url)
    else {
      const { status, stdout } = await runGit(git, ['config', '--get', `remote.${remote.name}.url`])
      const address = status === 0 ? remoteUri(stdout.toString('utf8').replace(/\n$/, '')) : undefined
      if (address !== undefined) addresses.push(address)
    }
  }
  return addresses
}
