/**
 * Tags that move: `v2` stands where the last `v2.x.y` does, until the next one. Read as version 2.0.0 it would lie before every
 * release of its line and, where it was moved first, on the released commit or close below it: the range would lose its commits.
 */
import { isFinal } from '../../model/release-version.ts'
import type { ReleaseVersion } from '../../model/release-version.ts'

/** What is asked of a tag, and of those of its series. */
export interface PlacedVersion {
  readonly name: string
  readonly commit: string
  readonly version: ReleaseVersion
}

/** Longer ones are no beginnings of others: nobody moves a `v1.2.3.4`. */
const mostParts = 3

/**
 * Of the tags of one series, whether one moves. Its name ends with its numbers, and a final version with more of them begins with
 * the same; and it stands on the commit of such a one, or is short by two numbers (`v2` beside `v2.0.1`), or other lines of the
 * series have more numbers from their first release on (`v1.9.0`), unlike those whose `5.1` is itself the release before `5.1.1`.
 */
export function movingTags(series: readonly PlacedVersion[]): (tag: PlacedVersion) => boolean {
  const finals = series.filter((it) => isFinal(it.version))
  const known = new Map<number, Lines>()
  const linesOf = (count: number): Lines => {
    const lines = known.get(count) ?? readLines(finals, count)
    known.set(count, lines)
    return lines
  }
  return (tag) => {
    const { release, post, build } = tag.version
    const isBare = isFinal(tag.version) && post.length + build.length === 0 && /\d$/.test(tag.name)
    if (!isBare || release.length > mostParts) return false
    const lines = linesOf(release.length)
    const own = lines.get(release.join('.'))
    if (own === undefined || own.most === 0) return false
    if (own.longer.has(tag.commit) || own.most >= release.length + 2) return true
    const others = [...lines.values()].filter((it) => it !== own)
    const long = others.filter((it) => it.endsWithZero || (it.most > 0 && !it.isTagged)).length
    return long > 0 && long >= others.length - long
  }
}

/** The versions that begin with the same numbers. */
interface Line {
  /** Commits of those that are more than the beginning and zeros. */
  readonly longer: Set<string>
  /** Numbers of the longest; 0: none has more than the beginning. */
  most: number
  /** One of the longer ones ends with a zero: the first of a line is written out. */
  endsWithZero: boolean
  /** The beginning is a tag of its own. */
  isTagged: boolean
}
type Lines = ReadonlyMap<string, Line>

function readLines(finals: readonly PlacedVersion[], count: number): Lines {
  const lines = new Map<string, Line>()
  for (const { version, commit } of finals) {
    const { release } = version
    if (release.length < count) continue
    const beginning = release.slice(0, count).join('.')
    const line = lines.get(beginning) ?? { longer: new Set(), most: 0, endsWithZero: false, isTagged: false }
    lines.set(beginning, line)
    if (release.length === count) {
      line.isTagged = true
      continue
    }
    line.most = Math.max(line.most, release.length)
    line.endsWithZero ||= release.at(-1) === '0'
    if (release.slice(count).some((it) => it !== '0')) line.longer.add(commit)
  }
  return lines
}
