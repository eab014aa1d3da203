/** What every view of a range shows, in the same order and words: each differs only in how it is laid out and escaped. */
import { option } from '../../errors.ts'
import { aiConfigurationWords } from '../../model/ai-configuration-words.ts'
import { configWords } from '../../model/config-words.ts'
import { contextReaders } from '../../model/context.ts'
import { contextWords, countContext } from '../../model/context-counts.ts'
import { corroborationMeaning } from '../../model/corroboration.ts'
import { missingTagsWords, rangeWords } from '../../model/range-words.ts'
import type { RangeReport, ReportedChange } from '../../model/range-report.ts'
import type { RaisingStep } from '../../model/raising-steps.ts'
import { fetchTogether, isAtRemote, sessionCount } from '../../model/session-words.ts'
import { receiptCells, receiptColumns } from '../../model/receipt-words.ts'
import { portalCells, portalColumns } from '../../model/portal-words.ts'
import { toldCells, toldColumns } from '../../model/transcript-words.ts'
import { cell } from '../table.ts'
import { configurationSections } from './configuration.ts'
import { contextSections } from './context.ts'
import { columnsOf, draft } from './draft.ts'
import type { Draft, Rows, Section } from './draft.ts'

export const title = 'AI sessions of a release, as records say: nothing of this is signed or verified'

/** With at most so many rows in each. */
export function sectionsOf(report: RangeReport, most: number): readonly Section[] {
  const drafts = [
    summarySection(report),
    questionSection(report),
    sessionSection(report),
    transcriptSection(report),
    receiptSection(report),
    portalSection(report),
    treeSection(report),
    partSection(report),
    changeSection(report),
    ...contextSections(report),
    fileSection(report),
    findingSection(report),
    keptFindingSection(report),
    unseenSection(report),
    stepSection(report),
    ...configurationSections(report),
  ]
  return (
    drafts
      .filter((it) => it.rows.length > 0 || it.notes.length > 0)
      // What is not shown is not made fit to be shown: a report may have a hundred thousand files.
      .map((it) => ({ ...it, rows: it.rows.slice(0, most).map((row) => row.map(cell)) }))
  )
}

function summarySection(report: RangeReport): Draft {
  const { range, otherTag, commits, lines, sessions, readers, config, aiConfiguration } = report
  const isEmpty = commits.total === 0 && range.cut !== true
  const counts = `${commits.claimed} of ${commits.total} name AI, ${commits.unknown} unknown`
  const context = countContext({
    contexts: report.changes.flatMap((it) => it.context ?? []),
    branch: report.branch,
    readers: readers.filter((it) => it.outcome !== 'not-collected'),
  })
  const isOfContext = (reader: string): boolean => contextReaders.some((it) => it === reader)
  const looked = readers.filter((it) => (it.outcome === 'found' || it.outcome === 'nothing') && !isOfContext(it.reader))
  const rows: Rows = [
    ['range', `${rangeWords(range)}, up to ${short(range.until)}`],
    ...(otherTag === undefined ? [] : [['last tag', otherTag]]),
    ['commits', isEmpty ? 'the release is empty: no commit is in it' : counts],
    ['lines', lines === undefined ? 'no record tells of lines' : linesWords(lines)],
    ['named', sessionCount(sessions)],
    ...(config === undefined ? [] : [['configuration', configWords(config)]]),
    ...(aiConfiguration === undefined ? [] : [['AI configuration', aiConfigurationWords(aiConfiguration)]]),
    ...(context === undefined ? [] : contextWords(context).filter(([name]) => name !== 'no context')),
    ['claims read', looked.map((it) => `${it.reader} ${it.claims}`).join(', ')],
  ]
  const notes = [
    ...(range.reason === 'tags-not-fetched' || range.reason === 'tags-unknown' ? [missingTagsWords()] : []),
    ...(otherTag === undefined ? [] : [otherTagNote]),
    ...(range.cut === true ? ['sessions of commits that are not in the clone were not looked for'] : []),
    ...(untold(report) > 0 ? [`${untold(report)} changes that name AI are counted here, and not told one by one`] : []),
  ]
  return draft('', columnsOf('', '*'), rows, { noun: 'facts', notes })
}

