/** The world of a session reader, in which the contract holds it: how its records come to be, and what only looks like one. */
import { readdirSync } from 'node:fs'
import type { Scratch } from '../world/scratch-repository.ts'

/** Records of one kind. */
export interface ReaderWorld {
  /** Says that session `id` of codex took part in a new commit, and returns that commit. */
  claim(scratch: Scratch, id: string): string
  /** What a claim says beside the session and its model; what is absent here no record of it may have. */
  readonly says?: { readonly toolVersion?: string; readonly startedAt?: string; readonly lines?: number }
  /** Where its records are of one tool alone. */
  readonly tool?: string
  /** Where its records name their session, and no commit. */
  readonly isUntied?: true
  /** Where its records say who, and never in which session. */
  readonly isWithoutSession?: true
  /** Where it gives signed statements about changes, and no session; `id` is the digest of one. */
  readonly isContext?: true
  /** Says something that is near to a claim, but is none, or is broken. */
  readonly hostile: { readonly [what: string]: (scratch: Scratch) => void }
}

let files = 0

/** A note for a new commit with one line. */
export function notedIn(scratch: Scratch, ref: string, contents: (commit: string) => string | Buffer): string {
  const commit = scratch.commit('change', { 'a.txt': `line ${(files += 1)}\n` })
  scratch.note(commit, contents(commit), `refs/notes/${ref}`)
  return commit
}

export const oneLine = { 'a.txt': [[1, 1]] } as const
/** Contents that are no note of any format. */
export const brokenNotes = (ref: string): ReaderWorld['hostile'] => ({
  nothing: (it) => notedIn(it, ref, () => ''),
  words: (it) => notedIn(it, ref, () => 'Reviewed-by: Ann'),
  'a list': (it) => notedIn(it, ref, () => '[1, "a", null, [[]]]'),
  'an object of nothing': (it) => notedIn(it, ref, () => '{}'),
  'deep JSON': (it) => notedIn(it, ref, () => '{"files":'.repeat(100_000)),
  __proto__: (it) => notedIn(it, ref, () => '{"__proto__":{"version":3}}'),
  'random bytes': (it) => notedIn(it, ref, () => Buffer.from([0, 255, 10, 123, 34, 0])),
})

/** Those of `readers/`, one file each under the id of its reader, which exports `world`. */
export async function worldsOfFiles(): Promise<{ readonly [reader: string]: ReaderWorld }> {
  const folder = new URL('readers/', import.meta.url)
  const names = readdirSync(folder).filter((it) => it.endsWith('.ts'))
  const worlds = names.map(async (name) => {
    const { world } = (await import(new URL(name, folder).href)) as { readonly world: ReaderWorld }
    return [name.slice(0, -'.ts'.length), world] as const
  })
  return Object.fromEntries(await Promise.all(worlds))
}
