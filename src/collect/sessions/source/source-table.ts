/** Verified statements about the changes of a range, each once, in the order in which they were read. */
import type { SourceStatement } from '../../../model/source-statement.ts'

export interface SourceTable {
  add(reader: string, change: string, statement: SourceStatement): void
  of(change: string): readonly SourceStatement[]
  /** Changes of which a reader gave a statement. */
  countOf(reader: string): number
  /** Takes back what a reader gave. */
  drop(reader: string): void
}

export function newSourceTable(): SourceTable {
  const given = new Map<string, Map<string, Map<string, SourceStatement>>>()
  const ofReader = (reader: string): Map<string, Map<string, SourceStatement>> => {
    const known = given.get(reader) ?? new Map<string, Map<string, SourceStatement>>()
    given.set(reader, known)
    return known
  }
  return {
    add(reader, change, statement) {
      const { digest, signer } = statement
      const ofChange = ofReader(reader).get(change) ?? new Map<string, SourceStatement>()
      // What was noted twice, or signed anew by the same signer, says no more.
      const key = JSON.stringify([digest, signer.name.kind, signer.name.value, signer.issuer, signer.root])
      if (!ofChange.has(key)) ofChange.set(key, statement)
      ofReader(reader).set(change, ofChange)
    },
    of: (change) => [...given.values()].flatMap((it) => [...(it.get(change)?.values() ?? [])]),
    countOf: (reader) => given.get(reader)?.size ?? 0,
    drop: (reader) => void given.delete(reader),
  }
}
