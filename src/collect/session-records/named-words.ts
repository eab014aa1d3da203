/**
 * Words that a person wants out of a record, whatever they are: names, places, what no rule finds. They are found in any case, and as the
 * source of JSON, of a program or an address has them; who has encoded them otherwise is not found. Pure.
 */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Json } from '../../model/json.ts'
import { unescapedText } from '../redact/escaped-text.ts'
import { redaction } from '../redact/secrets.ts'

export interface NamedWords {
  /** Texts and names of members without them, and how many went; the same value where there are none. */
  redact(value: Json): { readonly json: Json; readonly count: number }
  redactText(text: string): { readonly text: string; readonly count: number }
  /** Whether one is in it. */
  isIn(text: string): boolean
}

/** A line each; blanks around them are none of theirs. Error: `usage`, which never shows one. */
export function namedWords(text: string): NamedWords {
  const words = [...new Set(text.split(/\r\n|[\n\r]/).map((it) => it.replace(/^\uFEFF/, '').trim()))].filter(
    (it) => it !== '',
  )
  if (words.length > limits.redactedWords) throw wrong(0, `there are more than ${limits.redactedWords}`)
  for (const [at, word] of words.entries()) {
    const isLong =
      Array.from(word).length >= (/^\d+$/.test(word) ? 4 : 2) && word.length <= limits.redactedWordCharacters
    if (!isLong) throw wrong(at + 1, 'it has less than 2 characters or 4 digits, or more than is looked for')
    if (redaction.includes(word.toLowerCase())) throw wrong(at + 1, `it is a part of ${redaction}`)
  }
  const forms = [...new Set(words.flatMap(formsOf))].toSorted((a, b) => b.length - a.length)
  const source = forms.map((it) => it.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  const [first, all] = ['iu', 'giu'].map((flags) => new RegExp(source === '' ? '(?!)' : source, flags))
  return found(first as RegExp, all as RegExp)
}

function found(first: RegExp, all: RegExp): NamedWords {
  function redactText(text: string): { text: string; count: number } {
    const places = [...text.matchAll(all)].map(({ 0: it, index }) => [index, index + it.length] as const)
    const unescaped = unescapedText(text)
    for (const { 0: it, index } of unescaped?.text.matchAll(all) ?? []) {
      const [from, to] = unescaped?.place([index, index + it.length]) ?? [0, 0]
      if (!places.some(([start, end]) => from < end && start < to)) places.push([from, to])
    }
    let without = ''
    let end = 0
    for (const [from, to] of places.toSorted(([a], [b]) => a - b)) {
      if (from < end) continue
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

  return {
    redact,
    redactText,
    isIn: (text) => first.test(text) || first.test(unescapedText(text)?.text ?? ''),
  }
}

/** How one may stand in a text: also where that is the source of JSON, once or twice, or a part of an address. */
function formsOf(word: string): string[] {
  const cases = [word, word.toLowerCase(), word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]
  return cases
    .flatMap((it) => [it.normalize('NFC'), it.normalize('NFD')])
    .flatMap((it) => {
      const once = JSON.stringify(it).slice(1, -1)
      return [it, once, JSON.stringify(once).slice(1, -1), inAscii(it), encoded(it)]
    })
}

function inAscii(text: string): string {
  return text.replaceAll(/[^ -~]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return text
  }
}

function wrong(line: number, why: string): CountersignError {
  const which = line === 0 ? 'the words' : `word ${line}`
  return new CountersignError('usage', `${which} cannot be taken out: ${why}`, { option: 'words' })
}
