/**
 * Attribution: the added lines of each change by who wrote them, as records say, from git's own hunks. What nobody attributes is
 * unknown, never human (DESIGN rule 6).
 */
import type { ChangedFile, ChangedLines, FileSession } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { AttributedLines } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'
import { isUnpublishablePath } from '../redact/unpublishable.ts'
import { isGenerated } from './generated-files.ts'
import type { AttributedFile } from './readers/row.ts'
import type { AddedFiles } from './standing-lines.ts'

/** One change: its lines, and as many of its files as are kept. */
export interface ChangeAttribution {
  readonly lines: ChangedLines
  readonly files: readonly ChangedFile[]
}

export interface Attribution {
  /** What a reader attributes of a change, other lines each time; it counts with the {@link count} of that change. */
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

/** What a reader says of the files of a change. */
interface Said {
  readonly reader: string
  readonly files: readonly AttributedFile[]
}

/** Of what each reader says: path → file. */
type SaidOfFiles = readonly ReadonlyMap<string, AttributedFile>[]

/** Path → added lines, where a path is its place in the list of all. */
type Counted = readonly (readonly [path: number, added: number])[]

export function newAttribution(): Attribution {
  const paths = newPaths()
  const saidOf = new Map<string, Said[]>()
  const spoke = new Set<string>()
  // A history has very many files of changes, so two numbers are kept of each: a row, and for a change its first and its end.
  const pathAt: number[] = []
  const addedAt: number[] = []
  const rowsOf = new Map<string, readonly [number, number]>()
  let isWhole = true

  function saidOfFiles(change: string): SaidOfFiles {
    const said = (saidOf.get(change) ?? []).filter(({ reader }) => spoke.has(reader))
    return said.map(({ files }) => new Map(files.map((it) => [it.path, it])))
  }

  function countedIn([first, end]: readonly [number, number]): Counted {
    return pathAt.slice(first, end).map((path, index) => [path, addedAt[first + index] ?? 0] as const)
  }

  return {
    say(reader, change, files) {
      spoke.add(reader)
      if (files.length === 0) return
      const kept = files.map((it) => ({ ...it, path: paths.latin1(paths.placeOf(it.path)) }))
      const said = saidOf.get(change) ?? []
      const at = said.findIndex((it) => it.reader === reader)
      const before = said[at]
      if (before === undefined) said.push({ reader, files: kept })
      else said[at] = { reader, files: withLines(before.files, kept) }
      saidOf.set(change, said)
    },
    count(change, files) {
      const first = pathAt.length
      for (const [path, lines] of countsOf(files, limits.attributedFiles - first)) {
        pathAt.push(paths.placeOf(path))
        addedAt.push(lines)
      }
      rowsOf.set(change, [first, pathAt.length])
    },
    isPartial: () => void (isWhole = false),
    drop: (reader) => void spoke.delete(reader),
    of(change) {
      const rows = rowsOf.get(change)
      return rows === undefined ? undefined : attributed(saidOfFiles(change), countedIn(rows), paths)
    },
    total() {
      if (spoke.size === 0) return undefined
      const sum = noLines()
      for (const [change, rows] of rowsOf) {
        addTo(sum, attributed(saidOfFiles(change), countedIn(rows), paths).lines)
      }
      return isWhole ? sum : { ai: sum.ai, human: sum.human }
    },
  }
}

/** What a reader says of other lines of the same change, too: they came from several commits. */
function withLines(files: readonly AttributedFile[], more: readonly AttributedFile[]): AttributedFile[] {
  const all = new Map(files.map((it) => [it.path, it]))
  for (const file of more) {
    const known = all.get(file.path)
    const sessions = new Map<string, FileSession>()
    for (const it of [...(known?.sessions ?? []), ...file.sessions]) {
      const key = `${it.tool}\n${it.id ?? ''}`
      sessions.set(key, { ...it, lines: it.lines + (sessions.get(key)?.lines ?? 0) })
    }
    const human = file.human + (known?.human ?? 0)
    all.set(file.path, { path: file.path, human, sessions: [...sessions.values()] })
  }
  return [...all.values()]
}

/** Each path once, however many changes have it. */
interface Paths {
  placeOf(latin1: string): number
  latin1(place: number): string
  utf8(place: number): string
  /** Whether it may be signed: a secret can stand in the name of a file, too. */
  isShown(place: number): boolean
}

function newPaths(): Paths {
  const places = new Map<string, number>()
  const all: { readonly latin1: string; readonly utf8: string; isShown?: boolean }[] = []
  return {
    placeOf(latin1) {
      const known = places.get(latin1)
      if (known !== undefined) return known
      // Strings of its own: a part of a string keeps all of it in memory, here a note or a header of a patch.
      const bytes = Buffer.from(latin1, 'latin1')
      const own = bytes.toString('latin1')
      const place = all.push({ latin1: own, utf8: bytes.toString('utf8') }) - 1
      places.set(own, place)
      return place
    },
    latin1: (place) => all[place]?.latin1 ?? rest,
    utf8: (place) => all[place]?.utf8 ?? rest,
    isShown(place) {
      const path = all[place]
      return path !== undefined && path.latin1 !== rest && (path.isShown ??= !isUnpublishablePath(path.utf8))
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

function attributed(said: SaidOfFiles, counted: Counted, paths: Paths): ChangeAttribution {
  const sum = noLines()
  const files: ChangedFile[] = []
  for (const [place, added] of counted) {
    const path = paths.latin1(place)
    const ofFile = said.flatMap((it) => it.get(path) ?? [])
    const { sessions = noSessions } = ofFile.toSorted((a, b) => aiLines(b) - aiLines(a))[0] ?? {}
    const file = { path: paths.utf8(place), sessions, ...linesOfFile(path, added, ofFile) }
    if (paths.isShown(place)) files.push(file)
    addTo(sum, file)
  }
  return { lines: sum, files: files.sort((a, b) => byText(a.path, b.path)) }
}

const noSessions: ChangedFile['sessions'] = []

type Sum = { -readonly [who in keyof ChangedLines]: number }

function noLines(): Sum {
  return { ai: 0, human: 0, unknown: 0, generated: 0 }
}

function addTo(sum: Sum, lines: ChangedLines): void {
  for (const who of ['ai', 'human', 'unknown', 'generated'] as const) sum[who] += lines[who]
}

function linesOfFile(path: string, added: number, said: readonly AttributedFile[]): ChangedLines {
  if (isGenerated(path)) return { ai: 0, human: 0, unknown: 0, generated: added }
  const { ai, human } = linesOfAll(said.map((it) => ({ ai: aiLines(it), human: it.human })))
  return { ai, human, unknown: Math.max(0, added - ai - human), generated: 0 }
}

function aiLines({ sessions }: AttributedFile): number {
  return sessions.reduce((sum, { lines }) => sum + lines, 0)
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
