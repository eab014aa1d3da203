/** What came of readers, without those of formats that few projects write: each of these looks in a ref of its own that no test has. */
import type { ReaderReport } from '../../src/model/session.ts'

const ofFewProjects: ReadonlySet<string> = new Set([
  ...['agent-commit', 'agent-trace-file', 'agent-trace-note', 'agentblame-note', 'whogitit-note'],
])

export function usualReaders<T extends Pick<ReaderReport, 'reader'>>(readers: readonly T[]): T[] {
  return readers.filter(({ reader }) => !ofFewProjects.has(reader))
}
