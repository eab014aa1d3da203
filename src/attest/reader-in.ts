/** What is told of a reader of the range: to a person, with the name and the mend that it has for one. */
import { requestsReader } from '../collect/change/walk.ts'
import { fetchOfRequests } from '../collect/change/request-heads.ts'
import { sessionReaders } from '../collect/sessions/readers/index.ts'
import { contextReaders } from '../model/context.ts'
import type { ContextReader } from '../model/context.ts'
import type { ReportedReader } from '../model/range-report.ts'
import type { ReaderReport } from '../model/session.ts'

/** With its title, and the command that fetches what it lacks. */
export function readerIn(report: ReaderReport, remote: string | undefined): ReportedReader {
  const row = sessionReaders.find(({ id }) => id === report.reader)
  const isRequests = report.reader === requestsReader
  const fetch = isRequests ? fetchOfRequests(remote) : row?.fetch
  return {
    ...report,
    title: isRequests ? 'pull and merge requests that changes came of' : (row?.title ?? contextTitle(report.reader)),
    fetch: report.outcome === 'not-fetched' ? fetch : undefined,
  }
}

function contextTitle(reader: string): string | undefined {
  const known = contextReaders.find((it) => it === reader)
  return known === undefined ? undefined : contextTitles[known]
}

const contextTitles: { readonly [reader in ContextReader]: string } = {
  tickets: 'tickets that messages, branches and requests name',
  tracker: 'what these tickets are part of',
  request: 'what the forge says of the requests that changes came of',
  reviews: 'reviews of these requests',
  checks: 'checks of changes, and of the heads of their requests',
  deployments: 'deployments of changes',
  'branch-rules': 'rules of the branch that the release comes from',
}
