/** Names against the globs of a policy, in any case: what is denied does not pass under capitals. */
import { compilePattern } from '../../../model/identity.ts'

export interface Allowed {
  readonly allow?: readonly string[] | undefined
  readonly deny?: readonly string[] | undefined
}

export function globs(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map((it) => compilePattern(it.toLowerCase(), 'a pattern'))
  return (name) => compiled.some((it) => it.matches(name.toLowerCase()))
}

/**
 * What a name had to be and is not; undefined where it may stand. What denies goes first, and looks at the name also without what
 * stands before a slash, and at `others`: more ways in which the same thing was called.
 */
export function refuser({ allow, deny }: Allowed): (name: string, others?: readonly string[]) => string | undefined {
  const isAllowed = allow === undefined ? undefined : globs(allow)
  const isDenied = deny === undefined ? undefined : globs(deny)
  return (name, others = []) => {
    if (isDenied !== undefined && [name, ...others].flatMap(endsOf).some(isDenied)) {
      return `none of ${(deny ?? []).join(', ')}`
    }
    return isAllowed !== undefined && !isAllowed(name) ? `one of ${(allow ?? []).join(', ')}` : undefined
  }
}

/** The whole name, and what is behind each of its slashes: `host/vendor/model` is that model. */
function endsOf(name: string): string[] {
  const parts = name.split('/')
  return parts.map((_, at) => parts.slice(at).join('/'))
}
