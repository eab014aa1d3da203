/** The tickets of the changes of a range, and what the forge says of them, change by change. */
import type { RangeReport } from '../../model/range-report.ts'
import type { ReportedContext } from '../../model/reported-context.ts'
import { columnsOf, draft } from './draft.ts'
import type { Draft } from './draft.ts'

/** None where nobody asked. */
export function contextSections(report: RangeReport): Draft[] {
  const sections = [ticketSection, requestSection, reviewSection, checkSection, deploymentSection]
  return sections.map((it) => it(report))
}

/** Rows of all changes, each with its commit. */
function rowsOf<T>(
  { changes }: RangeReport,
  part: (context: ReportedContext) => readonly T[] | undefined,
  cells: (item: T) => readonly (string | number | undefined)[],
): (readonly (string | number | undefined)[])[] {
  return changes.flatMap(({ commit, context }) =>
    context === undefined ? [] : (part(context) ?? []).map((it) => [short(commit), ...cells(it)]),
  )
}

function ticketSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', '*ticket', '*of', '*named as', '*named in', '*part of')
  const rows = rowsOf(
    report,
    ({ tickets }) => tickets,
    ({ key, system, relation, said, parent }) => [
      ...[key, system, relation, said],
      parent === undefined ? undefined : [parent.kind, parent.key].filter((it) => it !== undefined).join(' '),
    ],
  )
  return draft('tickets', columns, rows, { noun: 'tickets' })
}

function requestSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', '*request', '*merged', '*into', '*agents', '*labels', '*links to sessions')
  const rows = rowsOf(
    report,
    ({ request }) => (request === undefined ? [] : [request]),
    ({ name, mergedAt, target, agents, labels, links }) => [
      ...[name, mergedAt, target],
      [
        ...(agents.author === undefined ? [] : [`asked by ${agents.author}`]),
        ...(agents.mergedBy === undefined ? [] : [`merged by ${agents.mergedBy}`]),
        ...(agents.commits.length === 0 ? [] : [`commits by ${agents.commits.join(', ')}`]),
      ].join('; '),
      labels.join(', '),
      links.map((it) => `${it.tool} ${it.id}`).join(', '),
    ],
  )
  const notes = rows.length === 0 ? [] : ['as the forge says it; who may edit a request may add a link at any time']
  return draft('requests', columns, rows, { noun: 'requests', notes })
}

const orders = {
  'after-last-ai': 'saw the last commit of AI',
  'before-last-ai': 'before the last commit of AI',
  unknown: 'unknown',
} as const

function reviewSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', 'verdict', 'what it saw', '*agent', '*role', '*at', '*of commit')
  const rows = rowsOf(
    report,
    ({ reviews }) => reviews,
    ({ verdict, order, agent, role, at, commit }) => [
      ...[verdict.replaceAll('-', ' '), orders[order], agent, role, at],
      commit === undefined ? undefined : short(commit),
    ],
  )
  return draft('reviews', columns, rows, { noun: 'reviews' })
}

/** By change, for a request may have a hundred of them: those that did not pass are named. */
function checkSection({ changes }: RangeReport): Draft {
  const columns = columnsOf('*commit', '#passed', '#failed', '#others', '*that failed')
  const rows = changes.flatMap(({ commit, context }) => {
    const checks = context?.checks
    if (checks === undefined) return []
    const passed = checks.filter(({ outcome }) => outcome === 'passed')
    const failed = checks.filter(({ outcome }) => outcome === 'failed')
    const names = [...new Set(failed.map(({ name }) => name))]
    const more = names.length > namedChecks ? ` and ${names.length - namedChecks} more` : ''
    return [
      [
        ...[short(commit), passed.length, failed.length, checks.length - passed.length - failed.length],
        `${names.slice(0, namedChecks).join(', ')}${more}`,
      ],
    ]
  })
  return draft('checks', columns, rows, { noun: 'changes' })
}

const namedChecks = 5

function deploymentSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', '*environment', 'state', '*at')
  const rows = rowsOf(
    report,
    ({ deployments }) => deployments,
    ({ environment, state, at }) => [environment, state.replaceAll('-', ' '), at],
  )
  return draft('deployments', columns, rows, { noun: 'deployments' })
}

function short(commit: string): string {
  return commit.slice(0, 12)
}
