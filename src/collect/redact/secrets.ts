/**
 * Secrets in text, taken out before it is kept or signed. Which texts are secrets is said by secretlint's recommended preset, some
 * forty forms of tokens and keys, and by the forms beside it (`known-forms.ts`). A secret of no known form is not found.
 */
import type { Place } from './form.ts'
import { knownForms } from './known-forms.ts'
import { presetPlaces } from './preset.ts'
import { secretWordsIn } from './secret-words.ts'

/** Text without its secrets, and how many were taken out of it. */
export interface Redacted {
  readonly text: string
  readonly count: number
}

/** What these rules are called where it is signed that they were used; another name once another text would come of the same one. */
export const redactionRules = 'https://w3id.org/countersign/redaction/v1'

/** What stands where a secret was. */
export const redaction = '[redacted]'

/** What a token or key is made of: a place ends where such a run does. An assignment's name stands before its sign. */
const before = /[\w+/.~%-]/
const within = /[\w+/=.~%-]/

/** Takes every secret out of a text that the caller has bounded. */
export async function redactSecrets(text: string): Promise<Redacted> {
  const places = (await secretPlaces(text)).map((it) => widened(text, it))
  places.sort(([a], [b]) => a - b)
  let redacted = ''
  let end = 0
  let count = 0
  // Two rules may see the same secret, or parts of it.
  for (const [from, to] of places) {
    if (from >= end) {
      redacted += text.slice(end, from) + redaction
      count += 1
    }
    end = Math.max(end, to)
  }
  return { text: redacted + text.slice(end), count }
}

/** Whether there is anything in it that {@link redactSecrets} takes out. */
export async function holdsSecrets(text: string): Promise<boolean> {
  const found = secretWordsIn(text)
  return knownForms(text, found).length > 0 || (await presetPlaces(text, found)).length > 0
}

/** Where they stand, in any order; places may overlap. */
export async function secretPlaces(text: string): Promise<readonly Place[]> {
  const found = secretWordsIn(text)
  return [...(await presetPlaces(text, found)), ...knownForms(text, found)]
}

/** The place with the rest of the run that it stands in: half a token is still a secret. */
function widened(text: string, [from, to]: Place): Place {
  let start = from
  let end = to
  while (start > 0 && before.test(text.charAt(start - 1))) start -= 1
  while (end < text.length && within.test(text.charAt(end))) end += 1
  return [start, end]
}
