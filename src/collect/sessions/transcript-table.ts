/** The transcripts of a range, by session, and what they tell of each as it is signed. */
import { limits } from '../../model/limits.ts'
import type { Session, ToldByTranscript } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'
import { editVerdicts } from '../../model/transcript.ts'
import type { ToldSession, TranscriptTokens } from '../../model/transcript.ts'
import { redactionRules } from '../redact/secrets.ts'

/** One transcript of a session: of the run itself, or of an agent that it started. */
export interface SessionTranscript {
  readonly format: string
  /** SHA-256, lower-case hex. */
  readonly digest: string
  /** Undefined where the digest is of the bytes as a store has them. */
  readonly redactions: number | undefined
  readonly told: ToldSession
}

export interface TranscriptTable {
  /** The session is named as records name it. */
  add(tool: string, session: string, transcript: SessionTranscript): void
  /** Those of the session and of its agents, the main one first. */
  of(tool: string, session: string | undefined): readonly SessionTranscript[]
}

export function newTranscriptTable(maxLines: number = limits.transcriptLinesInAll): TranscriptTable {
  const bySession = new Map<string, SessionTranscript[]>()
  let lines = 0
  return {
    add(tool, session, transcript) {
      const key = `${tool}\n${session}`
      const known = bySession.get(key) ?? []
      if (known.some(({ digest }) => digest === transcript.digest)) return
      const { edits, shellLines } = transcript.told
      lines += edits.reduce((sum, it) => sum + it.lines.length, shellLines.length)
      // Of those beyond the limit all is known but what they wrote.
      const kept = lines <= maxLines ? transcript : { ...transcript, told: withoutLines(transcript.told) }
      bySession.set(key, [...known, kept].sort(byPlace))
    },
    of: (tool, session) => (session === undefined ? [] : (bySession.get(`${tool}\n${session}`) ?? [])),
  }
}

function withoutLines(told: ToldSession): ToldSession {
  return { ...told, edits: told.edits.map((it) => ({ ...it, lines: [] })), shellLines: [] }
}

/** Whatever order they come in. */
function byPlace(a: SessionTranscript, b: SessionTranscript): number {
  return (
    byText(a.told.agent ?? '', b.told.agent ?? '') ||
    byText(a.told.startedAt ?? '', b.told.startedAt ?? '') ||
    byText(a.digest, b.digest)
  )
}

/** What is signed of them; undefined where there are none. */
export function toldBy(
  transcripts: readonly SessionTranscript[],
): Pick<Session, 'iterations' | 'transcript'> | undefined {
  const [first] = transcripts
  if (first === undefined) return undefined
  const all = transcripts.map(({ told }) => told)
  const main = all.filter((it) => it.agent === undefined)
  const versions = [...new Set(all.flatMap((it) => it.toolVersions))].slice(0, limits.modelsPerSession)
  const prompts = [...new Set(main.flatMap((it) => it.prompts?.hash ?? []))]
  const agents = transcripts.filter(({ told }) => told.agent !== undefined)
  const redactions = transcripts.map((it) => it.redactions).filter((it) => it !== undefined)
  return {
    iterations: sum(all.map((it) => it.iterations)),
    transcript: {
      format: first.format,
      files: transcripts.length,
      ...(redactions.length === 0 ? {} : { redaction: { rules: redactionRules, count: sum(redactions) } }),
      ...(versions.length < 2 ? {} : { toolVersions: versions }),
      turns: sum(main.map((it) => it.turns)),
      ...optional('tokens', tokensIn(all)),
      // Of several runs nobody could tell whose it is.
      ...optional('prompts', prompts.length === 1 ? prompts[0] : undefined),
      ...editsIn(all),
      ...optional('agents', agents.length === 0 ? undefined : agents.slice(0, limits.sessionsPerCommit).map(agentIn)),
    },
  }
}

function agentIn({
  digest,
  told: { agent = '', role, models },
}: SessionTranscript): NonNullable<ToldByTranscript['agents']>[number] {
  return {
    id: agent,
    ...(role === 'unknown' ? {} : { role }),
    models: models.slice(0, limits.modelsPerSession),
    digest: { sha256: digest },
  }
}

function editsIn(all: readonly ToldSession[]): Pick<ToldByTranscript, 'edits' | 'accepted'> {
  const edits = all.flatMap((it) => it.edits)
  const counts = editVerdicts.map((verdict) => [verdict, edits.filter((it) => it.verdict === verdict).length] as const)
  const applied = edits.filter((it) => it.verdict === 'applied')
  const accepted = (['person', 'setting'] as const)
    .map((by) => [by, applied.filter((it) => it.acceptedBy === by).length] as const)
    .filter(([, count]) => count > 0)
  return {
    edits: { applied: applied.length, ...Object.fromEntries(counts.filter(([, count]) => count > 0)) },
    ...(accepted.length === 0 ? {} : { accepted: Object.fromEntries(accepted) }),
  }
}

function tokensIn(all: readonly ToldSession[]): ToldByTranscript['tokens'] {
  const said = all.flatMap(({ tokens }) => tokens ?? [])
  if (said.length === 0) return undefined
  const of = (name: keyof TranscriptTokens): { [key in typeof name]?: number } => {
    const counts = said.map((it) => it[name]).filter((it) => it !== undefined)
    return counts.length === 0 ? {} : { [name]: sum(counts) }
  }
  return { ...of('input'), ...of('output'), ...of('cacheRead'), ...of('cacheWrite') }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, it) => all + it, 0)
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { [name in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]: T })
}
