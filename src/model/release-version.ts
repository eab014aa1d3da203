/**
 * What a tag says of a release: the series that it belongs to, and its version in the order of that series. SemVer 2.0, PEP 440
 * and CalVer have one order here where they can: people mix them, and numbers are compared as numbers, so `rc10` is after `rc9`.
 */

/** A version as its tag has it. Numbers are texts of digits without leading zeros. */
export interface ReleaseVersion {
  /** PEP 440's `1!`, Debian's `1:`, which is `1%` in a tag (DEP 14); else `0`. */
  readonly epoch: string
  readonly release: readonly string[]
  /** Words and numbers behind the release that make it one before it; empty for a final release. */
  readonly pre: readonly string[]
  /** Words and numbers that make it one after it (`post1`, `SP2`, the letter of `1.1.1w`). */
  readonly post: readonly string[]
  /** Build metadata: SemVer gives it no order, but of two that differ in nothing else the higher is the later. */
  readonly build: readonly string[]
}

/** A tag that names a version. */
export interface VersionTag {
  /** What the versions of one product have in common: `` for `v1.2.0`, `pkg` for `pkg@1.2.0`, `pkg/v1.2.0` and `pkg-1.2.0`. */
  readonly series: string
  readonly version: ReleaseVersion
}

/** Longer ones are no version that a person reads. */
const tagCharacters = 256

/** Words in front of a version that say no more than that it is one. */
const emptySeries = /^(?:v|ver|version|rel|release|releases|tag|tags|stable)$/i

/** A date is one release number, whatever stands between its parts. */
const date = /^(\d{4})-(\d{2})-(\d{2})(?![\d])/
const parts = /^(?:(\d+)[!%])?(\d+(?:[._]\d+)+)(?![\d])/
/** `1-2-3`; two numbers may be a version and its revision. */
const dashed = /^(?:(\d+)[!%])?(\d+(?:-\d+){2,3})(?![\d._])/
const number = /^(?:(\d+)[!%])?(\d+)(?![\d])/
/** A single number is taken only where there is nothing better: it may be a part of the name. */
const forms = [[date, parts], [dashed], [number]] as const

/** The tag as a version of a series; undefined for one that names no version, such as `latest` and `nightly`. */
export function parseVersionTag(tag: string): VersionTag | undefined {
  if (tag.length > tagCharacters) return undefined
  // `@scope/pkg@1.2.0`, `team/pkg-v1.2.0`: behind the last of these signs stands the version, or a name and the version.
  const at = Math.max(tag.lastIndexOf('@'), tag.lastIndexOf('/')) + 1
  const owner = tag.slice(0, at)
  const rest = tag.slice(at)
  const starts = startsOf(rest)
  for (const releases of forms) {
    for (const start of starts) {
      const version = firstOf(rest.slice(start), releases)
      if (version !== undefined) return { series: seriesOf(owner + rest.slice(0, start)), version }
    }
  }
  return undefined
}

function firstOf(text: string, releases: readonly RegExp[]): ReleaseVersion | undefined {
  const bare = text.replace(/^[vV](?=\d)/, '')
  return releases.map((release) => parseAt(bare, release)).find((it) => it !== undefined)
}

/** The version that the text is, as a whole, with or without a `v`; undefined if it is none. */
export function parseVersion(text: string): ReleaseVersion | undefined {
  if (text.length > tagCharacters) return undefined
  return firstOf(text, forms.flat())
}

/** Where a version may begin: at the start, behind a separator, and last behind letters (`go1.22`). */
function startsOf(text: string): number[] {
  const starts = [0, ...[...text.matchAll(/(?:[-_]|(?<=[A-Za-z])\.)(?=[vV]?\d)/g)].map(({ index }) => index + 1)]
  const letters = /^[A-Za-z]+(?=\d)/.exec(text)?.[0].length
  return letters === undefined ? starts : [...starts, letters]
}

function seriesOf(prefix: string): string {
  const name = prefix.replace(/[-_./@]+$/, '')
  return emptySeries.test(name) ? '' : name
}

function parseAt(text: string, release: RegExp): ReleaseVersion | undefined {
  const found = release.exec(text)
  if (found === null) return undefined
  const isDate = release === date
  const numbers = isDate ? found.slice(1) : (found[2] ?? '').split(/[-._]/)
  const { more, rest } = behindDate(numbers, text.slice(found[0].length))
  // `1.2.0(45)`: how Apple's tools show the build of a version.
  const [suffix = '', ...build] = rest.replace(/\((\d+)\)$/, '+$1').split('+')
  if (suffix !== '' && !/^[-._]?[0-9A-Za-z]+(?:[-._][0-9A-Za-z]+)*$/.test(suffix)) return undefined
  return {
    epoch: digits((isDate ? undefined : found[1]) ?? '0'),
    release: [...numbers, ...more].map(digits),
    ...suffixOf(suffix),
    build: wordsOf(build.join('.')),
  }
}

/** `2024.05.01`, `20240501` and, to the minute or the second, `202405011230`. */
const wholeDate =
  /^(?:19|20)\d{2}(?:\.(?:0?[1-9]|1[0-2])\.(?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])?(?:[0-5]\d){0,2})$/
