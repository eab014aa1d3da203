/**
 * Claims about lines on their way from the commits of a request into the change that it became. Each has to be about a line that its own
 * commit added, is carried by the hunks of every commit behind it, and counts where the change itself adds that line, byte for byte.
 */
import { keptIn, joinedLines, movedLines, noOwnedLines, push } from '../../model/moved-lines.ts'
import type { Hunk, OwnedLines } from '../../model/moved-lines.ts'
import type { HunkVisitor } from '../git/hunks.ts'
import { ownedRanges } from './line-ranges.ts'
import type { OwnedRange } from './line-ranges.ts'
import type { SharedFiles, StandingLines } from './standing-lines.ts'

/**
 * One diff on the way, in this order:
 *
 * - `branch`: a commit of the request against the one before it
 * - `move`: the change against the head, where the forge merged them
 * - `copy`: a commit that was rewritten into the change, against its parent
 * - `change`: the change against its parent
 */
export interface Leg {
  readonly kind: 'branch' | 'move' | 'copy' | 'change'
  readonly commit: string
}

export interface CarriedWay extends HunkVisitor {
  /** A diff begins, with what each reading says of the lines that its commit added. */
  begin(leg: Leg, claims: readonly (SharedFiles | undefined)[]): void
  /** It is over. */
  end(): void
  /** Commit → what of the claims of a reading came to the change; undefined where there was more than is held. */
  carried(reading: number): ReadonlyMap<string, StandingLines> | undefined
}

/** `mostLines`: as many as are held of all readings together, and as a file may have that is looked at. */
export function newCarriedWay(readings: number, mostLines: number): CarriedWay {
  const bearings = Array.from({ length: readings }, newBearing)
  let isLarge = false
  let left = mostLines
  let path: string | undefined
  let hunks: Hunk[] = []
  let lines: number[] = []
  let keys: number[] = []

  function close(): void {
    if (path !== undefined && !isLarge) {
      for (const bearing of bearings) left -= bearing.file(path, { hunks, lines, keys })
      isLarge = left < 0
    }
    path = undefined
    hunks = []
    lines = []
    keys = []
  }

  return {
    begin(leg, claims) {
      for (const [index, bearing] of bearings.entries()) bearing.begin(leg, claims[index])
    },
    file(name) {
      close()
      path = name
      return !isLarge && bearings.some((it) => it.wants(name))
    },
    hunk: (hunk) => void hunks.push(hunk),
    line(number, key) {
      isLarge ||= lines.length >= mostLines
      if (isLarge) return
      lines.push(number)
      keys.push(key)
    },
    end() {
      close()
      for (const bearing of bearings) bearing.end()
    },
    carried: (reading) => (isLarge ? undefined : bearings[reading]?.carried()),
  }
}

/** What a diff did to a file; `lines` and `keys` are those that it added, where somebody wants them. */
interface ChangedFile {
  readonly hunks: readonly Hunk[]
  readonly lines: readonly number[]
  readonly keys: readonly number[]
}

/** Of a file of a rewritten commit: how many lines each hunk added, and the owned ones by their places among all of them. */
interface CopiedFile {
  readonly shape: readonly number[]
  readonly owned: OwnedLines
}

interface Claimant {
  readonly commit: string
  readonly owner: number
}

interface Bearing {
  begin(leg: Leg, claims: SharedFiles | undefined): void
  wants(path: string): boolean
  /** Gives how many lines are held now that were not before. */
  file(path: string, changed: ChangedFile): number
  end(): void
  carried(): ReadonlyMap<string, StandingLines>
}

