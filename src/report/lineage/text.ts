/** A lineage for a person at a terminal: the release, then change by change, in the order of the chain. */
import type { Lineage, LineageEdge, LineageGap, LineageNode, MissingLink, Relation } from '../../model/lineage.ts'
import { fold } from '../fold.ts'
import type { Style } from '../style.ts'
import { cell, fields } from '../table.ts'
import { basisWords, countOf } from './drawing.ts'

const usualWidth = 100
const shownChanges = 50
const shownItems = 20

export function lineageText(lineage: Lineage, style: Style): string {
  const at = lookUp(lineage)
  const changes = lineage.nodes.filter(({ kind }) => kind === 'change')
  const told = changes.filter((it) => changeRows(it, at, []).length > 0)
  const quiet = changes.length - told.length + lineage.untold
  const gaps = Map.groupBy(lineage.gaps, ({ change }) => change)
  const lines = [
    style.strong(`lineage ${basisWords[lineage.basis]}`),
    ...releaseLines(lineage, at),
    ...told
      .slice(0, shownChanges)
      .flatMap((it) => ['', style.strong(cell(it.label)), ...rowLines(changeRows(it, at, gaps.get(it.id) ?? []))]),
    ...(told.length > shownChanges
      ? ['', `and ${told.length - shownChanges} more changes of which something is told`]
      : []),
    ...(quiet === 0 ? [] : ['', `${countOf(quiet)} of which nothing but their author is known`]),
    ...(lineage.nodes.length === 0 ? ['', 'no statement tells of a build, or of changes'] : []),
    '',
  ]
  return fold(lines.join('\n'), style.width ?? usualWidth)
}

interface LookUp {
  node(id: string): LineageNode | undefined
  to(id: string, relation: Relation): readonly LineageEdge[]
  from(id: string, relation: Relation): readonly LineageEdge[]
}

function lookUp({ nodes, edges }: Lineage): LookUp {
  const byId = new Map(nodes.map((it) => [it.id, it]))
  const incoming = Map.groupBy(edges, ({ to }) => to)
  const outgoing = Map.groupBy(edges, ({ from }) => from)
  return {
    node: (id) => byId.get(id),
    to: (id, relation) => (incoming.get(id) ?? []).filter((it) => it.relation === relation),
    from: (id, relation) => (outgoing.get(id) ?? []).filter((it) => it.relation === relation),
  }
}

type Row = readonly [name: string, value: string]

function releaseLines({ nodes }: Lineage, at: LookUp): string[] {
  const releases = nodes.filter(({ kind }) => kind === 'release')
  const builds = nodes.filter(({ kind }) => kind === 'build')
  const rows = [
    ...releases.map((it): Row => ['release', cell(it.label.replace(/^release /, ''))]),
    ...builds.flatMap((build): Row[] => {
      const { run, builder, signer } = build.facts ?? {}
      const made = at.from(build.id, 'made')
      return [
        ['built', cell(text(run ?? builder))],
        ...(run === undefined || builder === undefined ? [] : [['by', cell(text(builder))] as const]),
        ...(signer === undefined ? [] : [['signed by', cell(text(signer))] as const]),
        ...items('made', made, ({ to }) => labelOf(to, at)),
        ...deployedRows(
          made.map(({ to }) => to),
          at,
        ),
      ]
    }),
    // What no statement tells the build of.
    ...nodes
      .filter(({ kind, id }) => kind === 'artifact' && at.to(id, 'made').length === 0)
      .flatMap((it): Row[] => [['artifact', cell(it.label)], ...deployedRows([it.id], at)]),
  ]
  return rowLines(rows)
}

/** In the order of time; artifacts of one build that went to one place are a row. */
function deployedRows(artifacts: readonly string[], at: LookUp): Row[] {
  const edges = artifacts.flatMap((it) => at.from(it, 'deployed-to'))
  const once = [...new Map(edges.map((it) => [it.to, it])).values()]
  const time = ({ to }: LineageEdge): number => Date.parse(at.node(to)?.time ?? '') || 0
  return items(
    'deployed',
    once.toSorted((a, b) => time(a) - time(b)),
    ({ to, facts = {} }) =>
      `${deploymentWords(to, at)}${facts['signer'] === undefined ? '' : `, signed by ${cell(text(facts['signer']))}`}`,
  )
}

function changeRows({ id }: LineageNode, at: LookUp, gaps: readonly LineageGap[]): Row[] {
  const requests = at.to(id, 'became')
  const asked = [...at.to(id, 'asked-for'), ...requests.flatMap(({ from }) => at.to(from, 'asked-for'))]
  const sessions = [...at.to(id, 'wrote'), ...at.to(id, 'took-part')]
  const reviews = at.from(id, 'went-to')
  const rows = [
    ...items('request', requests, ({ from }) => requestWords(from, at)),
    ...items('asked for', asked, (it) => ticketWords(it, at)),
    ...items('session', sessions, (it) => sessionWords(it, at)),
    ...items('reviewed', reviews, ({ to }) => reviewWords(to, at)),
    ...items('accepted', at.to(id, 'accepted'), ({ from, said }) => `by ${labelOf(from, at)}${saidBy(said)}`),
    ...items(
      'ran',
      at.from(id, 'ran-on'),
      ({ to }) => `${labelOf(to, at)}: ${fact(to, 'outcome', at)}${saidBy(at.node(to)?.said)}`,
    ),
    ...items('deployed', at.from(id, 'deployed-to'), ({ to }) => deploymentWords(to, at)),
    ...inTime(reviews, at),
  ]
  return rows.length === 0 ? [] : [...rows, ...gapRows(gaps)]
}

