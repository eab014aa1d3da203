/** One reader in one run: what it gives goes to the tables that all readers share, what became of it stays here. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { ReaderReport } from '../../model/session.ts'
import type { Attribution } from './attribution.ts'
import { newFindings } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Absence, CarriedReading, LineReading, Look, Reading, SessionReader } from './readers/row.ts'
import type { RecordTable } from './record-table.ts'
import { claimsIn } from './signed-claims.ts'
import { soundFiles, soundRecord } from './sound-record.ts'
import type { SourceTable } from './source/source-table.ts'
import type { TranscriptTable } from './transcript-table.ts'

/** Where all readers look, and where what they give is kept. */
export interface Collection {
  readonly place: Pick<
    Look,
    | 'repository'
    | 'range'
    | 'boundary'
    | 'remote'
    | 'verifySource'
    | 'tools'
    | 'person'
    | 'whoSigned'
    | 'redactor'
    | 'recordBundle'
    | 'expectLines'
  >
  readonly records: RecordTable
  readonly attribution: Attribution
  readonly sources: SourceTable
  readonly transcripts: TranscriptTable
}

export interface ReaderLog {
  readonly findings: Findings
  /** It finishes behind the others. */
  readonly readsClaims: boolean
  open(): Promise<void>
  /** Undefined where the reader has nothing to read, or could not open it. */
  reading(): Reading | undefined
  finish(): Promise<void>
  /** Its claims about lines, once it has finished; a failure of them is the reader's. */
  lineReading(): LineReading | undefined
  /** What it reads about lines cannot be held against the changes. */
  fail(failure: CountersignError): void
  report(): ReaderReport
}

/**
 * A reader that git fails could not look: what it gave before is not the whole truth, so none of it counts. Errors:
 * `session-limit`, and whatever else is no failure of git; `git-failed` where the run itself was stopped.
 */
export function newReaderLog(reader: SessionReader, collection: Collection): ReaderLog {
  const { place, records, attribution, sources, transcripts } = collection
  const findings = newFindings(reader.id)
  let opened: Reading | Absence | undefined
  let lines: LineReading | undefined
  let failure: CountersignError | undefined

  async function attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (thrown) {
      if (!(thrown instanceof CountersignError) || thrown.code !== 'git-failed') throw thrown
      if (place.repository.git.signal?.aborted === true) throw thrown
      fail(thrown)
    }
  }

  function fail(thrown: CountersignError): void {
    failure = thrown
    records.drop(reader.id)
    attribution.drop(reader.id)
    sources.drop(reader.id)
  }

  const look: Look = {
    ...place,
    claims: () => claimsIn(records),
    record(record) {
      if (records.size === limits.claims) {
        throw new CountersignError('session-limit', `the range has more than ${limits.claims} claims`)
      }
      records.add({ ...soundRecord(record), reader: reader.id })
    },
    finding: (code, commit, detail) => findings.add(code, commit, detail),
    lines: (change, files) => attribution.say(reader.id, change, soundFiles(files)),
    source: (change, statement) => sources.add(reader.id, change, statement),
    transcript: (tool, session, transcript) => transcripts.add(tool, session, transcript),
  }

  async function open(): Promise<void> {
    opened = await reader.open(look)
  }

  function reading(): Reading | undefined {
    return opened !== undefined && 'finish' in opened ? opened : undefined
  }

  async function finish(): Promise<void> {
    lines = await reading()?.finish()
  }

  function lineReading(): LineReading | undefined {
    const open = failure === undefined ? lines : undefined
    if (open === undefined) return undefined
    return {
      changes: open.changes,
      begin: (order) => open.begin(order),
      added: (change, files) => attempt(async () => (failure === undefined ? open.added(change, files) : undefined)),
      ...(open.carried === undefined ? {} : { carried: guarded(open.carried) }),
      end: () => attempt(() => open.end()),
    }
  }

  function guarded(carried: CarriedReading): CarriedReading {
    return {
      commits: carried.commits,
      begin: (order) => carried.begin(order),
      async claims(commit) {
        let claims: Awaited<ReturnType<CarriedReading['claims']>>
        await attempt(async () => {
          if (failure === undefined) claims = await carried.claims(commit)
        })
        return claims
      },
      carried: (commit, standing) =>
        attempt(async () => (failure === undefined ? carried.carried(commit, standing) : undefined)),
    }
  }

  return {
    findings,
    readsClaims: reader.readsClaims === true,
    reading,
    lineReading,
    fail,
    open: () => attempt(open),
    finish: () => attempt(finish),
    report() {
      const claims = records.countOf(reader.id) + sources.countOf(reader.id)
      if (failure !== undefined) {
        return { reader: reader.id, outcome: 'could-not-look', claims: 0, detail: failure.message }
      }
      const absence = opened !== undefined && 'outcome' in opened ? opened : opened?.absence?.()
      const isAll = absence === undefined || absence.outcome === 'nothing'
      if (claims > 0 && isAll) return { reader: reader.id, outcome: 'found', claims }
      return { reader: reader.id, claims, ...(absence ?? { outcome: 'nothing' }) }
    },
  }
}
