/** Texts in what messages hold, as most tools write it: a text, or a list of blocks. */
import type { Json, JsonObject } from '../../model/json.ts'
import { listIn, objectIn, textIn } from './members.ts'

/** The text itself, or those of the blocks in it that are text: `{"type":"text","text":…}`, or no more than `{"text":…}`. */
export function textsIn(content: Json | undefined): readonly string[] {
  const text = textIn(content)
  if (text !== undefined) return [text]
  return listIn(content).flatMap((it) => {
    const block = objectIn(it)
    const inBlock = textIn(it) ?? textIn(block?.['text'])
    const isText = block?.['type'] === undefined || block['type'] === 'text'
    return inBlock !== undefined && isText ? [inBlock] : []
  })
}

/** Arguments of a call: an object, or one as a text of JSON; any other text, as of a patch, is its `input`. */
export function argumentsIn(value: Json | undefined): JsonObject {
  const text = textIn(value)
  if (text === undefined) return objectIn(value) ?? {}
  return objectIn(jsonIn(text)) ?? { input: text }
}

/** Undefined for text that is no JSON. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The new texts of several replacements, a list of objects. */
export function newTexts(edits: Json | undefined, member: string): string {
  return listIn(edits)
    .map((it) => textIn(objectIn(it)?.[member]) ?? '')
    .join('\n')
}

/** What stands between two marks, each time; nothing behind a first mark without its second. No expression: that would look again from each. */
export function textsBetween(text: string, first: string, second: string): readonly string[] {
  const texts: string[] = []
  for (let at = text.indexOf(first); at >= 0;) {
    const start = at + first.length
    const end = text.indexOf(second, start)
    if (end < 0) break
    texts.push(text.slice(start, end))
    at = text.indexOf(first, end + second.length)
  }
  return texts
}
