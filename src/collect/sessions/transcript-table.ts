/** The transcripts of a range, by session, and what they tell of each as it is signed. */
import { limits } from '../../model/limits.ts'
import type { Session, ToldByTranscript } from '../../model/session.ts'
import { byText } from '../../model/text-order.ts'
import { editVerdicts } from '../../model/transcript.ts'
import type { ToldSession, TranscriptEdit, TranscriptTokens } from '../../model/transcript.ts'
import { sumOfLost } from '../session-records/facts-before.ts'
import type { Lost, LostFacts } from '../session-records/facts-before.ts'
import { ruleSet } from '../redact/rule-set.ts'
import { redactionRules } from '../redact/secrets.ts'
import { sumOfTokens } from '../transcripts/token-sums.ts'

/** One transcript of a session: of the run itself, or of an agent that it started. */
export interface SessionTranscript {
  readonly format: string
  /** SHA-256, lower-case hex. */
  readonly digest: string
  /** Undefined where the digest is of the bytes as a store has them. */
  readonly redactions: number | undefined
  readonly told: ToldSession
  /** The bytes tell of the session themselves, or whoever attests gave the file under its name. */
  readonly isTold?: boolean
  /** SHA-256 of the card that alone says what the session was. */
  readonly card?: string
  /** What a record told that this one stands in the place of. */
  readonly lost?: Lost
}

export interface TranscriptTable {
  /** The session is named as records name it. `cut`: all is known but which lines it wrote, for there are too many. */
  add(tool: string, session: string, transcript: SessionTranscript): 'whole' | 'cut'
  isEmpty(): boolean
  /** Those of the session and of its agents, the main one first. */
  of(tool: string, session: string | undefined): readonly SessionTranscript[]
}

export function newTranscriptTable(maxLines: number = limits.transcriptLinesInAll): TranscriptTable {
  const bySession = new Map<string, Map<string, SessionTranscript>>()
  const sorted = new Map<string, readonly SessionTranscript[]>()
  let lines = 0
  return {
    add(tool, session, transcript) {
      const key = `${tool}\n${session}`
      // By digest: one session may have as many transcripts as are read.
      const known = bySession.get(key) ?? new Map<string, SessionTranscript>()
      if (known.has(transcript.digest)) return 'whole'
      const { edits, shellLines } = transcript.told
      lines += edits.reduce((sum, it) => sum + it.lines.length, shellLines.length)
      const isWhole = lines <= maxLines
      const kept = isWhole ? transcript : { ...transcript, told: withoutLines(transcript.told) }
      bySession.set(key, known.set(transcript.digest, kept))
      sorted.delete(key)
      return isWhole ? 'whole' : 'cut'
    },
    isEmpty: () => bySession.size === 0,
    of(tool, session) {
      if (session === undefined) return []
      const key = `${tool}\n${session}`
      const all = sorted.get(key) ?? [...(bySession.get(key)?.values() ?? [])].sort(byPlace)
      sorted.set(key, all)
      return all
    },
  }
}

function withoutLines(told: ToldSession): ToldSession {
  return { ...told, edits: told.edits.map((it) => ({ ...it, lines: noLines })), shellLines: noLines }
}

const noLines = new Float64Array(0)

/** Whatever order they come in. */
function byPlace(a: SessionTranscript, b: SessionTranscript): number {
  return (
    byText(a.told.agent ?? '', b.told.agent ?? '') ||
    byText(a.told.startedAt ?? '', b.told.startedAt ?? '') ||
    byText(a.digest, b.digest)
  )
}

/**
 * What is signed of them; undefined where there are none. A run that goes on has the rows of what came before, and a store has it as far as it
 * was at each of its checkpoints: each answer, question and edit counts once. What a redaction took away counts beside it, and where nobody says how
 * much that was, or a card alone says what the session was, nobody has counted the answers. `record`: the digest that is pinned.
 */
