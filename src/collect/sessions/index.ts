/** The readers of AI records, and what all of them find in a range. */
import { CountersignError, oneLine } from '../../errors.ts'
import type { CollectedSessions, ReleaseRange } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import type { AttributedLines, Finding, ReaderReport } from '../../model/session.ts'
import { forEachCommit, shallowBoundary } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import { foldClaims } from './join.ts'
import { gitAiNoteReader } from './readers/git-ai-note.ts'
import { newLedger } from './claim-table.ts'
import type { Ledger } from './claim-table.ts'
import type { Absence, Look, Reading, SessionReader } from './reader.ts'
import { trailerReader } from './readers/trailer.ts'

/** In the order in which they report. */
export const sessionReaders: readonly SessionReader[] = [trailerReader, gitAiNoteReader]

/** What one reader said in this run, beside its claims. */
interface Sayings {
  readonly reader: SessionReader
  readonly findings: Finding[]
  readonly findingCounts: Map<string, number>
  lines: AttributedLines | undefined
  opened: Reading | Absence | undefined
  failure: CountersignError | undefined
}

/**
 * The sessions that the records in a repository claim for the commits of a range, all at level `claimed`: nothing here
 * proves them. One pass over the history for all readers. A reader that could not look says so in its report; what it
 * missed is unknown, not none. Errors: `session-limit`, and `git-failed` when the history itself cannot be read.
 */
export async function collectSessions(repository: Repository, range: ReleaseRange): Promise<CollectedSessions> {
  const ledger = newLedger(repository.objectFormat === 'sha1' ? 20 : 32)
  const place = { repository, range, boundary: await shallowBoundary(repository) }
  const all = sessionReaders.map(newSayings)
  for (const said of all) {
    await trying(repository, ledger, said, async () => {
      said.opened = await said.reader.open({ ...place, ...voiceOf(said, ledger) })
    })
  }
  const readings = all.flatMap((said) => readingOf(said) ?? [])
  const total = await forEachCommit(repository, range, (commit, message, whole) => {
    for (const reading of readings) reading.commit(commit, message, whole)
  })
  for (const said of all) await trying(repository, ledger, said, async () => readingOf(said)?.finish())

  const { sessions, commits } = foldClaims(ledger)
  const findings = all.flatMap((said) => said.findings).sort(byReaderAndCommit)
  return {
    range,
    commits: { total, claimed: commits },
    sessions,
    lines: sumOfLines(all),
    readers: all.map((said) => reportOf(said, ledger.countOf(said.reader.id))),
    findings: findings.slice(0, limits.findings),
    findingCounts: sumOfCounts(all),
  }
}

function newSayings(reader: SessionReader): Sayings {
  return { reader, findings: [], findingCounts: new Map(), lines: undefined, opened: undefined, failure: undefined }
}

function voiceOf(said: Sayings, ledger: Ledger): Pick<Look, 'claim' | 'finding' | 'lines'> {
  const reader = said.reader.id
  return {
    claim(claim) {
      if (ledger.size === limits.claims) {
        throw new CountersignError('session-limit', `the range has more than ${limits.claims} claims`)
      }
      ledger.add({ reader, ...claim })
    },
    finding(code, commit, detail) {
      said.findingCounts.set(code, (said.findingCounts.get(code) ?? 0) + 1)
      if (said.findings.length < limits.findings) {
        said.findings.push({ reader, code, commit, detail: oneLine(detail) })
      }
    },
    lines({ ai, human }) {
      said.lines = { ai: (said.lines?.ai ?? 0) + ai, human: (said.lines?.human ?? 0) + human }
    },
  }
}

/** A reader that git failed could not look: whatever it said before is not the whole truth and does not count. */
async function trying(repository: Repository, ledger: Ledger, said: Sayings, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'git-failed') throw thrown
    if (repository.git.signal?.aborted === true) throw thrown
    said.failure = thrown
    ledger.drop(said.reader.id)
    said.lines = undefined
  }
}

function readingOf({ opened }: Sayings): Reading | undefined {
  return opened !== undefined && 'finish' in opened ? opened : undefined
}

function reportOf({ reader, failure, opened }: Sayings, claims: number): ReaderReport {
  if (failure !== undefined) return { reader: reader.id, outcome: 'could-not-look', claims: 0, detail: failure.message }
  if (claims > 0) return { reader: reader.id, outcome: 'found', claims }
  const absence = opened !== undefined && 'absent' in opened ? { detail: opened.absent } : {}
  return { reader: reader.id, outcome: 'nothing', claims: 0, ...absence }
}

function sumOfLines(all: readonly Sayings[]): AttributedLines | undefined {
  const said = all.flatMap(({ lines }) => (lines === undefined ? [] : [lines]))
  if (said.length === 0) return undefined
  return said.reduce((sum, lines) => ({ ai: sum.ai + lines.ai, human: sum.human + lines.human }))
}

function sumOfCounts(all: readonly Sayings[]): Record<string, number> {
  const sum = new Map<string, number>()
  for (const { findingCounts } of all) {
    for (const [code, count] of findingCounts) sum.set(code, (sum.get(code) ?? 0) + count)
  }
  return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byReaderAndCommit(a: Finding, b: Finding): number {
  const [left, right] = [a, b].map((it) => [it.reader, it.code, it.commit ?? '', it.detail].join('\n'))
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1
}
