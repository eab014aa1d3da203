/** A remote as readers see it, made up. */
import type { Remote } from '../../src/collect/git/remote.ts'

export interface MadeRemote extends Remote {
  /** The names of each look. */
  readonly asked: readonly (readonly string[])[]
  idOf(ref: string): string
}

/** With refs at these commits; `isHere` where they are in the repository, as after a fetch. */
export function remoteWith(
  refs: Readonly<Record<string, string>>,
  more: { readonly whole?: boolean; readonly isHere?: boolean; readonly failure?: string } = {},
): MadeRemote {
  const { whole = true, isHere = false, failure } = more
  const asked: (readonly string[])[] = []
  return {
    does: isHere ? 'fetch' : 'ask',
    asked,
    bring: () => Promise.resolve(undefined),
    idOf: (ref) => refs[ref] ?? '',
    below(prefix) {
      asked.push([prefix])
      const found = Object.entries(refs).filter(([name]) => name.startsWith(prefix))
      return Promise.resolve({ refs: found.map(([name, id]) => ({ name, id, isHere })), whole, failure })
    },
    look(names) {
      asked.push(names)
      const found = names.flatMap((name) => {
        const id = refs[name]
        return id === undefined ? [] : [{ name, id, isHere }]
      })
      return Promise.resolve({ refs: found, whole, failure })
    },
  }
}
