/** What a person should know of an attestation that worked: how far it looked, and what it says that is no good news. */
import { findingMeanings } from '../collect/sessions/finding-meanings.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import { option } from '../errors.ts'
import { aiConfigurationWords } from '../model/ai-configuration-words.ts'
import { configWords } from '../model/config-words.ts'
import type { CollectedSessions, Facts } from '../model/facts.ts'
import { missingTagsWords, otherTagWords, rangeWords } from '../model/range-words.ts'
import { fetchTogether, isAtRemote, unseenTogether } from '../model/session-words.ts'
import type { ReaderReport } from '../model/session.ts'
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
    ...(tree === '' ? [] : [`the work tree is not clean, and the provenance says so: ${tree}${ignoreWords(source)}`]),
    ...(isBuilt
      ? [`what was built is ${source.commit}, which the job made of ${started}; who verifies must allow that`]
      : []),
    ...rangeNotes(sessions),
    ...(sessions.config === undefined ? [] : [configWords(sessions.config)]),
    ...(sessions.aiConfiguration === undefined
      ? []
      : [`AI configuration: ${aiConfigurationWords(sessions.aiConfiguration)}`]),
    ...unseenNotes(readersOf(facts)),
    ...Object.entries(sessions.findingCounts).map(([code, count]) => findingNote(code, count)),
  ]
}

/** The list of one clone alone hides nothing here, though `git status` shows nothing of it: people look there in vain. */
function ignoreWords(source: Facts['source']): string {
  if (source === undefined || source.untracked.count === 0) return ''
  return '; what is made here and belongs to no commit goes into the committed .gitignore, for a list of this clone alone (.git/info/exclude) does not count'
}

/**
 * What was not looked at. Readers with a ref of their own that is not here stand in one line; those of formats that few projects write
 * only where the remote is known to have it, else every attestation would ask about all of them. The statement says it of each.
 */
function unseenNotes(readers: readonly ReaderReport[]): string[] {
  const rows = new Map(sessionReaders.map((it) => [it.id, it]))
  const isSeldom = (it: ReaderReport): boolean => rows.get(it.reader)?.isSeldom === true && !isAtRemote(it)
  const unfetched = readers.filter((it) => it.outcome === 'not-fetched')
  const [refs = [], others = []] = [true, false].map((isRef) =>
    unfetched.filter((it) => (rows.get(it.reader)?.refs !== undefined) === isRef),
  )
  const told = refs.filter((it) => !isSeldom(it))
  const line = (some: readonly ReaderReport[]): string[] => {
    const commands = some.flatMap((it) => rows.get(it.reader)?.fetch ?? [])
    const command = fetchTogether(commands, some.length === 1 || some.every(isAtRemote))
    const fetch = command === undefined ? '' : `; to fetch them: ${command}, or for this run alone ${option('fetch')}`
    return unseenTogether(some).map((words) => `not looked at: ${words}${fetch}`)
  }
  return [
    ...line(told),
    ...others.flatMap((it) => line([it])),
    ...unseenTogether(readers.filter(({ outcome }) => outcome !== 'not-fetched')).map((it) => `not looked at: ${it}`),
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