/** The claims of one reading. */
function newBearing(): Bearing {
  const claimants: Claimant[] = []
  const held = new Map<string, OwnedLines>()
  const copies: Map<string, CopiedFile>[] = []
  const carried = new Map<string, Draft>()
  let leg: Leg = { kind: 'move', commit: '' }
  let claims: SharedFiles = noFiles
  let matched = new Map<string, number>()
  let idOf = new Map<number, number>()

  function claimantOf(owner: number): number {
    const known = idOf.get(owner)
    if (known !== undefined) return known
    const id = claimants.push({ commit: leg.commit, owner }) - 1
    idOf.set(owner, id)
    return id
  }

  /** Of the added lines those that the commit claims; `numbers` are how they are told from one another later. */
  function ownOf(path: string, { lines, keys }: ChangedFile, numbers: readonly number[]): OwnedLines {
    const own = noOwnedLines()
    const ranges = ownedRanges(claims.get(path) ?? [])
    let at = 0
    for (const [index, line] of lines.entries()) {
      while ((ranges[at]?.last ?? Infinity) < line) at += 1
      const range = ranges[at]
      if (range === undefined || range.first > line) continue
      push(own, numbers[index] ?? 0, claimantOf(range.owner), keys[index] ?? 0)
    }
    matched.set(path, (matched.get(path) ?? 0) + own.lines.length)
    return own
  }

  function move(path: string, hunks: readonly Hunk[], own: OwnedLines): number {
    const before = held.get(path)
    if (before === undefined && own.lines.length === 0) return 0
    const now = joinedLines(own, before === undefined ? noOwnedLines() : movedLines(before, hunks))
    if (now.lines.length === 0) held.delete(path)
    else held.set(path, now)
    return own.lines.length
  }

  function copy(path: string, changed: ChangedFile): number {
    const owned = ownOf(path, changed, [...changed.lines.keys()])
    if (owned.lines.length > 0) copies.at(-1)?.set(path, { shape: shapeOf(changed.hunks), owned })
    return owned.lines.length
  }

  /** What came along the branch stands before copies, and of these the first. */
  function arrive(path: string, changed: ChangedFile): void {
    const { lines, keys, hunks } = changed
    let kept = keptIn(held.get(path) ?? noOwnedLines(), lines, keys)
    const shape = shapeOf(hunks)
    for (const files of copies) {
      const file = files.get(path)
      if (file === undefined || !isSame(file.shape, shape)) continue
      const here = keptIn(file.owned, [...lines.keys()], keys)
      kept = joinedLines(kept, { ...here, lines: here.lines.map((place) => lines[place] ?? 0) })
    }
    for (const id of kept.owners) {
      const { commit, owner } = claimants[id] ?? { commit: '', owner: 0 }
      const files = carried.get(commit)?.files
      const counts = files?.get(path) ?? new Map<number, number>()
      files?.set(path, counts.set(owner, (counts.get(owner) ?? 0) + 1))
    }
  }

  return {
    begin(next, said) {
      leg = next
      claims = said ?? noFiles
      matched = new Map()
      idOf = new Map()
      if (leg.kind === 'copy') copies.push(new Map())
    },
    wants(path) {
      if (leg.kind === 'change') return held.has(path) || copies.some((it) => it.has(path))
      return claims.has(path)
    },
    file(path, changed) {
      if (leg.kind === 'branch') return move(path, changed.hunks, ownOf(path, changed, changed.lines))
      if (leg.kind === 'move') return move(path, changed.hunks, noOwnedLines())
      if (leg.kind === 'copy') return copy(path, changed)
      arrive(path, changed)
      return 0
    },
    end() {
      if (claims.size === 0) return
      const outside = { lines: 0, files: 0 }
      for (const [path, shares] of claims) {
        const missed = linesIn(ownedRanges(shares)) - (matched.get(path) ?? 0)
        outside.lines += missed
        outside.files += missed > 0 ? 1 : 0
      }
      carried.set(leg.commit, { files: new Map(), outside, isCarried: true })
    },
    carried: () => carried,
  }
}

const noFiles: SharedFiles = new Map()

interface Draft extends StandingLines {
  readonly files: Map<string, Map<number, number>>
}

function shapeOf(hunks: readonly Hunk[]): number[] {
  return hunks.map(({ newLines }) => newLines).filter((it) => it > 0)
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((it, index) => it === b[index])
}

function linesIn(ranges: readonly OwnedRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}
