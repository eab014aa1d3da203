/** Where a change was made: what `#12` means there, and which trackers its repository says that it has. */
import type { TicketSystem } from '../../model/context.ts'
import type { OwnTracker } from '../../model/evidence-config.ts'
import { forgeOf, namedRepository } from '../../model/repository-url.ts'

/** A forge, of which a number alone is a ticket. */
export type ForgeSystem = Exclude<TicketSystem, 'jira' | 'linear'>

export interface TicketPlace {
  readonly forge: ForgeSystem
  /** Where people see the forge: origin, and the folder below which it is served, without a closing slash. */
  readonly web: string | undefined
  /** The parts of the repository's name; empty where it is not known, and then a number names nothing. */
  readonly repository: readonly string[]
  readonly trackers: readonly OwnTracker[]
}

/** `remote` is the address of the repository, without credentials. Of a forge of one's own a row of `trackers` says which it is. */
export function ticketPlace(remote: string | undefined, trackers: readonly OwnTracker[]): TicketPlace {
  const { host, path = [] } = (remote === undefined ? undefined : namedRepository(remote)) ?? {}
  if (host === undefined) return { forge: 'unknown', web: undefined, repository: path, trackers }
  const known = knownForge(host)
  if (known !== 'unknown') return { forge: known, web: `https://${host}`, repository: path, trackers }
  for (const { system, url } of trackers) {
    if (url === undefined || !isForge(system)) continue
    const { host: its, pathname } = new URL(url)
    const folder = pathname.split('/').filter((it) => it !== '')
    if (its !== host || !folder.every((it, at) => path[at] === it)) continue
    return { forge: system, web: url, repository: path.slice(folder.length), trackers }
  }
  return { forge: 'unknown', web: undefined, repository: path, trackers }
}

/** The forge that everybody knows by this host. */
export function knownForge(host: string): ForgeSystem {
  const forge = forgeOf(host)
  if (forge === 'github.com' || forge?.endsWith('.ghe.com') === true) return 'github'
  if (forge === 'gitlab.com') return 'gitlab'
  return forge === 'bitbucket.org' ? 'bitbucket' : 'unknown'
}

function isForge(system: OwnTracker['system']): system is Exclude<OwnTracker['system'], 'jira' | 'linear'> {
  return system !== 'jira' && system !== 'linear'
}
