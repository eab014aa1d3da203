/**
 * Secrets in text, taken out before it is kept or signed. Which texts are secrets is said by secretlint's recommended preset, some
 * forty forms of tokens and keys, and by the forms beside it (`known-forms.ts`). A secret of no known form is not found.
 */
import type { Place } from './form.ts'
import { knownForms } from './known-forms.ts'

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
  const places = [...(await presetPlaces(text)), ...knownForms(text)].map((it) => widened(text, it))
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
  return knownForms(text).length > 0 || (await presetPlaces(text)).length > 0
}

async function presetPlaces(text: string): Promise<Place[]> {
  // Loaded where there is something to redact: hardly ever.
  const [{ lintSource }, { rules: preset }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  // Without the one by which a comment in the text turns the others off.
  const rules = preset
    .filter((it) => it.meta.id !== '@secretlint/secretlint-rule-filter-comments')
    .map((rule) => ({ id: rule.meta.id, rule }))
  // Some rules look only at files of some names.
  const source = { content: text, filePath: 'package.json', ext: '.json', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { config: { rules }, noPhysicFilePath: true } })
  return messages.map(({ range, data }) => placeOf(text, range, data))
}

/**
 * Where the secret of a report stands. Some rules report the place where their match begins with the length of the secret in it
 * (`AWS_SECRET_ACCESS_KEY=…`); what they call the secret is looked for from there, and taken out to the end of both.
 */
function placeOf(text: string, [from, to]: Place, data: unknown): Place {
  const said = typeof data === 'object' && data !== null ? Object.values(data) : []
  const secret = said.find((it): it is string => typeof it === 'string' && it.length === to - from)
  if (secret === undefined || secret === text.slice(from, to)) return [from, to]
  const at = text.indexOf(secret, from)
  return at < 0 ? [0, text.length] : [at, at + secret.length]
}

/** The place with the rest of the run that it stands in: half a token is still a secret. */
function widened(text: string, [from, to]: Place): Place {
  let start = from
  let end = to
  while (start > 0 && before.test(text.charAt(start - 1))) start -= 1
  while (end < text.length && within.test(text.charAt(end))) end += 1
  return [start, end]
}
