/**
 * Attribution: the added lines of each change by who wrote them, as records say, from git's own hunks. What nobody attributes is
 * unknown, never human (DESIGN rule 6).
 */
import type { ChangedFile, ChangedLines } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { AttributedLines } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'
import { isGenerated } from './generated-files.ts'
import type { AddedFiles, AttributedFile } from './readers/row.ts'

/** One change: its lines, and as many of its files as are kept. */
export interface ChangeAttribution {
  readonly lines: ChangedLines
  readonly files: readonly ChangedFile[]
}

export interface Attribution {
  /** What a reader attributes of a change; it counts with the {@link count} of that change. */
  say(reader: string, change: string, files: readonly AttributedFile[]): void
  /** The lines that a change added, once for each whose lines are counted, when every reader has spoken. */
  count(change: string, files: AddedFiles): void
  /** Not all changes of the range could be counted. */
  isPartial(): void
  /** Takes back what a reader attributed. */
  drop(reader: string): void
  of(change: string): ChangeAttribution | undefined
  /** Over all changes; what is not AI's or a person's only where all were counted. Undefined where no reader looks at lines. */
  total(): AttributedLines | ChangedLines | undefined
}

/** Reader → path → what it says. */
type Said = ReadonlyMap<string, ReadonlyMap<string, AttributedFile>>

export function newAttribution(): Attribution {
  const saidOf = new Map<string, Map<string, ReadonlyMap<string, AttributedFile>>>()
  const countedOf = new Map<string, ReadonlyMap<string, number>>()
  let filesLeft: number = limits.attributedFiles
  let isWhole = true

  return {
    say(reader, change, files) {
      const said = saidOf.get(change) ?? new Map<string, ReadonlyMap<string, AttributedFile>>()
      saidOf.set(change, said.set(reader, new Map(files.map((it) => [it.path, it]))))
    },
    count(change, files) {
      const counted = countsOf(files, filesLeft)
      filesLeft -= counted.size
      countedOf.set(change, counted)
    },
    isPartial: () => void (isWhole = false),
    drop(reader) {
      for (const said of saidOf.values()) said.delete(reader)
    },
    of(change) {
      const counted = countedOf.get(change)
      return counted === undefined ? undefined : attributed(saidOf.get(change) ?? new Map(), counted)
    },
    total() {
      const isSaid = [...saidOf.values()].some((said) => said.size > 0)
      if (!isSaid) return undefined
      const sum = noLines()
      for (const [change, counted] of countedOf) addTo(sum, attributed(saidOf.get(change) ?? new Map(), counted).lines)
      return isWhole ? sum : { ai: sum.ai, human: sum.human }
    },
  }
}

/** Where files are no longer kept one by one. */
const rest = ''

/** Path → added lines. */
function countsOf(files: AddedFiles, most: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [path, ranges] of files) {
    let lines = 0
    for (let at = 0; at < ranges.length; at += 2) lines += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + 1
    const key = counts.size < most ? path : rest
    counts.set(key, (counts.get(key) ?? 0) + lines)
  }
  return counts
}

function attributed(said: Said, counted: ReadonlyMap<string, number>): ChangeAttribution {
  const sum = noLines()
  const files: ChangedFile[] = []
  for (const [path, added] of counted) {
    const ofFile = [...said.values()].map((it) => it.get(path))
    const { sessions = [] } = ofFile.toSorted((a, b) => aiLines(b) - aiLines(a))[0] ?? {}
    const file = { path: Buffer.from(path, 'latin1').toString('utf8'), sessions, ...linesOfFile(path, added, ofFile) }
    if (path !== rest) files.push(file)
    addTo(sum, file)
  }
  return { lines: sum, files: files.sort((a, b) => byText(a.path, b.path)) }
}

type Sum = { -readonly [who in keyof ChangedLines]: number }

function noLines(): Sum {
  return { ai: 0, human: 0, unknown: 0, generated: 0 }
}

function addTo(sum: Sum, lines: ChangedLines): void {
  for (const who of ['ai', 'human', 'unknown', 'generated'] as const) sum[who] += lines[who]
}

function linesOfFile(path: string, added: number, said: readonly (AttributedFile | undefined)[]): ChangedLines {
  if (isGenerated(path)) return { ai: 0, human: 0, unknown: 0, generated: added }
  const { ai, human } = linesOfAll(said.map((it) => ({ ai: aiLines(it), human: it?.human ?? 0 })))
  return { ai, human, unknown: Math.max(0, added - ai - human), generated: 0 }
}

function aiLines(file: AttributedFile | undefined): number {
  return (file?.sessions ?? []).reduce((sum, { lines }) => sum + lines, 0)
}

/**
 * One file of one change, as several readers attribute it. Their lines may be the same, so they are not added up: the most that
 * one of them gives to AI is AI's, and a person has what is left of the most that one of them attributes at all. Whatever could
 * be counted twice, or is a person's for one reader and may be AI's for another, stays unknown.
 */
export function linesOfAll(said: readonly AttributedLines[]): AttributedLines {
  const ai = Math.max(0, ...said.map((lines) => lines.ai))
  const all = Math.max(0, ...said.map((lines) => lines.ai + lines.human))
  return { ai, human: all - ai }
}
