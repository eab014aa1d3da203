/** How much memory what lives for a moment may take. */
import { setFlagsFromString } from 'node:v8'

/** Those whose V8 is known to have the flag: another would say on stderr that it has not. */
const known = /^v(?:22|24)\./

/**
 * Keeps the room for what is young as small as it is at the start of a process. V8 doubles it twice while much lives and dies, up to
 * 48 MB: a history read commit by commit then takes 50 MB more, and is read no faster. For a process of one's own, not for a library.
 */
export function keepYoungHeapSmall(): void {
  if (known.test(process.version)) setFlagsFromString('--semi-space-growth-factor=1')
}