/** Without the name of the tag: forges look for names in what stands in no code. */
const otherTagNote = `no tag in its history is of the released version's series: say which are (${option('tagPattern')})`

function linesWords({ ai, human, unknown, generated }: NonNullable<RangeReport['lines']>): string {
  return `${ai} by AI, ${human} by hand, ${unknown} unknown, ${generated} in generated files`
}

/** What is asked of one commit; each gap is a row of its own, for nobody may take it for an answer. */
function questionSection({ answers = [] }: RangeReport): Draft {
  const columns = columnsOf('question', 'known', '*answer')
  const rows = answers.flatMap(({ question, answers: known, gaps }) =>
    [...known.map((it) => ['yes', it]), ...gaps.map((it) => ['no', it])].map((it, at) => [
      at === 0 ? question : '',
      ...it,
    ]),
  )
  return draft('what is asked of the commit', columns, rows, { noun: 'answers' })
}

function sessionSection({ sessions }: RangeReport): Draft {
  const byWeight = sessions.toSorted(
    (a, b) => b.commits.length - a.commits.length || (b.lines?.added ?? 0) - (a.lines?.added ?? 0),
  )
  const columns = columnsOf('level', '*tool', '*session', '*models', '#commits', '#lines', '*read in')
  const rows = byWeight.map((it) => [
    ...[it.level, it.tool, it.id ?? 'not named', it.models.join(', ')],
    ...[it.commits.length, it.lines?.added, it.readers.join(', ')],
  ])
  const notes = rows.length > 0 ? [] : ['no AI session is named; that does not mean that no AI was used']
  return draft('sessions', columns, rows, { noun: 'sessions', notes })
}

/** What was asked, answered and edited, where a transcript was read. */
function transcriptSection({ sessions }: RangeReport): Draft {
  const columns = columnsOf(
    '*session',
    ...toldColumns.map((it) => (it === 'asked' || it === 'answers' ? `#${it}` : it)),
  )
  const rows = sessions.flatMap((it) => {
    const cells = toldCells(it)
    return cells === undefined ? [] : [[it.id ?? 'not named', ...cells]]
  })
  const notes = sessions.some((it) => it.corroborated !== undefined) ? [corroborationMeaning] : []
  return draft('what transcripts tell', columns, rows, { noun: 'sessions', notes })
}

/** Who else saw them. */
function receiptSection({ sessions }: RangeReport): Draft {
  const columns = columnsOf('*session', ...receiptColumns.map((it) => (it === 'counts' ? it : `*${it}`)))
  const rows = sessions.flatMap((it) => {
    const cells = receiptCells(it)
    return cells === undefined ? [] : [[it.id ?? 'not named', ...cells]]
  })
  return draft('receipts that agree', columns, rows, { noun: 'receipts' })
}

/** What portals that were asked said. */
function portalSection({ sessions }: RangeReport): Draft {
  const columns = columnsOf('*session', ...portalColumns.map((it) => (it === 'counts' ? it : `*${it}`)))
  const rows = sessions.flatMap((it) => {
    const cells = portalCells(it)
    return cells === undefined ? [] : [[it.id ?? 'not named', ...cells]]
  })
  return draft('what portals answered', columns, rows, { noun: 'answers' })
}

/** Planner, workers, reviewers: whatever started another, also where it is none of the range. */
function treeSection({ sessions }: RangeReport): Draft {
  const started = sessions.filter((it) => typeof it.parent === 'string')
  const columns = columnsOf('*tool', '*session', 'role', '*started by')
  const rows = started.map((it) => [it.tool, it.id ?? 'not named', it.role, it.parent ?? undefined])
  return draft('sessions that another one started', columns, rows, { noun: 'sessions' })
}

/** Those that name AI, and those that are a request: for the others nothing is known. */
function toldChanges({ changes }: RangeReport): readonly ReportedChange[] {
  return changes.filter((it) => it.sessions.length > 0 || it.request !== undefined)
}

function partSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', 'level', '*tool', '*session', 'linkage', 'role', '#lines')
  const rows = report.changes.flatMap(({ commit, sessions }) =>
    sessions.map((it) => [
      ...[short(commit), it.level, it.tool, it.id ?? 'not named'],
      ...[it.linkage, it.role, it.lines],
    ]),
  )
  return draft('sessions in changes', columns, rows, { noun: 'sessions in changes' })
}

function changeSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', '*request', 'kind', '#sessions', '#AI', '#by hand', '#unknown', '#generated')
  const told = toldChanges(report)
  const rows = told.map(({ commit, request, parents, sessions, lines }) => [
    ...[short(commit), request, kindOf(request, parents.length), sessions.length],
    ...[lines?.ai, lines?.human, lines?.unknown, lines?.generated],
  ])
  const total = rows.length + untold(report)
  return draft('changes that name AI, or came of a pull request', columns, rows, { noun: 'changes', total })
}

/** Changes that name AI beyond the most that are told one by one. */
function untold({ commits, changes }: RangeReport): number {
  return Math.max(0, commits.claimed - changes.filter((it) => it.sessions.length > 0).length)
}

function kindOf(request: string | undefined, parents: number): string {
  if (parents > 1) return 'merge'
  return request === undefined ? 'commit' : 'squash'
}

/** Those of which records tell come first. */
function fileSection(report: RangeReport): Draft {
  const columns = columnsOf('*commit', '*file', '#AI', '#by hand', '#unknown', '#generated', '*sessions (lines)')
  const files = report.changes
    .filter((it) => it.sessions.length > 0)
    .flatMap((change) => change.files.map((file) => ({ ...file, commit: change.commit })))
    .sort((a, b) => b.ai - a.ai || b.human - a.human)
  const rows = files.map(({ commit, path, ai, human, unknown, generated, sessions }) => [
    ...[short(commit), path, ai, human, unknown, generated],
    sessions.map((it) => `${it.tool} ${it.id ?? 'not named'} (${it.lines})`).join(', '),
  ])
  return draft('files of changes that name AI', columns, rows, { noun: 'files' })
}

function findingSection({ findings }: RangeReport): Draft {
  const columns = columnsOf('*finding', '#times', 'meaning', 'what to do')
  const rows = findings.map(({ code, count, meaning, mend }) => [code, count, meaning, mend])
  return draft('findings', columns, rows, { noun: 'findings' })
}

function keptFindingSection({ findings }: RangeReport): Draft {
  const columns = columnsOf('*finding', '*commit', '*what was found')
  const rows = findings.flatMap(({ code, kept }) =>
    kept.map(({ commit, detail }) => [code, commit === undefined ? undefined : short(commit), detail]),
  )
  const total = findings.reduce((sum, { count }) => sum + count, 0)
  return draft('findings one by one', columns, rows, { noun: 'findings', total })
}

function unseenSection({ readers }: RangeReport): Draft {
  const unseen = readers.filter((it) => it.outcome !== 'found' && it.outcome !== 'nothing')
  const columns = columnsOf('*reader', 'outcome', '*what it reads', '*why')
  const rows = unseen.map(({ reader, outcome, title: reads, detail }) => [
    ...[reader, outcome.replaceAll('-', ' '), reads, detail],
  ])
  const together = fetchTogether(
    unseen.flatMap(({ fetch }) => fetch ?? []),
    unseen.every((it) => it.fetch === undefined || isAtRemote(it)),
  )
  const commands = together === undefined ? [] : [cell(together)]
  const notes = rows.length === 0 ? [] : ['not looked at is not the same as nothing there']
  return draft('not looked at', columns, rows, { noun: 'readers', commands, notes })
}

const raises: { readonly [step in RaisingStep]: string } = {
  'name-session': 'claimed to recorded',
  'keep-record': 'claimed to recorded',
  'sign-record': 'recorded to signed',
  'get-receipt': 'signed to vouched',
}

function stepSection({ steps }: RangeReport): Draft {
  const columns = columnsOf('#sessions', 'level', 'what would raise it')
  const rows = steps.map(({ step, sessions, mend }) => [sessions, raises[step], mend])
  return draft('what would raise a level', columns, rows, { noun: 'steps' })
}

function short(commit: string): string {
  return commit.slice(0, 12)
}
