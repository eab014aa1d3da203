/**
 * Where a release begins: at the version before it in its own series. The nearest tag would be wrong wherever a candidate, a
 * nightly, a moving tag or another package's release lies between, and each would make AI sessions vanish from the provenance.
 */
import { CountersignError, option } from '../../errors.ts'
import { isTrunk, lineOf } from '../../model/branch-name.ts'
import {
  areOfOneChannel,
  compareVersions,
  isFinal,
  parseVersion,
  parseVersionTag,
} from '../../model/release-version.ts'
import type { ReleaseVersion } from '../../model/release-version.ts'
import { once } from './lent-gits.ts'
import { movingTags } from './moving-tags.ts'
import { askGit, gitFailure, runGit, streamGit } from './process.ts'
import type { Git } from './process.ts'
import { commitOf } from './repository.ts'
import type { Repository } from './repository.ts'

/** What is known of the release. */
export interface Released {
  readonly commit: string
  /** The ref that the job was started for; a tag says which version is released. */
  readonly ref?: string | undefined
  /** Tags that count, as a glob with `*`; default: those of the series of the released version. */
  readonly tagPattern?: string | undefined
}

export interface ReleaseStart {
  /** The commit of the release before. */
  readonly commit: string
  /** Its tag. */
  readonly name: string
  /** Where the history parts, if that release is no ancestor of this one. */
  readonly base: string | undefined
  /** `version-before`: of the version that is released. `last-version`: HEAD names none, so the last one counts. */
  readonly reason: 'version-before' | 'last-version'
}

interface Tag {
  readonly name: string
  readonly commit: string
  /** Seconds. */
  readonly time: number
  readonly series: string
  readonly version: ReleaseVersion
}

/** The largest repositories that anybody releases from have some ten thousand. */
const mostTags = 200_000
/** Packages that are released by one commit; for each the release before is looked for. */
const mostSeries = 64
/** Releases before that share no history with this one, before none is looked for any more. */
const mostUnrelated = 8
/** The same for all that are no start, those that lie on or above the released commit too: each is a question to git. */
const mostTried = 64
const patternCharacters = 256

/**
 * The release before; undefined where there is none. Of several packages that are released together it is the one whose changes
 * reach back furthest, so that none is lost. Errors: `tag-pattern-invalid`, `revision-unknown`, `git-failed`.
 */
export async function releaseStart(repository: Repository, released: Released): Promise<ReleaseStart | undefined> {
  const { tags, read } = await versionTags(repository, released.tagPattern)
  const here = releasedTags(tags, released, read)
  if (here.length === 0) return lastVersion(repository, tags, released)
  if (here.length > mostSeries) {
    throw new CountersignError('revision-unknown', `more than ${mostSeries} packages are released here`, {
      hint: `say which one (${option('tagPattern')}), or where the release begins (${option('since')})`,
    })
  }
  const starts: ReleaseStart[] = []
  for (const tag of here) {
    const start = await firstRelated(repository, released.commit, before(tag, tags), 'version-before')
    // A first release of one of them has the whole history.
    if (start === undefined) return undefined
    starts.push(start)
  }
  return furthest(repository, starts, released.commit)
}

/** The tags that say which version is released: one for each series. */
function releasedTags(tags: readonly Tag[], { commit, ref }: Released, read: typeof parseVersionTag): readonly Tag[] {
  const here = tags.filter((it) => it.commit === commit)
  const named = namedTag(tags, ref, commit, read)
  if (named !== undefined) {
    // A moving tag such as v1 is pushed beside the v1.2.3 that it means.
    const whole = here.filter((it) => it.series === named.series && beginsWith(it.version, named.version))
    const meant = [named, ...whole].reduce(plainer)
    return isMoving(meant, tags) ? [] : [meant]
  }
  // A tag without a version, or of another pattern, is released: its commit may well have others.
  const bySeries = new Map<string, Tag>()
  for (const tag of here) {
    const known = bySeries.get(tag.series)
    bySeries.set(tag.series, known === undefined ? tag : plainer(known, tag))
  }
  return [...bySeries.values()].filter((it) => !isMoving(it, tags))
}

/** What the job was started for: its name says the version, whether or not the clone has that tag. */
function namedTag(
  tags: readonly Tag[],
  ref: string | undefined,
  commit: string,
  read: typeof parseVersionTag,
): Tag | undefined {
  if (ref?.startsWith('refs/tags/') !== true) return undefined
  const name = ref.slice('refs/tags/'.length)
  const known = read(name)
  return tags.find((it) => it.name === name) ?? (known === undefined ? undefined : { name, commit, time: 0, ...known })
}

function isMoving(tag: Tag, tags: readonly Tag[]): boolean {
  return movingTags(tags.filter((it) => it.series === tag.series))(tag)
}

function beginsWith(version: ReleaseVersion, beginning: ReleaseVersion): boolean {
  return isFinal(beginning) && beginning.release.every((part, at) => version.release[at] === part)
}

