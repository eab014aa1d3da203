/** What a transcript tells, as samples say it. */
import type { TranscriptFormat } from '../../../src/collect/transcripts/formats/row.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'
import type { Told } from './samples/sample.ts'

/** Without what it does not tell. */
export function toldOf({ session, problems }: ReadTranscript, format: TranscriptFormat): Told {
  const { toolVersions, models, startedAt, endedAt, turns, iterations, tokens, shellLines } = session
  const edits = session.edits.map((it) => `${it.path} ${it.verdict} ${it.acceptedBy ?? '-'} ${it.lines.length}`)
  return {
    ...(session.tool === format.tool ? {} : { tool: session.tool }),
    ...(session.session === undefined ? {} : { session: session.session }),
    ...(session.agent === undefined ? {} : { agent: session.agent }),
    ...(session.parent === undefined ? {} : { parent: session.parent }),
    ...(toolVersions.length === 0 ? {} : { versions: toolVersions }),
    ...(models.length === 0 ? {} : { models }),
    ...(startedAt === undefined || endedAt === undefined ? {} : { times: [startedAt, endedAt] as const }),
    ...(turns === 0 ? {} : { turns }),
    ...(iterations === 0 ? {} : { iterations }),
    ...(tokens === undefined || Object.keys(tokens).length === 0 ? {} : { tokens }),
    ...(edits.length === 0 ? {} : { edits }),
    ...(shellLines.length === 0 ? {} : { shellLines: shellLines.length }),
    ...(session.commits.length === 0 ? {} : { commits: session.commits }),
    ...(problems.length === 0 ? {} : { problems: problems.map(({ code }) => code) }),
  }
}

/** As a later version may tell it: with its own version, and that it is one. */
export function withoutVersion({ versions: _, problems = [], ...told }: Told): Told {
  const others = problems.filter((it) => it !== 'format-newer')
  return others.length === 0 ? told : { ...told, problems: others }
}

export function listOf(told: Told | readonly Told[]): readonly Told[] {
  return Array.isArray(told) ? (told as readonly Told[]) : [told as Told]
}
