/**
 * All that is ever written to a forge. A request that stands here is the only one that the door sends (`forge-door.ts`), and nothing that came of
 * the change under review is part of its path: a number, the id of a commit, a label of ours.
 */
import { CountersignError } from '../errors.ts'
import { gateLabels } from '../model/gate-report.ts'

export type OwnLabel = (typeof gateLabels)[number]

const made: unique symbol = Symbol('made')

/** Made here alone. */
export interface ForgeWrite {
  readonly [made]: true
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the API. */
  readonly path: string
  readonly body?: string | undefined
}

/** An annotation beside a file, in plain text. */
export interface MarkAnnotation {
  /** From the root of the repository. */
  readonly path: string
  readonly level: 'failure' | 'warning'
  readonly title: string
  readonly text: string
}

/** What a check says. */
export interface MarkedCheck {
  readonly passes: boolean
  /** One line of words and counts of ours. */
  readonly title: string
  /** Markdown in which all is escaped. */
  readonly summary: string
}

/** As people see it in a list of checks; statuses of GitLab and reports of Bitbucket are found again by it. */
export const checkName = 'countersign gate'

export function githubLabelsAdded(
  repository: readonly string[],
  number: string,
  labels: readonly OwnLabel[],
): ForgeWrite {
  return write('POST', `${githubRoot(repository)}/issues/${numbered(number)}/labels`, { labels: labels.map(own) })
}

export function githubLabelRemoved(repository: readonly string[], number: string, label: OwnLabel): ForgeWrite {
  return write('DELETE', `${githubRoot(repository)}/issues/${numbered(number)}/labels/${own(label)}`)
}

export interface GithubCheckRun extends MarkedCheck {
  readonly head: string
  /** By which a later run knows what stands there. */
  readonly externalId: string
  /** At most `limits.checkRunAnnotations`. */
  readonly annotations: readonly MarkAnnotation[]
}

export function githubCheckRunMade(repository: readonly string[], run: GithubCheckRun): ForgeWrite {
  return write('POST', `${githubRoot(repository)}/check-runs`, {
    ...{ name: checkName, head_sha: commit(run.head) },
    ...githubRunBody(run),
  })
}

/** Annotations are added to those that it has. */
export function githubCheckRunChanged(repository: readonly string[], id: number, run: GithubCheckRun): ForgeWrite {
  return write('PATCH', `${githubRoot(repository)}/check-runs/${numbered(String(id))}`, githubRunBody(run))
}

function githubRunBody({ passes, title, summary, externalId, annotations }: GithubCheckRun): object {
  return {
    ...{ status: 'completed', conclusion: passes ? 'success' : 'failure', external_id: externalId },
    output: {
      ...{ title, summary },
      annotations: annotations.map((it) => ({
        ...{ path: it.path, start_line: 1, end_line: 1, annotation_level: it.level },
        ...{ title: it.title, message: it.text },
      })),
    },
  }
}

export function gitlabLabelsChanged(
  repository: readonly string[],
  number: string,
  labels: { readonly add: readonly OwnLabel[]; readonly remove: readonly OwnLabel[] },
): ForgeWrite {
  return write('PUT', `${gitlabRoot(repository)}/merge_requests/${numbered(number)}`, {
    ...(labels.add.length === 0 ? {} : { add_labels: labels.add.map(own).join(',') }),
    ...(labels.remove.length === 0 ? {} : { remove_labels: labels.remove.map(own).join(',') }),
  })
}

export function gitlabStatusSet(repository: readonly string[], head: string, check: MarkedCheck): ForgeWrite {
  return write('POST', `${gitlabRoot(repository)}/statuses/${commit(head)}`, {
    ...{ state: check.passes ? 'success' : 'failed', name: checkName, description: check.title },
  })
}

/** With its annotations. */
export function bitbucketReportRemoved(repository: readonly string[], head: string): ForgeWrite {
  return write('DELETE', bitbucketReport(repository, head))
}

export function bitbucketReportSet(repository: readonly string[], head: string, check: MarkedCheck): ForgeWrite {
  return write('PUT', bitbucketReport(repository, head), {
    ...{ title: checkName, details: check.title, report_type: 'SECURITY', reporter: 'countersign' },
    result: check.passes ? 'PASSED' : 'FAILED',
  })
}

/** At most `limits.reportAnnotations`; `first` counts those of calls before. */
export function bitbucketReportAnnotated(
  repository: readonly string[],
  head: string,
  annotations: readonly MarkAnnotation[],
  first: number,
): ForgeWrite {
  const entries = annotations.map((it, at) => ({
    ...{ external_id: `countersign-gate-${first + at}`, annotation_type: 'CODE_SMELL', path: it.path, line: 1 },
    ...{ summary: it.title, details: it.text, severity: it.level === 'failure' ? 'HIGH' : 'MEDIUM' },
  }))
  return write('POST', `${bitbucketReport(repository, head)}/annotations`, entries)
}

function bitbucketReport(repository: readonly string[], head: string): string {
  return `/repositories/${repository.map(encodeURIComponent).join('/')}/commit/${commit(head)}/reports/countersign-gate`
}

function githubRoot(repository: readonly string[]): string {
  return `/repos/${repository.map(encodeURIComponent).join('/')}`
}

function gitlabRoot(repository: readonly string[]): string {
  return `/projects/${encodeURIComponent(repository.join('/'))}`
}

function write(method: ForgeWrite['method'], path: string, body?: object): ForgeWrite {
  return { [made]: true, method, path, body: body === undefined ? undefined : JSON.stringify(body) }
}

/** Whatever else comes here would be a path of its own. */
function numbered(number: string): string {
  if (!/^[1-9]\d{0,15}$/.test(number)) throw new CountersignError('internal', 'a request at a forge has a number')
  return number
}

function commit(id: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new CountersignError('internal', 'a commit has a full id')
  return id
}

function own(label: OwnLabel): OwnLabel {
  if (!gateLabels.includes(label)) throw new CountersignError('internal', 'a label of somebody else is not touched')
  return label
}
