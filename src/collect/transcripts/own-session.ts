/** Of the sessions that a transcript names: which is its own, and which started it. */
import type { TranscriptCode } from './findings.ts'

interface Others {
  readonly copied: ReadonlySet<string>
  readonly parents: ReadonlySet<string>
  readonly name: string
}

/** The one that is neither a copy nor the parent; of several the one after which the file is called. */
export function ownId(ids: readonly string[], { copied, parents, name }: Others): string | undefined {
  const [only, ...more] = ids
  if (more.length === 0) return only
  const own = ids.filter((it) => !copied.has(it) && !parents.has(it))
  if (own.length === 1) return own[0]
  const [named, ...others] = (own.length === 0 ? ids : own).filter((it) => it.length > 7 && name.includes(it))
  return others.length === 0 ? named : undefined
}

export function parentOf(
  own: string | undefined,
  parents: ReadonlySet<string>,
  hasNone: boolean,
  problem: (code: TranscriptCode, detail: string) => void,
): string | null | undefined {
  const [said, ...others] = parents
  if (said === undefined) return hasNone ? null : undefined
  if (others.length === 0 && said !== own) return said
  problem('transcript-parent-unclear', others.length === 0 ? 'itself' : `${parents.size} sessions`)
  return undefined
}
