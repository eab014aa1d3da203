/** Names against the globs of a policy, in any case: what is denied does not pass under capitals. Who may do something is named to the letter. */
import { compilePattern } from '../../../model/identity.ts'
import { limits } from '../../../model/limits.ts'

export interface Allowed {
  readonly allow?: readonly string[] | undefined
  readonly deny?: readonly string[] | undefined
}

export function globs(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map((it) => compilePattern(letters(it), 'a pattern'))
  return (name) => compiled.some((it) => it.matches(letters(name)))
}

/** No name has a ref as an identity has: an `@` in it (`claude-opus-4@20250514`) ends nothing. */
function letters(text: string): string {
  return text.toLowerCase().replaceAll('@', '\0')
}

/** Of who may sign or vouch, to the letter: `MAIN` is another branch than `main`, and anybody may push to it. */
export function allowedIdentities(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map((it) => compilePattern(it, 'a pattern'))
  return (name) => compiled.some((it) => it.matches(name))
}

/** By which list a name does not stand, and what it had to be. */
export interface Refused {
  readonly by: 'allow' | 'deny'
  readonly expected: string
}

/** What to do about a name that is refused: one that is denied is no oversight, one that is not listed may be. */
export function refusedSteps(
  { by }: Refused,
  what: string,
  remedy: string,
): { readonly note: string; readonly alternatives: string[] } {
  const change =
    by === 'deny'
      ? `maintainer: if the policy is wrong to deny this ${what}, change the policy in a request of its own; that counts once it is merged`
      : `maintainer: if the policy is to allow this ${what}, add it in a request of its own; that counts once it is merged`
  return { note: remedy, alternatives: [change] }
}

/**
 * What a name had to be and is not; undefined where it may stand. What denies goes first, and looks at the name also without what
 * stands before a slash, and at `others`: more ways in which the same thing was called.
 */
export function refuser({ allow, deny }: Allowed): (name: string, others?: readonly string[]) => Refused | undefined {
  const isAllowed = allow === undefined ? undefined : globs(allow)
  const isDenied = deny === undefined ? undefined : globs(deny)
  return (name, others = []) => {
    const isLong = [name, ...others].some(isTooLong)
    // What no pattern can be compared with may be what is denied.
    if (isDenied !== undefined && (isLong || [name, ...others].flatMap(endsOf).some(isDenied))) {
      return { by: 'deny', expected: `any but ${(deny ?? []).join(', ')}` }
    }
    if (isAllowed === undefined || isAllowed(name)) return undefined
    return { by: 'allow', expected: `one of ${(allow ?? []).join(', ')}` }
  }
}

/** The whole name, and what is behind each of its slashes, also without its version: `host/vendor/model@1` is that model. */
export function endsOf(name: string): string[] {
  const parts = name.split('/')
  const ends = parts.map((_, at) => parts.slice(at).join('/'))
  return [...new Set(ends.flatMap((it) => [it, it.split('@', 1)[0] ?? '']))]
}

/** More than a pattern is compared with. */
export function isTooLong(name: string): boolean {
  return name.length > limits.identityCharacters
}
