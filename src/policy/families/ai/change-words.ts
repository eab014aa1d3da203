/** A change in the words of a row: which files matter, which commits, and who. Each list is short, and says how much it leaves out. */
import { underPaths } from './touched.ts'
import type { Paths } from './touched.ts'
import { isPersonHash } from '../../../model/person.ts'
import type { AiSection } from '../../../model/policy.ts'
import type { AiEvidence } from '../../../model/policy-evidence.ts'
import type { PolicyPlace } from '../../../model/policy-report.ts'
import type { Change } from '../../../model/predicate.ts'

type Allowed = NonNullable<NonNullable<AiSection['disclosure']>['overrides']>['allowed'][number]

const shownNames = 3

/** The change, with the files under these paths to which it adds lines, those with most of them first. */
export function placeOf({ commit, files }: Change, paths: Paths): PolicyPlace {
  const sumOf = ({ ai, human, unknown, generated }: (typeof all)[number]): number => ai + human + unknown + generated
  const all = files ?? []
  const matching = (paths === undefined ? all : all.filter(underPaths(paths))).toSorted((a, b) => sumOf(b) - sumOf(a))
  if (matching.length === 0) return { commit }
  const more = matching.length - shownNames
  return {
    commit,
    files: matching.slice(0, shownNames).map(({ path }) => path),
    ...(more > 0 ? { moreFiles: more } : {}),
  }
}

/** `commits 0123456789ab "Add it", …`; empty for none. */
export function commitWords(commits: readonly string[], { shown }: AiEvidence): string {
  if (commits.length === 0) return ''
  const names = commits.map((it) => {
    const subject = shown?.subjects.get(it)
    return `${it.slice(0, 12)}${subject === undefined ? '' : ` "${subject}"`}`
  })
  return `${commits.length === 1 ? 'commit' : 'commits'} ${listed(names)}`
}

/** How the forge calls somebody; undefined where nobody says it. */
export function nameOf(hash: string, { shown }: AiEvidence): string | undefined {
  return shown?.people.get(hash)
}

/** The name of somebody whom a policy allows, as it has it; of a hash its beginning is enough to find it. */
export function signerWords(signer: string): string {
  return /^hmac-sha256:[0-9a-f]{64}$/.test(signer) ? `${signer.slice(0, 'hmac-sha256:'.length + 8)}…` : signer
}

/** Those whom a policy allows: by the name that it or the forge has for them. A hash tells a reader nothing, so such are counted. */
export function allowedWords(allowed: readonly Allowed[], ai: AiEvidence): string {
  const names = allowed.flatMap(
    ({ signer, name }) => name ?? nameOf(signer, ai) ?? (isPersonHash(signer) ? [] : signer),
  )
  const hidden = allowed.length - names.length
  if (hidden === 0) return listed(names)
  const rest = `${hidden} ${hidden === 1 ? 'person' : 'people'} whom the policy names by a hash alone (a maintainer knows who)`
  return names.length === 0 ? rest : `${listed(names)}, and ${rest}`
}

export function listed(names: readonly string[]): string {
  const more = names.length - shownNames
  return `${names.slice(0, shownNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
