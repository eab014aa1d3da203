/** A trusted root as one flag names it. */
import type { TrustSource } from '../../trust.ts'

/** A file, or `name:NAME` of an imported root. */
export function rootNamed(name: string): TrustSource {
  return name.startsWith('name:')
    ? { kind: 'imported', name: name.slice('name:'.length) }
    : { kind: 'file', path: name }
}
