/** What the transcripts of a session tell, in the same words wherever sessions are shown. */
import { corroborationWords } from './corroboration.ts'
import type { Session, ToldByTranscript } from './session.ts'

/** Headings of {@link toldCells}. */
export const toldColumns = ['asked', 'answers', 'tokens in/out', 'edits', 'let by', 'corroborated'] as const

type Told = Pick<Session, 'iterations' | 'transcript' | 'corroborated'>

/** One cell for each of {@link toldColumns}; undefined where no transcript was read. */
export function toldCells({ iterations, transcript, corroborated }: Told): (string | number | undefined)[] | undefined {
  if (transcript === undefined) return undefined
  const { turns, tokens, edits, accepted } = transcript
  return [
    turns,
    iterations,
    tokens === undefined ? undefined : `${inputOf(tokens)}/${tokens.output ?? 'unknown'}`,
    editWords(edits),
    acceptedWords(edits.applied, accepted),
    corroborated === undefined ? undefined : corroborationWords(corroborated),
  ]
}

/** What was sent to the model, from a cache or not. */
function inputOf({ input, cacheRead, cacheWrite }: NonNullable<ToldByTranscript['tokens']>): string {
  const said = [input, cacheRead, cacheWrite].filter((it) => it !== undefined)
  return said.length === 0 ? 'unknown' : String(said.reduce((sum, it) => sum + it, 0))
}

/** `12 made, 2 rejected, 1 failed`. */
export function editWords({ applied, rejected, failed, undone, unanswered }: ToldByTranscript['edits']): string {
  const others = { rejected, failed, 'taken back': undone, 'without an answer': unanswered }
  const more = Object.entries(others).flatMap(([words, count]) =>
    count === undefined || count === 0 ? [] : `${count} ${words}`,
  )
  return [`${applied} made`, ...more].join(', ')
}

/** Who let the edits be made that were: `3 a person, 9 a setting`. */
export function acceptedWords(applied: number, accepted: ToldByTranscript['accepted']): string {
  const { person = 0, setting = 0 } = accepted ?? {}
  const unknown = Math.max(0, applied - person - setting)
  const words = [
    ...(person === 0 ? [] : [`${person} a person`]),
    ...(setting === 0 ? [] : [`${setting} a setting`]),
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
  ]
  return words.length === 0 ? 'no edit' : words.join(', ')
}
