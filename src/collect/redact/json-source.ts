/**
 * Secrets in the source of a JSON value: its texts are looked at as what they stand for, and written anew where one holds a secret. Everything
 * else stays as it is written: blanks, numbers, the order of members.
 */
import { findSecrets } from './find-secrets.ts'
import type { FoundSecret } from './find-secrets.ts'
import { isLabel, memberName } from './member-name.ts'
import { redaction } from './secrets.ts'

export interface RedactedSource {
  readonly text: string
  /** Places in the source. */
  readonly found: readonly FoundSecret[]
}

/** Texts and signs; between them stand numbers, words and blanks. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/** `source` is JSON, which the caller has parsed and bounded. */
export async function redactJsonSource(source: string): Promise<RedactedSource> {
  const found: FoundSecret[] = []
  const names: string[] = []
  const labels: (string | undefined)[] = []
  let name = ''
  let text = ''
  let end = 0
  for (const match of source.matchAll(tokens)) {
    const { 0: token, index } = match
    if (token === '{' || token === '[') {
      names.push(name)
      labels.push(undefined)
    } else if (token === '}' || token === ']') {
      name = names.pop() ?? ''
      labels.pop()
    }
    if (!token.startsWith('"')) continue
    const value = JSON.parse(token) as string
    const isName = /^[ \t\r\n]*:/.test(source.slice(index + token.length, index + token.length + 64))
    const secrets = await secretsIn(value, isName ? '' : name)
    if (isName) name = memberName(value, labels.at(-1))
    else if (isLabel(name)) labels[labels.length - 1] ??= value
    if (secrets.length === 0) continue
    text += source.slice(end, index) + JSON.stringify(without(value, secrets))
    end = index + token.length
    const at = writtenAt(token)
    for (const { place, rule } of secrets) found.push({ place: [index + at(place[0]), index + at(place[1])], rule })
  }
  return { text: text + source.slice(end), found }
}

/** Alone, and behind the name of its member, as in rows of transcripts. */
async function secretsIn(value: string, name: string): Promise<readonly FoundSecret[]> {
  const start = name === '' ? '' : `${name}: `
  const alone = await findSecrets(value, start)
  if (alone.length > 0 || start === '' || value === '') return alone
  const named = await findSecrets(start + value)
  return named.map(({ place: [from, to], rule }) => ({
    place: [Math.max(0, from - start.length), Math.max(0, to - start.length)],
    rule,
  }))
}

function without(value: string, secrets: readonly FoundSecret[]): string {
  let text = ''
  let end = 0
  for (const {
    place: [from, to],
  } of secrets) {
    text += value.slice(end, from) + redaction
    end = to
  }
  return text + value.slice(end)
}

/** Where a character of a text stands in its token. */
function writtenAt(token: string): (place: number) => number {
  if (!token.includes('\\')) return (place) => place + 1
  const places: number[] = []
  for (const { index } of token.slice(1, -1).matchAll(/\\u[0-9a-fA-F]{4}|\\.|[\s\S]/g)) places.push(index + 1)
  return (place) => places[place] ?? token.length - 1
}
