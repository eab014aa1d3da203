/**
 * What a verification summary may say in `verifiedLevels` (slsa.dev/spec/v1.2/verification_summary, SlsaResult): one level of each
 * track, verified properties, words of a verifier's own. Whatever else begins with `SLSA_` is nobody's to invent.
 */

/** The tracks of SLSA 1.2, each with its highest level. */
const tracks = { BUILD: 3, SOURCE: 4 } as const
type Track = keyof typeof tracks

/** Properties that the specification names beside the levels of its tracks. */
const properties: readonly string[] = ['SLSA_SOURCE_TWO_PARTY_REVIEWED', 'SLSA_BUILD_REPRODUCED']

/** The word in the place of all levels, where the policy was not met. */
export const failedLevel = 'FAILED'

/** What is said of the build where nobody has a level to give: the artifact was verified, and the track not judged. */
export const unevaluatedBuild = 'SLSA_BUILD_LEVEL_UNEVALUATED'

/** Levels of our own, which a policy cannot give: they are read from the evidence. */
export const ownLevels = 'COUNTERSIGN_'

/** A rule of the policy failed, and was waived: readers of a summary see that before they count on it. */
export const waivedLevel = `${ownLevels}WAIVED`

/** How a level is understood. `level` is `unevaluated` where the verifier makes no claim about the track. */
export type SlsaResult =
  | { readonly kind: 'track'; readonly track: Track; readonly level: number | 'unevaluated' }
  | { readonly kind: 'property' | 'failed' | 'custom' | 'unknown' }

/** Letter case counts: a value in other letters is another value, and with the prefix of SLSA in other letters none at all. */
export function readSlsaResult(text: string): SlsaResult {
  if (text === failedLevel) return { kind: 'failed' }
  if (properties.includes(text)) return { kind: 'property' }
  const [, track, level] = /^SLSA_([A-Z]+)_LEVEL_(UNEVALUATED|[0-9])$/.exec(text) ?? []
  if (track !== undefined && isTrack(track)) {
    if (level === 'UNEVALUATED') return { kind: 'track', track, level: 'unevaluated' }
    if (Number(level) <= tracks[track]) return { kind: 'track', track, level: Number(level) }
  }
  return { kind: /^slsa_/i.test(text) || text.trim() === '' ? 'unknown' : 'custom' }
}

function isTrack(text: string): text is Track {
  return Object.hasOwn(tracks, text)
}

/**
 * Whether levels that were verified hold what is asked for: the very word, or a higher level of the same track, which implies those
 * below. A level is no answer to `UNEVALUATED`, nor the other way round: they were agreed on for different things.
 */
export function holdsLevel(verified: readonly string[], asked: string): boolean {
  if (verified.includes(asked)) return true
  const wanted = readSlsaResult(asked)
  if (wanted.kind !== 'track') return false
  return verified
    .map(readSlsaResult)
    .some((it) => it.kind === 'track' && it.track === wanted.track && isAtLeast(it.level, wanted.level))
}

function isAtLeast(level: number | 'unevaluated', least: number | 'unevaluated'): boolean {
  return level !== 'unevaluated' && least !== 'unevaluated' && level >= least
}

/** What is wrong with the levels of a summary that says PASSED; undefined where nothing is. */
export function levelsProblem(levels: readonly string[]): string | undefined {
  if (levels.length === 0) return 'it names no level'
  const results = levels.map(readSlsaResult)
  const unknown = levels.find((_, at) => results[at]?.kind === 'unknown')
  if (unknown !== undefined) return `${JSON.stringify(unknown.slice(0, 100))} is no value of SLSA 1.2`
  if (results.some((it) => it.kind === 'failed')) return 'a level says that it failed'
  const named = results.flatMap((it) => (it.kind === 'track' ? [it.track] : []))
  const twice = named.find((it, at) => named.indexOf(it) !== at)
  return twice === undefined ? undefined : `it names two levels of the track ${twice}`
}
