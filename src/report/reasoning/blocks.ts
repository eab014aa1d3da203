/** A log of reasoning as blocks that every form of it is drawn from: our words, and texts from outside, which stay data. */
import type { LogEntry, LoggedSession, NotLooked, ReasoningLog, RecordState } from '../../model/reasoning-log.ts'
import { unsteering } from '../../one-line.ts'
import { replacementWords, unsignedWords } from './replacement-words.ts'

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  /** Of ours; what it names from outside is on one line. */
  | { readonly kind: 'note'; readonly text: string }
  /** From outside, on many lines. */
  | { readonly kind: 'quote'; readonly label: string; readonly text: string }

export const reasoningTitle = 'What was asked and decided'

const stateWords: { readonly [state in RecordState]: string } = {
  signed: 'Its record has the digest that was signed.',
  unpinned: 'Its record says that it is of this session; there was no signed digest to hold it against.',
  differs:
    'REFUSED: records were given for it, and none has the digest that is claimed for it. Nothing of them is shown.',
  missing: 'MISSING: no record of it was given, so nothing is known here of what was asked.',
  replaced: 'REPLACED: something was taken out of its record afterwards. What is shown is what was left.',
  'not-looked': 'COULD NOT LOOK: no record of it was given, and nobody could look for it in a clone. There may be one.',
}

const notLookedWords: { readonly [reason in NotLooked]: string } = {
  'no-repository': 'this log was not made in a clone of the repository',
  'not-trusted': 'git does not trust the owner of the clone (safe.directory)',
  'git-failed': 'git could not read the clone',
}

const verdictWords = {
  applied: 'applied',
  rejected: 'refused by a person',
  failed: 'failed',
  undone: 'taken back',
  unanswered: 'without an answer',
} as const

export function reasoningBlocks(log: ReasoningLog): readonly Block[] {
  const shown = new Set<number>()
  const blocks: Block[] = [{ kind: 'heading', level: 1, text: reasoningTitle }, ...summary(log)]
  for (const { commit, sessions } of log.changes) {
    blocks.push({ kind: 'heading', level: 2, text: `Change ${unsteering(commit)}` })
    for (const at of sessions) {
      const session = log.sessions[at]
      if (session === undefined) continue
      blocks.push({ kind: 'heading', level: 3, text: titleOf(session) })
      if (shown.has(at)) blocks.push({ kind: 'note', text: 'Told at an earlier change.' })
      else blocks.push(...sessionBlocks(session))
      shown.add(at)
    }
  }
  const others = log.sessions.filter((_, at) => !shown.has(at))
  if (others.length > 0) blocks.push({ kind: 'heading', level: 2, text: 'Sessions of no change that is named' })
  for (const it of others) blocks.push({ kind: 'heading', level: 3, text: titleOf(it) }, ...sessionBlocks(it))
  return blocks
}

function summary({ of, changes, sessions, unclaimed, refused, notLooked }: ReasoningLog): Block[] {
  const count = (state: RecordState): number => sessions.filter((it) => it.record === state).length
  const lines = [
    of.kind === 'range'
      ? `Of the commits up to ${unsteering(of.name)}. Nothing here was verified.`
      : `Of ${unsteering(of.name)}, ${of.verified ? 'which was verified.' : 'NOT VERIFIED: anybody can write such a file.'}`,
    `${changes.length} changes name ${sessions.length} sessions. Of ${count('signed')} the record has the digest, of ${count('unpinned')} there was none to hold it against, of ${count('differs')} no record has it, of ${count('missing')} none was given.${count('replaced') === 0 ? '' : ` Of ${count('replaced')} it was replaced afterwards.`}`,
    ...(notLooked === undefined || count('not-looked') === 0
      ? []
      : [`COULD NOT LOOK for ${count('not-looked')} records: ${notLookedWords[notLooked]}.`]),
    ...(unclaimed === undefined
      ? []
      : [`${unclaimed} commits name no session, and nobody knows whether AI was used for them.`]),
    'Texts are those of redacted records. What was said outside of these sessions is not here, and whether somebody read what was approved cannot be known.',
    ...refused.map(({ name, code }) =>
      code === 'record-altered'
        ? `REFUSED: ${unsteering(name)} has not the digest that its name says.`
        : `Not read: ${unsteering(name)} is no record of a known format.`,
    ),
  ]
  return lines.map((text) => ({ kind: 'note', text }))
}

function titleOf({ tool, id }: LoggedSession): string {
  return unsteering(id === undefined ? `${tool}, no session named` : `${tool}:${id}`)
}

function sessionBlocks(session: LoggedSession): Block[] {
  const { level, models, startedAt, digest, record, entries, left, agents } = session
  const { replacements = [], unsigned = [] } = session
  const facts = [
    `Level: ${unsteering(level)}.`,
    ...(models.length === 0 ? [] : [`Models: ${models.map(unsteering).join(', ')}.`]),
    ...(startedAt === undefined ? [] : [`Began: ${unsteering(startedAt)}.`]),
    ...(digest === undefined ? [] : [`Record: sha256:${unsteering(digest)}.`]),
  ].join(' ')
  return [
    { kind: 'note', text: facts },
    { kind: 'note', text: stateWords[record] },
    ...replacements.map((it) => ({ kind: 'note' as const, text: replacementWords(it) })),
    ...unsigned.map((it) => ({ kind: 'note' as const, text: unsignedWords(it) })),
    ...entryBlocks(entries),
    ...(left === 0 ? [] : [{ kind: 'note' as const, text: `And ${left} more.` }]),
    ...(agents === 0 ? [] : [{ kind: 'note' as const, text: agentWords(agents) }]),
  ]
}

function agentWords(agents: number): string {
  const whose =
    agents === 1
      ? 'One agent of it has a transcript of its own'
      : `${agents} agents of it have transcripts of their own`
  return `LEFT OUT: ${whose}; what was asked and edited there is not here.`
}

/** Edits that follow each other are one block. */
function entryBlocks(entries: readonly LogEntry[]): Block[] {
  const blocks: Block[] = []
  let edits: string[] = []
  const endEdits = (): void => {
    if (edits.length > 0) blocks.push({ kind: 'quote', label: 'Edits', text: edits.join('\n') })
    edits = []
  }
  for (const it of entries) {
    if (it.kind === 'edit') {
      const by =
        it.acceptedBy === undefined ? '' : `, accepted by ${it.acceptedBy === 'person' ? 'a person' : 'a setting'}`
      edits.push(`${unsteering(it.path)}: ${verdictWords[it.verdict]}${by}`)
      continue
    }
    endEdits()
    const label = `${it.kind === 'prompt' ? 'Asked' : 'Answered'}${it.undone ? ', and taken back' : ''}`
    blocks.push({ kind: 'quote', label, text: linesOf(it.text) })
    if (it.left > 0) blocks.push({ kind: 'note', text: `And ${it.left} more characters.` })
  }
  endEdits()
  return blocks
}

/** Line by line, so that nothing in it steers what shows it; how it is indented stays. */
function linesOf(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) => {
      const [blank = ''] = /^[ \t]*/.exec(line) ?? []
      return blank.replaceAll('\t', '    ') + unsteering(line.slice(blank.length))
    })
    .join('\n')
    .trim()
}
