/** Symbolic links that come with a checkout: whoever can commit can make one, and with it choose a file of the runner. */
import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, parse, relative, resolve, sep } from 'node:path'
import { CountersignError } from '../errors.ts'

/**
 * Refuses a path that leads through a link which lies below `root`, wherever that link leads; a link outside of it is its
 * owner's own. What is not there yet is no link. Error: `symlink-in-checkout`.
 */
export async function refuseLinksBelow(root: string, path: string): Promise<void> {
  const below = await realpath(root)
  const whole = resolve(path)
  let place = parse(whole).root
  for (const part of whole.slice(place.length).split(sep).filter(Boolean)) {
    const next = resolve(place, part)
    const stats = await lstat(next).catch(() => undefined)
    if (stats === undefined) return
    if (stats.isSymbolicLink() && isBelow(await realpath(dirname(next)), below)) {
      throw new CountersignError('symlink-in-checkout', `${path} leads through a symbolic link of the checkout`)
    }
    place = next
  }
}

/** Whether a path is that of a folder or lies in it; both absolute, without links. */
export function isBelow(path: string, root: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
