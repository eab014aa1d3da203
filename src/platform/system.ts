/**
 * The operating system as an argument: who depends on it takes it, so that a test can be on each. A default has only what opens files, where
 * the system that runs us has the say whatever anybody tells, and what is public.
 */
import { constants, lstatSync } from 'node:fs'

export const ownSystem: NodeJS.Platform = process.platform

/** What to do where the last part of the path is a symbolic link. */
export type Links = 'follow' | 'refuse'

/**
 * Flags of open(2) that wait for nothing: opening a pipe that nobody writes to waits for ever without them. Windows has none of these
 * flags, and Node gives no number for them.
 */
export function openFlags(access: number, links: Links, system: NodeJS.Platform = ownSystem): number {
  if (system === 'win32') return access
  const patient = access | constants.O_NONBLOCK | constants.O_NOCTTY
  return links === 'refuse' ? patient | constants.O_NOFOLLOW : patient
}

/**
 * Throws what O_NOFOLLOW would (`ELOOP`) where the system has no such flag. Whoever swaps the file after this look has the rights of
 * whoever runs us: making a link on Windows needs them.
 */
export function refuseLink(path: string, links: Links, system: NodeJS.Platform = ownSystem): void {
  if (system !== 'win32' || links === 'follow') return
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw Object.assign(new Error('it is a symbolic link'), { code: 'ELOOP' })
  }
}
