/**
 * Words that a person wants out of a record, whatever they are: names, places, what no rule finds. They are found in any case and form of their
 * letters, through escapes in escapes, and with what nobody sees between their letters; who has encoded them otherwise is not found. Pure.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Json } from '../../model/json.ts'
import type { Place } from '../redact/form.ts'
import { redaction } from '../redact/secrets.ts'
import { folded, foldings } from './folded-text.ts'
import type { Reading } from '../redact/readings.ts'
import { withoutEscapes } from './undone-escapes.ts'
import { wordSearch } from './word-search.ts'

export interface NamedWords {
  /** Texts and names of members without them, and how many places went; the same value where there are none. */
  redact(value: Json): { readonly json: Json; readonly count: number }
  redactText(text: string): { readonly text: string; readonly count: number }
  /** Whether one is in it. */
  isIn(text: string): boolean
  /** The lines, from 1, of those that were in nothing that was looked at until now: a word must not be shown. */
  unfound(): readonly number[]
}

/** A line each; blanks around them are none of theirs. Error: `usage`, which never shows one. */
export function namedWords(text: string): NamedWords {
  const lines = new Map<string, number[]>()
  for (const [at, line] of text.split(/\r\n|[\n\r]/).entries()) {
    const word = line.replace(/^\uFEFF/, '').trim()
    if (word === '') continue
    const form = wordForm(word)
    const isLong =
      Array.from(form).length >= (/^\d+$/.test(form) ? 4 : 2) && word.length <= limits.redactedWordCharacters
    if (!isLong) throw wrong(at + 1, 'it has less than 2 characters or 4 digits, or more than is looked for')
    if (redaction.includes(form)) throw wrong(at + 1, `it is a part of ${redaction}`)
    lines.set(form, [...(lines.get(form) ?? []), at + 1])
  }
  if (lines.size > limits.redactedWords) throw wrong(0, `there are more than ${limits.redactedWords}`)
  const search = wordSearch([...lines.keys()])
  const numbers = [...lines.values()]
  return {
    ...redactor(lines.size === 0 ? () => [] : (it) => placesIn(it, (text) => search.places(text))),
    unfound: () =>
      search
        .unfound()
        .flatMap((it) => numbers[it] ?? [])
        .toSorted((a, b) => a - b),
  }
}

function wordForm(word: string): string {
  return (folded(word, 'plain')?.text ?? word).trim()
}

/** Texts in texts deeper than anybody puts them: what is read once more is never longer, so the whole stays a multiple of the text. */
const mostLayers = 8

/** In order, and none touches another but at its end. */
function placesIn(text: string, search: (text: string) => readonly Place[]): readonly Place[] {
  const places: Place[] = []
  /** `way`: from the text itself to the layer, each reading of the one before. */
  const look = (layer: string, way: readonly Reading[]): void => {
    for (const folding of foldings) {
      const reading = folded(layer, folding)
      if (reading === undefined) continue
      for (const it of search(reading.text)) {
        places.push([...way, reading].reduceRight<Place>((place, by) => by.place(place), it))
      }
    }
  }
  look(text, [])
  for (const bytes of ['utf-8', 'latin-1'] as const) {
    let layer = text
    const way: Reading[] = []
    let isAmbiguous = false
    while (way.length < mostLayers) {
      const undone = withoutEscapes(layer, bytes)
      if (undone === undefined) break
      isAmbiguous ||= undone.hasLetters
      way.push(undone.reading)
      layer = undone.reading.text
      look(layer, way)
    }
    if (!isAmbiguous) break
  }
  return joined(places)
}

function joined(places: readonly Place[]): readonly Place[] {
  const whole: [number, number][] = []
  for (const [from, to] of places.toSorted(([a], [b]) => a - b)) {
    const last = whole.at(-1)
    if (last === undefined || from >= last[1]) whole.push([from, to])
    else last[1] = Math.max(last[1], to)
  }
  return whole
}

function redactor(placesOf: (text: string) => readonly Place[]): Omit<NamedWords, 'unfound'> {
  function redactText(text: string): { text: string; count: number } {
    const places = placesOf(text)
    let without = ''
    let end = 0
    for (const [from, to] of places) {
      without += text.slice(end, from) + redaction
      end = to
    }
    return { text: without + text.slice(end), count: places.length }
  }

  function redact(value: Json): { json: Json; count: number } {
    let count = 0
    const without = (it: Json): Json => {
      if (typeof it === 'string') {
        const redacted = redactText(it)
        count += redacted.count
        return redacted.text
      }
      if (typeof it === 'number') {
        const isOne = redactText(String(it)).text === redaction
        if (isOne) count += 1
        return isOne ? redaction : it
      }
      if (typeof it !== 'object' || it === null) return it
      if (Array.isArray(it)) return (it as readonly Json[]).map(without)
      return Object.fromEntries(
        Object.entries(it).map(([member, value]) => {
          const name = redactText(member)
          count += name.count
          return [name.text, without(value)]
        }),
      )
    }
    const json = without(value)
    return { json: count === 0 ? value : json, count }
  }

  return { redact, redactText, isIn: (text) => placesOf(text).length > 0 }
}

function wrong(line: number, why: string): CountersignError {
  const which = line === 0 ? 'the words' : `line ${line} of the words`
  return new CountersignError('usage', `${which} cannot be taken out: ${why}`, { option: 'words' })
}
