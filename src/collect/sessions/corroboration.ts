/** Which sessions' transcripts hold the lines of the changes that they are said to have part in. */
import { CountersignError } from '../../errors.ts'
import type { ChangePart } from '../../model/change.ts'
import type { Corroboration } from '../../model/session.ts'
import { readChangedText } from '../git/changed-text.ts'
import type { Repository } from '../git/repository.ts'
import { corroborate, linesOfSession } from '../transcripts/corroborate.ts'
import type { SessionLines } from '../transcripts/corroborate.ts'
import type { TranscriptTable } from './transcript-table.ts'

type Parts = ReadonlyMap<string, readonly ChangePart[]>

export interface Corroborated {
  /** The same parts, with what was found of those whose session has a transcript. */
  readonly parts: Parts
  /** Of a session over all its changes; empty where nothing was looked at. */
  of(tool: string, id: string | undefined): { readonly corroborated?: Corroboration }
}

/**
 * `parentsOf`: changes of the range with the number of their parents; of merges, and of changes that are not among them, nothing is said.
 * Where git lacks contents (a partial clone) those that come behind are left out, too: a number is no more than a help. One git for all.
 */
export async function corroborateParts(
  repository: Repository,
  parts: Parts,
  parentsOf: ReadonlyMap<string, number>,
  transcripts: TranscriptTable,
): Promise<Corroborated> {
  if (transcripts.isEmpty()) return { parts, of: () => ({}) }
  const wanted = new Map<string, number>()
  for (const [change, all] of parts) {
    const parents = parentsOf.get(change)
    if (parents !== undefined && all.some((it) => transcripts.of(it.tool, it.id).length > 0))
      wanted.set(change, parents)
  }
  const found = new Map(parts)
  const sums = new Map<string, Corroboration>()
  const lines = new Map<string, SessionLines>()

  function linesOf({ tool, id }: ChangePart): SessionLines | undefined {
    const told = transcripts.of(tool, id)
    if (told.length === 0) return undefined
    const key = keyOf(tool, id)
    const known = lines.get(key) ?? linesOfSession(told.map((it) => it.told))
    lines.set(key, known)
    return known
  }

  try {
    for await (const change of readChangedText(repository, wanted)) {
      if (change.isCut) continue
      const measured = (parts.get(change.commit) ?? []).map((part) => {
        const written = linesOf(part)
        if (written === undefined) return part
        const corroborated = corroborate(change, written)
        const key = keyOf(part.tool, part.id)
        sums.set(key, sumOf(sums.get(key), corroborated))
        return { ...part, corroborated }
      })
      found.set(change.commit, measured)
    }
  } catch (thrown) {
    const isGit = thrown instanceof CountersignError && thrown.code === 'git-failed'
    if (!isGit || repository.git.signal?.aborted === true) throw thrown
  }
  return {
    parts: found,
    of(tool, id) {
      const corroborated = sums.get(keyOf(tool, id))
      return corroborated === undefined ? {} : { corroborated }
    },
  }
}

function keyOf(tool: string, id: string | undefined): string {
  return `${tool}\n${id ?? ''}`
}

function sumOf(known: Corroboration | undefined, more: Corroboration): Corroboration {
  if (known === undefined) return more
  return {
    counted: known.counted + more.counted,
    sameFile: known.sameFile + more.sameFile,
    otherFile: known.otherFile + more.otherFile,
    moved: known.moved + more.moved,
    shell: known.shell + more.shell,
    rejected: known.rejected + more.rejected,
  }
}
