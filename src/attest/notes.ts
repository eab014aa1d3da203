/** What a person should know of an attestation that worked: how far it looked, and what it says that is no good news. */
import { findingMeanings } from '../collect/sessions/finding-meanings.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import { configWords } from '../model/config-words.ts'
import type { CollectedSessions, Facts } from '../model/facts.ts'
import { missingTagsWords, otherTagWords, rangeWords } from '../model/range-words.ts'
import { unseenWords } from '../model/session-words.ts'
import { treeWords } from '../model/source-tree.ts'
import { isUncounted } from '../model/uncounted.ts'
import { annotationOf, readersOf } from '../predicates/build-provenance.ts'

/** A line each. */
export function notesOf(facts: Facts): string[] {
  const { source, sessions, token } = facts
  const { sourceRepositoryDigest: started } = token.identity.extensions
  const tree = source === undefined ? '' : treeWords(annotationOf(source))
  const isBuilt = source !== undefined && started !== undefined && source.commit !== started
  return [
    ...(tree === '' ? [] : [`the work tree is not clean, and the provenance says so: ${tree}`]),
    ...(isBuilt
      ? [`what was built is ${source.commit}, which the job made of ${started}; who verifies must allow that`]
      : []),
    ...rangeNotes(sessions),
    ...(sessions.config === undefined ? [] : [configWords(sessions.config)]),
    ...readersOf(facts).flatMap((it) => {
      const words = unseenWords(it)
      const fetch = it.outcome === 'not-fetched' ? sessionReaders.find(({ id }) => id === it.reader)?.fetch : undefined
      return words === undefined
        ? []
        : [`not looked at: ${words}${fetch === undefined ? '' : `; to fetch them: ${fetch}`}`]
    }),
    ...Object.entries(sessions.findingCounts).map(([code, count]) => findingNote(code, count)),
  ]
}

/** One finding can be about many records, and one record can have several findings: so these alone are counted. */
function findingNote(code: string, count: number): string {
  const times = count === 1 ? '' : `, ${count} times`
  return `${isUncounted(code) ? 'not counted' : 'remark'}: ${findingMeanings.get(code) ?? 'unknown'} (${code}${times})`
}

/** Inputs of a dispatched run had secrets in them. */
export function inputNotes(redacted: number): string[] {
  if (redacted === 0) return []
  return [redacted === 1 ? '1 secret in an input was taken out' : `${redacted} secrets in inputs were taken out`]
}

function rangeNotes({ range, commits }: CollectedSessions): string[] {
  const { sinceName, base, paths } = range
  const words = rangeWords({
    ...range,
    ...(sinceName === undefined ? {} : { sinceName }),
    ...(base === undefined ? {} : { base }),
    paths: [...paths],
  })
  if (range.reason === 'not-collected') return [words]
  const count = commits.total === 0 ? 'empty, no commit' : commits.total === 1 ? '1 commit' : `${commits.total} commits`
  return [
    `the release is ${count} ${words}`,
    ...(['tags-not-fetched', 'tags-unknown'].includes(range.reason) ? [missingTagsWords()] : []),
    ...(range.otherTag === undefined ? [] : [otherTagWords(range.otherTag)]),
    ...(range.cut ? ['sessions of commits that are not in the clone were not looked for'] : []),
  ]
}