export function toldBy(
  transcripts: readonly SessionTranscript[],
  record: string | undefined,
): Pick<Session, 'iterations' | 'transcript'> | undefined {
  const [first] = transcripts
  if (first === undefined) return undefined
  const runs = [...Map.groupBy(transcripts, ({ told }) => told.agent).entries()].map(([agent, all]) => ({
    agent,
    ...fullest(all),
  }))
  const pinned = transcripts.find(({ digest }) => digest === record)
  const versions = [...new Set(transcripts.flatMap(({ told }) => told.toolVersions))].slice(0, limits.modelsPerSession)
  // One for each agent, the last by its time: the same as far as it went before is no other.
  const agents = [
    ...new Map(transcripts.flatMap((it) => (it.told.agent === undefined ? [] : [[it.told.agent, it]]))).values(),
  ]
  const redactions = transcripts.map((it) => it.redactions).filter((it) => it !== undefined)
  const lost = sumOfLost(transcripts.map((it) => (it.card === undefined ? it.lost : 'unknown')))
  return {
    ...optional(
      'iterations',
      lost === undefined ? undefined : sum(runs.map((it) => it.answers.size)) + lost.iterations,
    ),
    transcript: {
      format: (pinned ?? first).format,
      files: transcripts.length,
      ...(redactions.length === 0
        ? {}
        : { redaction: { rules: redactionRules, ruleSet: { sha256: ruleSet }, count: sum(redactions) } }),
      ...(versions.length < 2 ? {} : { toolVersions: versions }),
      turns:
        sum(runs.filter(({ agent }) => agent === undefined).map((it) => it.asked.size)) +
        (sumOfLost(transcripts.filter(({ told }) => told.agent === undefined).map((it) => it.lost))?.turns ?? 0),
      ...optional('tokens', tokensIn(runs.map((it) => sumOfTokens(it.answers.values())))),
      // Of a store nobody keeps the salt.
      ...optional('prompts', pinned?.redactions === undefined ? undefined : pinned.told.prompts?.hash),
      ...editsIn(
        runs.flatMap((it) => it.edits),
        lost?.edits ?? {},
      ),
      ...optional('agents', agents.length === 0 ? undefined : agents.slice(0, limits.sessionsPerCommit).map(agentIn)),
    },
  }
}

interface Union {
  readonly asked: ReadonlySet<string>
  readonly answers: ReadonlyMap<string, TranscriptTokens | undefined>
  readonly edits: readonly TranscriptEdit[]
}

/** A tool that keeps a run in two forms, as rows and in a database, gives its answers other ids in each: added up they would count twice. */
function fullest(transcripts: readonly SessionTranscript[]): Union {
  const forms = [...Map.groupBy(transcripts, ({ format }) => format).values()].map((all) =>
    union(all.map(({ told }) => told)),
  )
  return forms.reduce((best, it) => (isFuller(it, best) ? it : best))
}

function isFuller(a: Union, b: Union): boolean {
  const known = ({ edits }: Union): number => edits.filter(({ verdict }) => verdict !== 'unanswered').length
  const more = known(a) - known(b) || a.answers.size - b.answers.size || a.edits.length - b.edits.length
  return more > 0
}

function union(all: readonly ToldSession[]): Union {
  const edits = new Map<string, TranscriptEdit>()
  const without: TranscriptEdit[] = []
  for (const told of all) {
    const ofCall = new Map<string, number>()
    for (const edit of told.edits) {
      if (edit.call === undefined) without.push(edit)
      else {
        // One call may edit a file in several places, and its lines may be kept of one transcript alone.
        const place = `${edit.call}\n${edit.path}`
        const at = ofCall.get(place) ?? 0
        ofCall.set(place, at + 1)
        // A later transcript may have the result that an earlier one was cut before.
        const key = `${place}\n${at}`
        const known = edits.get(key)
        if (known === undefined || known.verdict === 'unanswered') edits.set(key, edit)
      }
    }
  }
  return {
    asked: new Set(all.flatMap((it) => it.asked)),
    answers: new Map(all.flatMap((it) => [...it.answers])),
    edits: [...edits.values(), ...without],
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

function editsIn(
  edits: readonly TranscriptEdit[],
  lost: LostFacts['edits'],
): Pick<ToldByTranscript, 'edits' | 'accepted'> {
  const counts = editVerdicts.map(
    (verdict) => [verdict, edits.filter((it) => it.verdict === verdict).length + (lost[verdict] ?? 0)] as const,
  )
  const applied = edits.filter((it) => it.verdict === 'applied')
  const accepted = (['person', 'setting'] as const)
    .map((by) => [by, applied.filter((it) => it.acceptedBy === by).length] as const)
    .filter(([, count]) => count > 0)
  return {
    edits: { applied: 0, ...Object.fromEntries(counts.filter(([, count]) => count > 0)) },
    ...(accepted.length === 0 ? {} : { accepted: Object.fromEntries(accepted) }),
  }
}

function tokensIn(all: readonly (TranscriptTokens | undefined)[]): ToldByTranscript['tokens'] {
  const said = all.filter((it) => it !== undefined)
  if (said.length === 0) return undefined
  const of = (name: keyof TranscriptTokens): { [key in typeof name]?: number } => {
    const counts = said.map((it) => it[name]).filter((it) => it !== undefined)
    return counts.length === 0 || !Number.isSafeInteger(sum(counts)) ? {} : { [name]: sum(counts) }
  }
  return { ...of('input'), ...of('output'), ...of('cacheRead'), ...of('cacheWrite') }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, it) => all + it, 0)
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { [name in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]: T })
}
