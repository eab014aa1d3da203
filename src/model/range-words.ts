/** Where a released range begins, in words, as it is said when it is signed and when it is verified. */
import { option } from '../errors.ts'
import { oneLine } from '../one-line.ts'
import type { AttributionSummary } from './session.ts'

const reasonWords: Readonly<Record<string, string>> = {
  'version-before': 'the version before',
  'last-version': 'the last version',
  asked: 'as the command says',
  adopted: 'no earlier release is known',
  'tags-not-fetched': 'no earlier release is known: no tags are in this clone, the remote has some',
  'tags-unknown': 'no earlier release is known: no tags are in this clone, they may not have been fetched',
}

/** Where the range begins, and why. */
export function rangeWords({
  since,
  sinceName,
  reason = '',
  base,
  paths = [],
  cut,
}: AttributionSummary['range']): string {
  if (reason === 'not-collected') return 'no commit was looked at: there was no checkout'
  const commit = since === null ? undefined : shortened(since)
  const name = sinceName === undefined || sinceName === since ? commit : `${oneLine(sinceName)} (${commit})`
  const start = name ?? (cut === true ? 'an unknown commit' : 'the first commit')
  return [
    `since ${start}`,
    Object.hasOwn(reasonWords, reason) ? reasonWords[reason] : undefined,
    ...(base === undefined ? [] : [`whose history parts at ${shortened(base)}`]),
    ...(paths.length === 0 ? [] : [`in ${paths.map((it) => oneLine(it)).join(' and ')}`]),
    ...(cut === true ? ['the history was cut (shallow clone)'] : []),
  ]
    .filter((it) => it !== undefined)
    .join(', ')
}

/** What to do where tags are there, and none is taken for a release before the released one. */
export function otherTagWords(tag: string): string {
  return `no tag in its history, as ${oneLine(tag)}, is of the released version's series: say which are (${option('tagPattern')})`
}

/** What to do where the clone has no tags, and the remote has some or may have. */
export function missingTagsWords(): string {
  return `fetch the tags (git fetch origin 'refs/tags/*:refs/tags/*'), or say where the release begins (${option('since')})`
}

/** Whoever signs may write anything in place of a commit. */
function shortened(commit: string): string {
  return oneLine(commit.slice(0, 12))
}
