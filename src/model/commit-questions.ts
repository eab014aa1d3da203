/**
 * What is asked of one commit after an incident, answered as far as records go. Each gap is named: what nobody recorded is no answer.
 * Pure; of texts it tells where they are kept.
 */
import { option } from '../errors.ts'
import { oneLine } from '../one-line.ts'
import { corroborationWords } from './corroboration.ts'
import type { RangeReport, ReportedSession } from './range-report.ts'
import type { ReportedContext } from './reported-context.ts'
import { unseenTogether } from './session-words.ts'
import { acceptedWords, editWords } from './transcript-words.ts'
import { counted } from './counted.ts'

type ReportedReview = NonNullable<ReportedContext['reviews']>[number]

export interface CommitAnswer {
  readonly question: string
  readonly answers: string[]
  /** What is not known, and why; none where all is. */
  readonly gaps: string[]
}

/** Seven questions, in the order in which they are asked. */
export function commitAnswers(report: Omit<RangeReport, 'answers'>): CommitAnswer[] {
  const { sessions } = report
  const told = sessions.filter((it) => it.transcript !== undefined)
  const nobody = sessions.length === 0 ? ['no AI session is named; that does not mean that no AI was used'] : []
  const untold = sessions
    .filter((it) => it.transcript === undefined)
    .map((it) => `no transcript of ${nameOf(it)} was read`)
  const noTranscript = [...nobody, ...untold]
  return [
    answer(
      'what was generated',
      [...linesSaid(report), ...told.map(generated)],
      [...linesGap(report), ...noTranscript],
    ),
    answer('what was asked', told.filter((it) => !isOfAgentsAlone(it)).map(asked), [
      ...noTranscript,
      ...told.filter(isOfAgentsAlone).map((it) => `of ${nameOf(it)} only what its agents were asked was read`),
      ...told.filter((it) => it.transcript?.prompts === undefined).map(unhashed),
    ]),
    answer(
      'which model',
      sessions
        .filter((it) => it.models.length > 0)
        .map((it) => `${nameOf(it)}: ${it.models.join(', ')}, ${modelSource(it)}`),
      [...nobody, ...sessions.filter((it) => it.models.length === 0).map((it) => `${nameOf(it)} names no model`)],
    ),
    answer(
      'which file',
      filesSaid(report),
      report.changes.some((it) => it.files.length > 0) ? [] : ['no lines were counted'],
    ),
    answer('who accepted', told.flatMap(accepted), [
      ...noTranscript,
      ...told
        .filter((it) => unknownAcceptance(it) > 0)
        .map((it) => `${unknownAcceptance(it)} edits of ${nameOf(it)} say nothing of who let them be made`),
    ]),
    answer('was it reviewed', reviewed(report), [
      ...[unreadReviews(report)].filter((it) => it !== undefined),
      'what people said in a review is not read: ask the forge',
    ]),
    answer('can it be traced', sessions.map(traced), [
      ...nobody,
      ...sessions.filter((it) => it.level === 'claimed').map((it) => `${nameOf(it)} is claimed: ${it.reason}`),
      ...unseenTogether(
        report.readers.map(({ detail, ...it }) => ({ ...it, ...(detail === undefined ? {} : { detail }) })),
      ).map((it) => `not looked at: ${it}`),
    ]),
  ]
}

function answer(question: string, answers: string[], gaps: string[]): CommitAnswer {
  return { question, answers, gaps: [...new Set(gaps)] }
}

function modelSource({ model, receipt }: ReportedSession): string {
  if (model !== 'vouched') return 'as it says itself'
  return `as ${receipt?.issuer === undefined ? 'an independent party' : oneLine(receipt.issuer)} saw`
}

function nameOf({ tool, id }: Pick<ReportedSession, 'tool' | 'id'>): string {
  return id === undefined ? `${tool} (no session named)` : `${tool} ${id}`
}

function linesSaid({ lines }: Omit<RangeReport, 'answers'>): string[] {
  if (lines === undefined) return []
  return [
    `${counted(lines.ai, 'line')} by AI, ${lines.human} by hand, ${lines.unknown} unknown, ${lines.generated} in generated files`,
  ]
}

