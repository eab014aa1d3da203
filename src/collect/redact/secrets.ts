/**
 * Secrets in text, taken out before it is kept or signed. Which texts are secrets is said by secretlint's recommended preset, some
 * forty forms of tokens and keys, and by the forms beside it (`known-forms.ts`); of no known form those are found that look random
 * (`random-runs.ts`). A short one, and one in letters of one case, is not.
 */
import { decodedText } from './encoded-text.ts'
import { unescapedText } from './escaped-text.ts'
import type { Place } from './form.ts'
import { keyTails } from './key-tails.ts'
import { knownForms } from './known-forms.ts'
import { presetPlaces } from './preset.ts'
import { randomRuns } from './random-runs.ts'
import { secretWordsIn } from './secret-words.ts'

/** Text without its secrets, and how many were taken out of it. */
export interface Redacted {
  readonly text: string
  readonly count: number
}

/** What these rules are called where it is signed that they were used; another name once another text would come of the same one. */
export const redactionRules = 'https://w3id.org/countersign/redaction/v4'

/** What stands where a secret was. */
export const redaction = '[redacted]'

/** What a token or key is made of: a place ends where such a run does. An assignment's name stands before its sign. */
const before = /[\w+/.~%-]/
const within = /[\w+/=.~%-]/

/** Takes every secret out of a text that the caller has bounded; `before`: the name that it stands behind, and its sign. */
export async function redactSecrets(text: string, before = ''): Promise<Redacted> {
  let redacted = ''
  let end = 0
  let count = 0
  for (const [from, to] of await wholeSecrets(text, before)) {
    redacted += text.slice(end, from) + redaction
    end = to
    count += 1
  }
  return { text: redacted + text.slice(end), count }
}

/** What {@link redactSecrets} takes out, in its order; no two overlap. */
export async function wholeSecrets(text: string, before = ''): Promise<readonly Place[]> {
  const places = (await secretPlaces(text, before)).map((it) => widened(text, it))
  places.sort(([a], [b]) => a - b)
  const whole: [number, number][] = []
  // Two rules may see the same secret, or parts of it.
  for (const [from, to] of places) {
    const last = whole.at(-1)
    if (last === undefined || from >= last[1]) whole.push([from, to])
    else last[1] = Math.max(last[1], to)
  }
  return whole
}

/** Whether there is anything in it that {@link redactSecrets} takes out. */
export async function holdsSecrets(text: string): Promise<boolean> {
  return (await secretPlaces(text)).length > 0
}

/** Where they stand, in any order; places may overlap. */
export async function secretPlaces(text: string, before = ''): Promise<readonly Place[]> {
  const places = await writtenPlaces(text, before)
  const all = [...places]
  for (const other of [unescapedText(text), decodedText(text)]) {
    if (other === undefined) continue
    for (const it of await writtenPlaces(other.text, before)) all.push(other.place(it))
  }
  return all
}

async function writtenPlaces(text: string, before: string): Promise<readonly Place[]> {
  const found = secretWordsIn(text)
  return [
    ...(await presetPlaces(text, found)),
    ...knownForms(text, found),
    ...keyTails(text, found),
    ...randomRuns(text, before),
  ]
}

/** The place with the rest of the run that it stands in: half a token is still a secret. */
function widened(text: string, [from, to]: Place): Place {
  let start = from
  let end = to
  while (start > 0 && before.test(text.charAt(start - 1))) start -= 1
  while (end < text.length && within.test(text.charAt(end))) end += 1
  return [start, end]
}
