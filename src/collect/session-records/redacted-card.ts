/** The card of a record that was redacted once more: what its transcript still tells, and nothing of what went. Pure. */
import { CountersignError } from '../../errors.ts'
import { recordCard } from '../../model/session-record.ts'
import type { RecordCard } from '../../model/session-record.ts'
import type { SessionRedaction } from '../../model/session-redaction.ts'
import type { ToldSession, TranscriptEdit } from '../../model/transcript.ts'
import { ruleSet } from '../redact/rule-set.ts'
import { redactionRules } from '../redact/secrets.ts'
import { isUnpublishablePath } from '../redact/unpublishable.ts'
import type { NamedWords } from './named-words.ts'

/** What one of the two transcripts is; `told` is undefined where its bytes cannot tell of a session. */
interface Told {
  readonly told: ToldSession | undefined
  readonly sha256: string
  readonly bytes: number
}

export interface CardParts {
  readonly card: RecordCard
  readonly before: Told
  readonly after: Told
  readonly asked: { readonly words: NamedWords; readonly reason: string }
  readonly removed: SessionRedaction['removed']
}

/** Error: `redaction-breaks-record`. */
export function redactedCard({ card, before, after, asked: { words, reason }, removed }: CardParts): RecordCard {
  const { format, tool, session, agent, parent, role, file, aiConfiguration } = card
  refuseOther(before.told, after.told)
  const { told } = after
  const edits = told === undefined ? { edits: [] } : editsOf(card, before.told?.edits ?? [], told.edits, words)
  const clean = <T>(value: T): T | undefined =>
    value !== undefined && words.isIn(JSON.stringify(value)) ? undefined : value
  const { rules } = { rules: redactionRules }
  const made = {
    ...{ format, digest: { sha256: after.sha256 }, bytes: after.bytes, tool, session, agent },
    ...{ file: clean(file), parent: clean(parent), role: clean(role) },
    // What a transcript cannot tell, the old card claimed; a hash over questions that changed says nothing.
    ...(told === undefined
      ? claimed(card, words)
      : {
          ...{ toolVersions: told.toolVersions, models: told.models, turns: told.turns, iterations: told.iterations },
          ...{ startedAt: told.startedAt, endedAt: told.endedAt, tokens: told.tokens, prompts: told.prompts },
        }),
    ...edits,
    redaction: {
      ...{ rules, ruleSet: { sha256: ruleSet } },
      count: card.redaction.count + removed.secrets + removed.words + removed.rows,
    },
    replaces: { digest: { sha256: before.sha256 }, reason },
    aiConfiguration: clean(aiConfiguration),
  }
  const text = JSON.stringify(made)
  if (words.isIn(text)) throw breaksRecord('a word is a part of what names the session')
  const { data } = recordCard.safeParse(JSON.parse(text))
  if (data === undefined) throw breaksRecord('its card could not be made anew')
  return data
}

function refuseOther(before: ToldSession | undefined, after: ToldSession | undefined): void {
  if (before === undefined) return
  const isSame = after?.session === before.session && after?.tool === before.tool && after.agent === before.agent
  if (!isSame) throw breaksRecord('what is left of it tells of no session, or of another')
}

function claimed(
  { toolVersions, models, turns, iterations, startedAt, endedAt, tokens }: RecordCard,
  words: NamedWords,
): Partial<RecordCard> {
  const without = (names: readonly string[]): string[] => names.filter((it) => !words.isIn(it))
  return {
    ...(toolVersions === undefined ? {} : { toolVersions: without(toolVersions) }),
    ...{ models: without(models), turns, iterations, tokens },
    ...{ startedAt, endedAt },
  }
}

/**
 * Those that the new transcript still tells, under the paths that the old card has for them: that one knew where the repository lay. Where the
 * two do not go together, only their number stays.
 */
function editsOf(
  card: RecordCard,
  old: readonly TranscriptEdit[],
  left: readonly TranscriptEdit[],
  words: NamedWords,
): Pick<RecordCard, 'edits' | 'editsBeyond'> {
  const none = { edits: [], ...(left.length === 0 ? {} : { editsBeyond: left.length }) }
  if (card.edits.length + (card.editsBeyond ?? 0) !== old.length) return none
  const edits: RecordCard['edits'][number][] = []
  let beyond = 0
  let at = 0
  for (const it of left) {
    while (at < old.length && !isSame(old[at], it, words)) at += 1
    if (at === old.length) return none
    const known = card.edits[at]
    at += 1
    if (known === undefined) {
      beyond += 1
      continue
    }
    const { path, ...rest } = known
    const isShown = path !== undefined && !words.isIn(path) && !isUnpublishablePath(path)
    edits.push({ ...(isShown ? { path } : {}), ...rest, lines: it.lines.length })
  }
  return { edits, ...(beyond === 0 ? {} : { editsBeyond: beyond }) }
}

function isSame(old: TranscriptEdit | undefined, left: TranscriptEdit, words: NamedWords): boolean {
  return old?.verdict === left.verdict && words.redactText(old.path).text === left.path
}

export function breaksRecord(why: string): CountersignError {
  return new CountersignError('redaction-breaks-record', `the record would be none any more: ${why}`)
}