/** `T12-30-00Z`: the time of that day. */
const timeOfDay = /^[Tt](\d{2})[-:._]?(\d{2})(?:[-:._]?(\d{2}))?[Zz]?(?![0-9A-Za-z])/
/** `.1`, `-2`, `_v3`: the next of that day. */
const nextOfDay = /^[-._][vV]?(\d+)(?![0-9A-Za-z])/

/**
 * Behind a whole date a bare number is a later release of that day, and none before it as SemVer would have it: nobody releases
 * before the day that the tag names.
 */
function behindDate(numbers: readonly string[], text: string): { more: readonly string[]; rest: string } {
  if (!wholeDate.test(numbers.join('.'))) return { more: [], rest: text }
  const more: string[] = []
  let rest = text
  for (const pattern of [timeOfDay, nextOfDay]) {
    for (let found = pattern.exec(rest); found !== null; found = pattern.exec(rest)) {
      more.push(...found.slice(1).filter((it: string | undefined) => it !== undefined))
      rest = rest.slice(found[0].length)
    }
  }
  return { more, rest }
}

/** `incubating` is a word of Apache about the project, and says nothing of the version. */
const finalWords = new Set(['final', 'ga', 'release', 'stable', 'rtm', 'rtw', 'incubating'])
const postWords = new Set(['post', 'rev', 'r', 'sp', 'patch', 'p', 'pl', 'hotfix'])
/** PEP 440's spellings. */
const otherSpelling: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', c: 'rc', cr: 'rc', m: 'milestone' }

function suffixOf(suffix: string): Pick<ReleaseVersion, 'pre' | 'post'> {
  // `1.1.1w`: a letter that numbers releases, not `1.1a1`.
  if (/^[a-z]$/.test(suffix)) return { pre: [], post: [suffix] }
  const words = wordsOf(suffix).map((word) => otherSpelling[word] ?? word)
  const [first] = words
  if (first === undefined || (finalWords.has(first) && words.length === 1)) return { pre: [], post: [] }
  // `1.0-incubating-rc1` is a candidate all the same; `1.0.Final-2` is the second of a final one.
  const [, second = ''] = words
  if (finalWords.has(first)) {
    return ladder.has(second) || second === 'dev' || second === 'snapshot'
      ? { pre: words.slice(1), post: [] }
      : { pre: [], post: words.slice(1) }
  }
  if (!postWords.has(first)) {
    const at = words.findIndex((word) => postWords.has(word))
    return at < 0 ? { pre: words, post: [] } : { pre: words.slice(0, at), post: words.slice(at) }
  }
  const at = words.indexOf('dev')
  return at < 0 ? { pre: [], post: words } : { pre: words.slice(at), post: words.slice(0, at) }
}

/** In lower case, letters and digits apart. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z]+|\d+/g) ?? []).map((word) => (/\d/.test(word) ? digits(word) : word))
}

function digits(text: string): string {
  return text.replace(/^0+(?=\d)/, '')
}

/** A release, and not one before it. */
export function isFinal({ pre }: ReleaseVersion): boolean {
  return pre.length === 0
}

/** Names of one road to a final release; all others (`nightly`, `next`, `canary`) are roads of their own. */
const ladder = new Set(['milestone', 'alpha', 'beta', 'pre', 'preview', 'rc'])

/** Whether one of two versions before a final release can follow the other: a nightly is no step on the way to a candidate. */
export function areOfOneChannel(one: ReleaseVersion, other: ReleaseVersion): boolean {
  return channelOf(one) === channelOf(other)
}

function channelOf({ pre }: ReleaseVersion): string {
  const word = pre.find((it) => /[a-z]/.test(it)) ?? ''
  return ladder.has(word) ? 'ladder' : word
}

/** Below 0 where `one` comes before `other`. */
export function compareVersions(one: ReleaseVersion, other: ReleaseVersion): number {
  return (
    compareNumbers(one.epoch, other.epoch) ||
    compareReleases(one.release, other.release) ||
    comparePre(one.pre, other.pre) ||
    compareWords(one.post, other.post) ||
    compareWords(one.build, other.build)
  )
}

function compareNumbers(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
}

/** `1.2` is `1.2.0`. */
function compareReleases(one: readonly string[], other: readonly string[]): number {
  const length = Math.max(one.length, other.length)
  for (let at = 0; at < length; at += 1) {
    const order = compareNumbers(one[at] ?? '0', other[at] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

/** None at all is the final release, after all of them; `dev` is before everything else (PEP 440). */
function comparePre(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return (one.length === 0 ? 1 : 0) - (other.length === 0 ? 1 : 0)
  const [a, b] = [one, other].map((it) => (it[0] === 'dev' ? 0 : 1)) as [number, number]
  return a - b || compareWords(one, other)
}

/** SemVer §11: numbers before words, fewer before more; but `1.0a1.dev2` comes before `1.0a1`. */
function compareWords(one: readonly string[], other: readonly string[]): number {
  const length = Math.max(one.length, other.length)
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [one[at], other[at]]
    if (a === undefined) return b === 'dev' ? 1 : -1
    if (b === undefined) return a === 'dev' ? -1 : 1
    const [isNumberA, isNumberB] = [/^\d/.test(a), /^\d/.test(b)]
    if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
    const order = isNumberA ? compareNumbers(a, b) : a < b ? -1 : a > b ? 1 : 0
    if (order !== 0) return order
  }
  return 0
}
