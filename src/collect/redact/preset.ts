/**
 * Secrets by the rules of secretlint's recommended preset. The rules are asked one by one: secretlint's own core makes an index of
 * the lines of each text and keeps marks of its profiler for ever, which costs more than the rules themselves.
 */
import type { Place } from './form.ts'
import { ruleWords } from './preset-words.ts'
import { secretWordsIn } from './secret-words.ts'
import type { WordPlaces } from './word-places.ts'

/** A rule as secretlint has it, as far as those of the preset use it. */
interface Rule {
  readonly meta: { readonly id: string }
  create(context: Context, options: object): { readonly file?: (source: Source) => unknown }
}

interface Context {
  readonly createTranslator: () => (messageId: string, data: unknown) => Message
  readonly report: (found: { readonly range: Place; readonly message: Message }) => void
}

interface Message {
  readonly data: unknown
}

interface Source {
  readonly content: string
  readonly filePath: string
  readonly ext: string
}

/** Where the preset says that secrets stand in a text; places may overlap. */
export async function presetPlaces(text: string, found = secretWordsIn(text)): Promise<Place[]> {
  // Loaded where there is something to redact: hardly ever.
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend')
  const places: Place[] = []
  // As in secretlint, no byte order mark is in what the rules see.
  const skipped = text.startsWith('\ufeff') ? 1 : 0
  const context: Context = {
    createTranslator: () => (_, data) => ({ data }),
    report({ range: [from, to], message }) {
      places.push(placeOf(text, [from + skipped, to + skipped], message.data))
    },
  }
  const content = text.slice(skipped)
  // Some rules look only at files of some names.
  const source: Source = { content, filePath: 'package.json', ext: '.json' }
  for (const rule of rules as unknown as readonly Rule[]) {
    if (!isAsked(rule, text, found)) continue
    const asked = rule.create(context, {}).file?.(source)
    // Hardly any has to be waited for, and there are many texts.
    if (asked instanceof Promise) await asked
  }
  return places
}

const rulePrefix = '@secretlint/secretlint-rule-'

/** Hardly any of them has something to look for in a text. */
function isAsked({ meta: { id } }: Rule, text: string, found: WordPlaces): boolean {
  const name = id.slice(rulePrefix.length)
  // The one by which a comment in the text turns the others off.
  if (name === 'filter-comments') return false
  // The key of a service account is an object of JSON; other text is only parsed in vain.
  if (name === 'gcp') return /^\ufeff?[\t\n\r ]*\{/.test(text)
  const words = ruleWords.get(name)
  if (words === undefined) return true
  return words.some((it) => found.of(it).some((at) => name !== 'basicauth' || isUserAt(text, at)))
}

const user = /:\/\/[\w-]{1,256}:[\w-]{1,256}@/y

/** Addresses are in nearly every text, and nearly none of them says who asks. */
function isUserAt(text: string, at: number): boolean {
  user.lastIndex = at
  return user.test(text)
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
