/**
 * What a record told that its redaction took away. A redaction must hide nothing that a policy judges, so its statement carries the facts of the
 * old record, and of each the higher counts: what was told before, or what is still told. Pure.
 */
import { limits } from '../../model/limits.ts'
import type { FactsBefore, SessionRedaction } from '../../model/session-redaction.ts'
import { editVerdicts } from '../../model/transcript.ts'
import type { EditVerdict, ToldSession } from '../../model/transcript.ts'
import { modelName, unknownModel } from '../sessions/models.ts'
import { isoTime } from '../sessions/record-time.ts'
import { sessionId } from '../sessions/session-id.ts'
import { breaksRecord } from './redacted-card.ts'

/** What is not told any more and counts all the same. */
export interface LostFacts {
  /** Digest of the record that told it: of rivals that replace one record each counts once. */
  readonly of: string
  readonly iterations: number
  readonly turns: number
  readonly edits: { readonly [verdict in EditVerdict]?: number }
}

/** `unknown`: something went that may have counted, and nobody says how much. */
export type Lost = LostFacts | 'unknown' | undefined

/** What is judged in the place of what a record tells. */
export function withFactsBefore(
  told: ToldSession,
  said: SessionRedaction | undefined,
): { readonly told: ToldSession; readonly lost: Lost } {
  if (said === undefined) return { told, lost: undefined }
  const { before, removed, replaces } = said
  if (before === undefined) {
    if (removed.words + removed.rows === 0) return { told, lost: undefined }
    // Words and rows that went may have named a model, and nobody can tell any more.
    return { told: { ...told, models: union(told.models, [unknownModel]) }, lost: 'unknown' }
  }
  const models = before.models.flatMap((it) => (it === unknownModel ? it : (modelName(it) ?? unknownModel)))
  const parent = typeof before.parent === 'string' ? sessionId(before.parent) : before.parent
  const merged: ToldSession = {
    ...told,
    models: union(told.models, models),
    startedAt: outer(told.startedAt, before.startedAt, (a, b) => a < b),
    endedAt: outer(told.endedAt, before.endedAt, (a, b) => a > b),
    parent: told.parent ?? parent ?? told.parent,
  }
  const { iterations, turns, edits } = before
  if (iterations === undefined || turns === undefined || edits === undefined) return { told: merged, lost: 'unknown' }
  const left = countsOf(told)
  return {
    told: merged,
    lost: {
      of: replaces,
      iterations: Math.max(0, iterations - left.iterations),
      turns: Math.max(0, turns - left.turns),
      edits: perVerdict((it) => Math.max(0, (edits[it] ?? 0) - (left.edits[it] ?? 0))),
    },
  }
}

/**
 * What a new statement says of a record, whose `told` and `lost` are as above; `isCounted`: its bytes tell what is counted. Nothing that has to go
 * stands in it. Error: `redaction-breaks-record`, where what started the session would be hidden.
 */
export function factsBefore(
  told: ToldSession,
  lost: Lost,
  { isCounted, isHidden }: { readonly isCounted: boolean; readonly isHidden: (text: string) => boolean },
): FactsBefore {
  const shown = (time: string | undefined): string | null | undefined =>
    time !== undefined && isHidden(time) ? null : time
  const { parent } = told
  if (typeof parent === 'string' && isHidden(parent)) throw breaksRecord('a word is a part of what names its parent')
  const counts = countsOf(told)
  const [startedAt, endedAt] = [shown(told.startedAt), shown(told.endedAt)]
  return {
    models: union(
      [],
      told.models.map((it) => (isHidden(it) ? unknownModel : it)),
    ),
    ...(lost === 'unknown' || !isCounted
      ? {}
      : {
          iterations: counts.iterations + (lost?.iterations ?? 0),
          turns: counts.turns + (lost?.turns ?? 0),
          edits: perVerdict((it) => (counts.edits[it] ?? 0) + (lost?.edits[it] ?? 0)),
        }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(parent === undefined ? {} : { parent }),
  }
}

/** The sum of what several records lost; undefined where nobody knows it of one. */
export function sumOfLost(all: readonly Lost[]): Omit<LostFacts, 'of'> | undefined {
  const known = new Map<string, LostFacts>()
  for (const it of all) {
    if (it === 'unknown') return undefined
    if (it === undefined) continue
    const other = known.get(it.of)
    known.set(it.of, other === undefined ? it : higher(it, other))
  }
  const sum = (of: (it: LostFacts) => number): number => [...known.values()].reduce((total, it) => total + of(it), 0)
  return {
    iterations: sum((it) => it.iterations),
    turns: sum((it) => it.turns),
    edits: perVerdict((verdict) => sum((it) => it.edits[verdict] ?? 0)),
  }
}

function higher(a: LostFacts, b: LostFacts): LostFacts {
  return {
    of: a.of,
    iterations: Math.max(a.iterations, b.iterations),
    turns: Math.max(a.turns, b.turns),
    edits: perVerdict((it) => Math.max(a.edits[it] ?? 0, b.edits[it] ?? 0)),
  }
}

/** As the session is counted from its transcripts. */
function countsOf({ asked, answers, edits }: ToldSession): Omit<LostFacts, 'of'> {
  return {
    iterations: answers.size,
    turns: new Set(asked).size,
    edits: perVerdict((verdict) => edits.filter((it) => it.verdict === verdict).length),
  }
}

function perVerdict(of: (verdict: EditVerdict) => number): LostFacts['edits'] {
  return Object.fromEntries(editVerdicts.map((it) => [it, of(it)] as const).filter(([, count]) => count > 0))
}

/** What is too many to be kept is one more that nobody knows. */
function union(a: readonly string[], b: readonly string[]): string[] {
  const all = [...new Set([...a, ...b])]
  if (all.length <= limits.modelsPerSession) return all
  return [...all.filter((it) => it !== unknownModel).slice(0, limits.modelsPerSession - 1), unknownModel]
}

/** Undefined where one must not be shown: then it may have been any time. */
function outer(
  told: string | undefined,
  before: string | null | undefined,
  isOuter: (a: string, b: string) => boolean,
): string | undefined {
  if (before === null) return undefined
  const time = isoTime(before)
  if (time === undefined || told === undefined) return told ?? time
  return isOuter(time, told) ? time : told
}