function linesGap({ lines }: Omit<RangeReport, 'answers'>): string[] {
  if (lines === undefined) return ['no record tells which lines are whose']
  return lines.unknown === 0 ? [] : [`of ${counted(lines.unknown, 'line')} no record says whose they are`]
}

function generated(it: ReportedSession): string {
  const { transcript, corroborated } = it
  const share = corroborated === undefined ? '' : `; corroborated: ${corroborationWords(corroborated)}`
  return `${nameOf(it)}: edits ${transcript === undefined ? 'unknown' : editWords(transcript.edits)}${share}`
}

/** No person asks an agent that another one started. */
function isOfAgentsAlone({ transcript }: ReportedSession): boolean {
  return transcript !== undefined && transcript.turns === 0 && (transcript.agents?.length ?? 0) >= transcript.files
}

function asked(it: ReportedSession): string {
  const { transcript, digest } = it
  const where = digest === undefined ? '' : `; the text stands in its record, sha256:${digest.sha256}`
  const hash = transcript?.prompts === undefined ? '' : `, ${transcript.prompts}`
  return `${nameOf(it)}: a person asked ${transcript?.turns ?? 0} times${hash}${where}`
}

function unhashed(it: ReportedSession): string {
  return `of what ${nameOf(it)} was asked there is no hash`
}

function filesSaid({ changes }: Omit<RangeReport, 'answers'>): string[] {
  return changes.flatMap(({ files }) =>
    files.map(({ path, ai, human, unknown, generated: made }) => {
      const counts = [
        ...(ai > 0 ? [`${ai} by AI`] : []),
        ...(human > 0 ? [`${human} by hand`] : []),
        ...(unknown > 0 ? [`${unknown} unknown`] : []),
        ...(made > 0 ? [`${made} generated`] : []),
      ]
      return `${path}: ${counts.length === 0 ? 'no line added' : counts.join(', ')}`
    }),
  )
}

function accepted(it: ReportedSession): string[] {
  const { transcript } = it
  const isSaid = (transcript?.edits.applied ?? 0) > unknownAcceptance(it)
  const rejected = transcript?.edits.rejected ?? 0
  const refused = rejected === 0 ? '' : `; a person rejected ${rejected}`
  if (!isSaid && rejected === 0) return []
  return [
    `${nameOf(it)}: edits let by ${acceptedWords(transcript?.edits.applied ?? 0, transcript?.accepted)}${refused}`,
  ]
}

function unknownAcceptance({ transcript }: ReportedSession): number {
  const { person = 0, setting = 0 } = transcript?.accepted ?? {}
  return Math.max(0, (transcript?.edits.applied ?? 0) - person - setting)
}

function reviewed({ changes, sessions }: Omit<RangeReport, 'answers'>): string[] {
  return [
    ...changes.flatMap(({ request }) => (request === undefined ? [] : [`it came of request ${request}`])),
    ...sessions.filter(({ role }) => role === 'review').map((it) => `${nameOf(it)} reviewed it, an AI tool`),
    ...changes.flatMap(({ context }) => (context?.reviews ?? []).map(reviewWords)),
    ...changes.flatMap(({ context }) => (context?.reviews?.length === 0 ? ['the forge says that nobody did'] : [])),
  ]
}

function reviewWords({ verdict, order, agent, at }: ReportedReview): string {
  const who = agent === undefined ? 'somebody' : `an agent (${agent})`
  const saw = {
    'after-last-ai': 'who saw the last commit of AI',
    'before-last-ai': 'before the last commit of AI',
    unknown: 'and what was looked at is not known',
  }[order]
  return `the forge says: ${verdict.replaceAll('-', ' ')} by ${who}${at === undefined ? '' : `, ${at}`}, ${saw}`
}

/** Undefined where the reviews of all requests were read. */
function unreadReviews({ changes }: Omit<RangeReport, 'answers'>): string | undefined {
  const isRead = changes.length > 0 && changes.every(({ context }) => context?.reviews !== undefined)
  return isRead ? undefined : `who reviewed it was not read: give a token of the forge (${option('forgeTokenFile')})`
}

function traced(it: ReportedSession): string {
  const digest = it.digest === undefined ? '' : `, record sha256:${it.digest.sha256}`
  return `${nameOf(it)}: ${it.level}, ${it.linkage}${digest}`
}