/** Of two tags of one commit the one that says what is released: `jdk-21.0.2-ga`, not the build `jdk-21.0.2+13` that it was. */
function plainer(one: Tag, other: Tag): Tag {
  const isOfOne = compareVersions({ ...one.version, build: [] }, { ...other.version, build: [] }) === 0
  const [a, b] = [one.version.build.length, other.version.build.length]
  if (isOfOne && (a === 0) !== (b === 0)) return a === 0 ? one : other
  return byVersion(one, other) >= 0 ? one : other
}

/** Of one version that with more parts is the higher, because `v1` moves and `v1.0.0` stays. */
function byVersion(one: Tag, other: Tag): number {
  return (
    compareVersions(one.version, other.version) ||
    one.version.release.length - other.version.release.length ||
    (one.name < other.name ? -1 : 1)
  )
}

/** The versions before one, the last first: final ones before a final one, and before a candidate those on its own road too. */
function before(released: Tag, tags: readonly Tag[]): Tag[] {
  const { series, version } = released
  const own = tags.filter((it) => it.series === series)
  const moves = movingTags([...own, released])
  const plain = new Set(own.filter((it) => it.version.build.length === 0).map(placeOf))
  return own
    .filter((it) => it.version.build.length === 0 || !plain.has(placeOf(it)))
    .filter((it) => compareVersions(it.version, version) < 0 && !moves(it))
    .filter((it) => isFinal(it.version) || (!isFinal(version) && areOfOneChannel(it.version, version)))
    .sort((a, b) => byVersion(b, a))
}

/** The same for a build and the version that it became. */
function placeOf({ commit, version }: Tag): string {
  return JSON.stringify([commit, { ...version, build: [] }])
}

/**
 * Where HEAD is no release: what was not yet released by the last final version in its history. One beside it is nearer only where
 * it may well be the release before: from the trunk, of which releases are cut on branches of their own, and not of another major
 * version; or on a branch whose name says which versions come on it. On a branch for maintenance, or beside the preview of the next
 * major version, it would take away commits that no release of this line has had.
 */
async function lastVersion(
  repository: Repository,
  tags: readonly Tag[],
  released: Released,
): Promise<ReleaseStart | undefined> {
  if (tags.length === 0) return undefined
  const { commit } = released
  const merged = new Set(await mergedTags(repository, commit))
  const series = seriesOf(tags.filter((it) => merged.has(it.name)))
  const all = tags.filter((it) => it.series === series)
  const moves = movingTags(all)
  const own = all.filter((it) => !moves(it)).sort((a, b) => byVersion(b, a))
  const finals = own.filter((it) => isFinal(it.version))
  const candidates = finals.length > 0 ? finals : own
  const inHistory = candidates.filter((it) => merged.has(it.name))
  const beside = besideHistory(candidates, inHistory, branchOf(released.ref))
  const starts = await Promise.all(
    [inHistory, beside].map((it) => firstRelated(repository, commit, it, 'last-version')),
  )
  return nearest(
    repository,
    starts.filter((it) => it !== undefined),
    commit,
  )
}

function branchOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('refs/heads/') === true ? ref.slice('refs/heads/'.length) : undefined
}

/** Of all that may be the last version those that count although they are not in the history. */
function besideHistory(candidates: readonly Tag[], inHistory: readonly Tag[], branch = ''): readonly Tag[] {
  const line = lineOf(branch)
  if (line !== undefined) return candidates.filter(({ version }) => isUpTo(version, line))
  const [last] = inHistory
  if (last === undefined) return candidates
  const { epoch, release } = last.version
  const isOfMajor = ({ version }: Tag): boolean => version.epoch === epoch && version.release[0] === release[0]
  return isTrunk(branch) ? candidates.filter(isOfMajor) : []
}

/** `1.3.7` is up to the line of `1.3` and that of `1`, and `2.0.0` to neither. */
function isUpTo({ epoch, release }: ReleaseVersion, line: readonly string[]): boolean {
  const rest = { epoch, pre: [], post: [], build: [] }
  return compareVersions({ ...rest, release: release.slice(0, line.length) }, { ...rest, release: line }) <= 0
}

/** Of the product without a name, if it has tags; else of the last that was released. */
function seriesOf(tags: readonly Tag[]): string {
  if (tags.length === 0 || tags.some((it) => it.series === '')) return ''
  return tags.reduce((last, it) => (it.time > last.time ? it : last)).series
}

/**
 * The first of the tags that has a commit in common with this one, and not this one itself: a tag on the released commit, or on one
 * that was made of it, is no release before it whatever its name, and would leave nothing of the range.
 */
async function firstRelated(
  repository: Repository,
  commit: string,
  tags: readonly Tag[],
  reason: ReleaseStart['reason'],
): Promise<ReleaseStart | undefined> {
  let unrelated = 0
  for (const tag of tags.filter((it) => it.commit !== commit).slice(0, mostTried)) {
    const base = await mergeBase(repository, tag.commit, commit)
    if (base === commit) continue
    if (base !== null) return { commit: tag.commit, name: tag.name, base, reason }
    unrelated += 1
    if (unrelated === mostUnrelated) return undefined
  }
  return undefined
}

