/** One document about many verdicts: they come one after the other, and it is written when all are there. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Verdict } from '../../model/verdict.ts'

export interface VerdictDocument {
  readonly add: (verdict: Verdict) => void
  /** The whole of it. Error: `document-too-large`. */
  readonly end: () => string
}

/** Texts that are held under a name until the end. */
export interface HeldParts<Name extends string> {
  readonly add: (name: Name, text: string) => void
  /** Error: `document-too-large`. */
  readonly all: () => { readonly [name in Name]: readonly string[] }
}

/** Once there is no room for more, none is held: half a document would read as a whole one. */
export function newHeldParts<Name extends string>(...names: readonly Name[]): HeldParts<Name> {
  const parts = Object.fromEntries(names.map((it) => [it, []])) as unknown as { [name in Name]: string[] }
  let room = limits.documentCharacters
  return {
    add(name, text) {
      room -= text.length
      if (room >= 0) parts[name].push(text)
      else for (const it of names) parts[it] = []
    },
    all() {
      if (room >= 0) return parts
      throw new CountersignError('document-too-large', 'the verdicts are too many, or too long, for one document')
    },
  }
}
