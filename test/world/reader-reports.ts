/** What came of readers, without those of formats that few projects write: each of these looks in a ref of its own that no test has. */
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import type { ReaderReport } from '../../src/model/session.ts'

const usual: ReadonlySet<string> = new Set([
  ...['commit-identity', 'entire-checkpoint', 'git-ai-note', 'session-record', 'source-note', 'trailer'],
])
const ofFewProjects = sessionReaders.filter(({ id }) => !usual.has(id))

/** Those of notes in a ref that no other tool uses: where a test has not made it, they are not fetched. */
export const seldomNotes: readonly string[] = ofFewProjects
  .filter(({ refs = [] }) => refs.some((it) => it.startsWith('refs/notes/') && it !== 'refs/notes/commits'))
  .map(({ id }) => id)

export function usualReaders<T extends Pick<ReaderReport, 'reader'>>(reports: readonly T[]): T[] {
  return reports.filter(({ reader }) => !ofFewProjects.some(({ id }) => id === reader))
}