/** Where two commits part; undefined if the first is an ancestor of the second, null if they have nothing in common. */
export function mergeBase({ git }: Repository, ancestor: string, commit: string): Promise<string | undefined | null> {
  return once(git, `merge base of ${ancestor} ${commit}`, () => askForBase(git, ancestor, commit))
}

async function askForBase(git: Git, ancestor: string, commit: string): Promise<string | undefined | null> {
  const args = ['merge-base', ancestor, commit]
  const answer = await runGit(git, args)
  if (answer.status > 1 || answer.status < 0) throw gitFailure(args, answer)
  if (answer.status === 1) return null
  const base = answer.stdout.toString('latin1').trim()
  return base === ancestor ? undefined : base
}

const furthest = (repository: Repository, starts: readonly ReleaseStart[], commit: string) =>
  extreme(repository, starts, commit, (one, other) => one > other)
const nearest = (repository: Repository, starts: readonly ReleaseStart[], commit: string) =>
  extreme(repository, starts, commit, (one, other) => one < other)

/** By the number of commits that each leaves. */
async function extreme(
  { git }: Repository,
  starts: readonly ReleaseStart[],
  commit: string,
  isBetter: (commits: number, best: number) => boolean,
): Promise<ReleaseStart | undefined> {
  const different = [...new Map(starts.map((it) => [it.commit, it])).values()]
  let best: { start: ReleaseStart; commits: number } | undefined
  for (const start of different) {
    const args = ['rev-list', '--count', '--end-of-options', commit, `^${start.commit}`, '--']
    const commits = different.length === 1 ? 0 : Number(await askGit(git, args))
    if (best === undefined || isBetter(commits, best.commits)) best = { start, commits }
  }
  return best?.start
}

async function mergedTags({ git }: Repository, commit: string): Promise<string[]> {
  const names: string[] = []
  const args = ['for-each-ref', `--merged=${commit}`, '--format=%(refname:strip=2)', 'refs/tags']
  await forEachLine(streamGit(git, args), (name) => names.push(name))
  return names
}

/** Every tag that names a version, with the commit that it leads to. Its name is its ref, whatever an annotated tag says. */
async function versionTags(
  repository: Repository,
  pattern: string | undefined,
): Promise<{ tags: Tag[]; read: typeof parseVersionTag }> {
  const read = pattern === undefined ? parseVersionTag : versionsOf(pattern)
  const tags: Tag[] = []
  const nested: Omit<Tag, 'commit'>[] = []
  const fields = ['objecttype', 'objectname', '*objecttype', '*objectname', 'creatordate:unix', 'refname:strip=2']
  const args = ['for-each-ref', `--format=${fields.map((it) => `%(${it})`).join(' ')}`, 'refs/tags']
  let count = 0
  await forEachLine(streamGit(repository.git, args), (line) => {
    count += 1
    if (count > mostTags) throw new CountersignError('git-failed', `the repository has more than ${mostTags} tags`)
    const [type, id = '', peeledType, peeled = '', time, name] =
      /^(\S*) (\S*) (\S*) (\S*) (\S*) (.*)$/.exec(line)?.slice(1) ?? []
    const known = name === undefined ? undefined : read(name)
    if (name === undefined || known === undefined) return
    const tag = { name, time: Number(time), ...known }
    if (type === 'commit') tags.push({ ...tag, commit: id })
    else if (peeledType === 'commit') tags.push({ ...tag, commit: peeled })
    else if (peeledType === 'tag') nested.push(tag)
  })
  for (const tag of nested) {
    const commit = await commitOf(repository, `refs/tags/${tag.name}`)
    if (commit !== undefined) tags.push({ ...tag, commit })
  }
  return { tags, read }
}

/** A pattern names the tags of one series; what stands for its first `*` on is the version, or holds it as tags do. */
function versionsOf(pattern: string): typeof parseVersionTag {
  const isPattern = /^[^*\s\p{Cc}]*(?:\*[^*\s\p{Cc}]*){1,3}$/u.test(pattern) && pattern.length <= patternCharacters
  if (!isPattern) {
    throw new CountersignError(
      'tag-pattern-invalid',
      `${JSON.stringify(pattern.slice(0, 200))} is no pattern of tags`,
      {
        option: 'tagPattern',
      },
    )
  }
  const parts = pattern.split('*')
  const [start = ''] = parts
  return (tag) => {
    if (!fitsParts(tag, parts)) return undefined
    const version = parseVersion(tag.slice(start.length)) ?? parseVersionTag(tag)?.version
    return version === undefined ? undefined : { series: pattern, version }
  }
}

/** Whether the text is these parts in their order with anything between them; found one after the other, never by going back. */
function fitsParts(text: string, parts: readonly string[]): boolean {
  const [start = '', ...others] = parts
  const end = others.pop() ?? ''
  if (!text.startsWith(start) || !text.endsWith(end) || text.length < start.length + end.length) return false
  let at = start.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - end.length
}

/** A ref name holds no line end. */
async function forEachLine(source: AsyncIterable<Buffer>, visit: (line: string) => unknown): Promise<void> {
  let rest = ''
  for await (const chunk of source) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) visit(Buffer.from(line, 'latin1').toString('utf8'))
  }
}
