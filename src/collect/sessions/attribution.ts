/**
 * Attribution of a range: its added lines by who wrote them, as records say. Lines that nobody attributes are in neither
 * number: they are unknown, never human (DESIGN rule 6).
 */
import type { AttributedLines } from '../../model/session.ts'
import type { Repository } from '../git/repository.ts'
import { doubled, newCommitColumn } from './commit-column.ts'

export interface Attribution {
  /** What a reader attributes of one commit, each line checked to be one that the commit added. */
  add(reader: string, commit: string, lines: AttributedLines): void
  /** Takes back what a reader attributed. */
  drop(reader: string): void
  /** Over all commits; undefined where no reader attributes any. */
  total(): AttributedLines | undefined
}

const initialRows = 1_024

export function newAttribution(objectFormat: Repository['objectFormat']): Attribution {
  const readers: string[] = []
  const dropped = new Set<string>()
  const commits = newCommitColumn(objectFormat)
  let readerOf = new Uint32Array(initialRows)
  let aiOf = new Float64Array(initialRows)
  let humanOf = new Float64Array(initialRows)

  function indexOf(reader: string): number {
    const known = readers.indexOf(reader)
    return known < 0 ? readers.push(reader) - 1 : known
  }

  function isKept(row: number): boolean {
    return !dropped.has(readers[readerOf[row] ?? 0] ?? '')
  }

  return {
    add(reader, commit, { ai, human }) {
      const row = commits.length
      if (row === readerOf.length) {
        readerOf = doubled(readerOf)
        aiOf = doubled(aiOf)
        humanOf = doubled(humanOf)
      }
      commits.push(commit)
      readerOf[row] = indexOf(reader)
      aiOf[row] = ai
      humanOf[row] = human
    },
    drop: (reader) => void dropped.add(reader),
    total() {
      let sum: AttributedLines | undefined
      for (const { rows } of commits.groups(isKept)) {
        const said = [...rows].map((row) => ({ ai: aiOf[row] ?? 0, human: humanOf[row] ?? 0 }))
        const { ai, human } = linesOfCommit(said)
        sum = { ai: (sum?.ai ?? 0) + ai, human: (sum?.human ?? 0) + human }
      }
      return sum
    },
  }
}

/**
 * One commit, as several readers attribute it. Their lines may be the same, so they are not added up: the most that one of
 * them gives to AI is AI's, and a person has what is left of the most that one of them attributes at all. Whatever could be
 * counted twice, or is a person's for one reader and may be AI's for another, stays unknown.
 */
export function linesOfCommit(said: readonly AttributedLines[]): AttributedLines {
  const ai = Math.max(0, ...said.map((lines) => lines.ai))
  const attributed = Math.max(0, ...said.map((lines) => lines.ai + lines.human))
  return { ai, human: attributed - ai }
}