/** Sessions and reviews that followed each other, in one line. */
function inTime(reviews: readonly LineageEdge[], at: LookUp): Row[] {
  const ids = new Set(reviews.map(({ to }) => to))
  const pairs = [...ids].flatMap((it) => [...at.to(it, 'followed-by'), ...at.from(it, 'followed-by')])
  if (pairs.length === 0) return []
  const all = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))]
  const ordered = all.toSorted((a, b) => Date.parse(at.node(a)?.time ?? '') - Date.parse(at.node(b)?.time ?? ''))
  const shown = ordered.slice(0, shownItems).map((it) => labelOf(it, at))
  return [
    ['in time', `${shown.join(' → ')}${ordered.length > shownItems ? ` and ${ordered.length - shownItems} more` : ''}`],
  ]
}

function requestWords(id: string, at: LookUp): string {
  const authors = at.to(id, 'authored').map(({ from }) => `by ${labelOf(from, at)}`)
  const labels = at.node(id)?.facts?.['labels']
  return [
    cell(text(at.node(id)?.facts?.['uri'])),
    ...authors,
    ...(labels === undefined || labels === '' ? [] : [`labels ${cell(text(labels))}`]),
  ].join(', ')
}

function ticketWords({ from, said }: LineageEdge, at: LookUp): string {
  const whole = at.to(from, 'holds').map((it) => `, part of ${labelOf(it.from, at)}${saidBy(it.said)}`)
  return `${labelOf(from, at)}${saidBy(said)}${whole.join('')}`
}

function sessionWords({ from, relation, facts = {} }: LineageEdge, at: LookUp): string {
  const { level, models, receipt, portal } = at.node(from)?.facts ?? {}
  const seers = [receipt, portal].filter((it) => it !== undefined).map((it) => cell(text(it)))
  const lines = facts['lines']
  return [
    labelOf(from, at),
    ...(level === undefined ? [] : [text(level)]),
    ...(seers.length === 0 ? [] : [`seen by ${seers.join(' and ')}`]),
    ...(models === undefined ? [] : [cell(text(models))]),
    relation === 'wrote' ? `wrote ${text(lines)} lines` : lines === 0 ? 'wrote none of the lines' : 'took part',
    ...at.to(from, 'asked').map((it) => `asked by ${labelOf(it.from, at)}`),
    ...at.to(from, 'started').map((it) => `started by ${labelOf(it.from, at)}`),
  ].join(', ')
}

function reviewWords(id: string, at: LookUp): string {
  const { verdict, order } = at.node(id)?.facts ?? {}
  const by = at.to(id, 'reviewed').map(({ from }) => ` by ${labelOf(from, at)}`)
  const when =
    order === 'after-last-ai'
      ? ', after the last AI change'
      : order === 'before-last-ai'
        ? ', before the last AI change'
        : ''
  return `${cell(text(verdict).replaceAll('-', ' '))}${by.join('')}${when}${saidBy(at.node(id)?.said)}`
}

function deploymentWords(id: string, at: LookUp): string {
  const time = at.node(id)?.time
  return `${labelOf(id, at)}: ${fact(id, 'state', at)}${time === undefined ? '' : ` ${cell(time)}`}${saidBy(at.node(id)?.said)}`
}

const missingWords: { readonly [link in MissingLink]: string } = {
  session: 'a session: tools alone are named',
  requester: 'who asked for it',
  ticket: 'a ticket',
  requirement: 'what its ticket is part of',
  request: 'a pull or merge request',
  review: 'a review by a person',
  'review-after-ai': 'an approval after the last AI change',
  acceptance: 'who let it in',
  check: 'a check',
  deployment: 'a deployment',
}

function gapRows(gaps: readonly LineageGap[]): Row[] {
  const of = (why: LineageGap['why']): string =>
    gaps
      .filter((it) => it.why === why)
      .map((it) => missingWords[it.missing])
      .join('; ')
  const [none, unseen] = [of('none'), of('not-looked')]
  return [
    ...(none === '' ? [] : [['missing', none] as const]),
    ...(unseen === '' ? [] : [['not looked at', unseen] as const]),
  ]
}

/** The name stands in the first line alone. */
function items(name: string, edges: readonly LineageEdge[], words: (edge: LineageEdge) => string): Row[] {
  const rows = edges.slice(0, shownItems).map((it, at): Row => [at === 0 ? name : '', words(it)])
  const more = edges.length - rows.length
  return more > 0 ? [...rows, ['', `and ${more} more`]] : rows
}

function rowLines(rows: readonly Row[]): string[] {
  return fields(rows, '  ', 'not looked at'.length)
}

function labelOf(id: string, at: LookUp): string {
  return cell(at.node(id)?.label)
}

function fact(id: string, name: string, at: LookUp): string {
  return cell(text(at.node(id)?.facts?.[name]).replaceAll('-', ' '))
}

function text(value: string | number | boolean | undefined): string {
  return value === undefined ? '' : String(value)
}

function saidBy(said: string | undefined): string {
  return said === undefined ? '' : ` (${said.replaceAll('-', ' ')})`
}
