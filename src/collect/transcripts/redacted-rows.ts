/** Rows of JSON without the secrets in their texts: what is kept of a transcript, and what its digest is of. */
import type { Json } from '../../model/json.ts'
import type { Place } from '../redact/form.ts'
import { labelOf, memberName } from '../redact/member-name.ts'
import { distinctNames } from '../redact/taken-names.ts'
import { holdsSecrets, redactSecrets, redaction, secretPlaces } from '../redact/secrets.ts'

/** A row as it stands in a file, without its line end, and what it is. */
export interface Row {
  readonly bytes: Uint8Array
  readonly json: Json
  /** Paths of a machine that were taken out before. */
  readonly paths?: number
}

export interface RedactedRow extends Row {
  /** Secrets that were taken out. */
  readonly redactions: number
}

/**
 * The same rows in their order; one without a secret has the same bytes, one with is written anew. Each text is looked at with the
 * name of its member before it, for that may say what it is. Rows go together, since most have none. A secret that two texts
 * share is not found.
 */
export async function redactRows(rows: readonly Row[]): Promise<RedactedRow[]> {
  const texts = rows.map(({ json }) => flat(json))
  const places = await secretPlaces(texts.join('\n'))
  if (places.length === 0) return rows.map((it) => ({ ...it, redactions: 0 }))
  const near = rowsAt(places, texts)
  const redacted: RedactedRow[] = []
  for (const [at, row] of rows.entries()) {
    const text = texts[at] ?? ''
    const isLookedAt = rows.length === 1 || (near.has(at) && (await holdsSecrets(text)))
    redacted.push(isLookedAt ? await redactRow(row) : { ...row, redactions: 0 })
  }
  return redacted
}

/** In which of the texts, a line end between each two, the places stand; and those beside: what is found may reach over the end of one. */
function rowsAt(places: readonly Place[], texts: readonly string[]): ReadonlySet<number> {
  const near = new Set<number>()
  const order = places.toSorted(([a], [b]) => a - b)
  let next = 0
  let reached = -1 // where the places end that begin before
  let from = 0
  for (const [at, text] of texts.entries()) {
    const end = from + text.length + 1
    for (let place = order[next]; place !== undefined && place[0] < end; place = order[(next += 1)]) {
      reached = Math.max(reached, place[1])
    }
    if (reached > from) for (const row of [at - 1, at, at + 1]) near.add(row)
    from = end
  }
  return near
}

async function redactRow(row: Row): Promise<RedactedRow> {
  let redactions = 0
  async function without(value: Json, name: string): Promise<Json> {
    if (typeof value === 'string') {
      const { text, count } = await redactMember(name, value)
      redactions += count
      return text
    }
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      const list: Json[] = []
      for (const it of value as readonly Json[]) list.push(await without(it, name))
      return list
    }
    const label = labelOf(value)
    const names: string[] = []
    const values: Json[] = []
    for (const [member, it] of Object.entries(value)) {
      const key = cleanNames.has(member) ? { text: member, count: 0 } : await redactSecrets(member)
      if (key.count === 0) keepClean(member)
      redactions += key.count
      names.push(key.text)
      values.push(await without(it, memberName(member, label)))
    }
    return Object.fromEntries(distinctNames(names).map((name, at) => [name, values[at] ?? null]))
  }
  const json = await without(row.json, '')
  if (redactions === 0) return { ...row, redactions }
  return { ...row, bytes: Buffer.from(JSON.stringify(json)), json, redactions }
}

/** Names of members in which there is no secret: rows have the same few again and again. */
const cleanNames = new Set<string>()
const mostNames = 1_000
const longestName = 64

function keepClean(name: string): void {
  if (cleanNames.size < mostNames && name.length <= longestName) cleanNames.add(Buffer.from(name).toString())
}

/** Alone, and behind the name of its member; a secret that only the name tells is all of the text. */
async function redactMember(name: string, text: string): Promise<{ readonly text: string; readonly count: number }> {
  const start = name === '' ? '' : `${name}: `
  const alone = await redactSecrets(text, start)
  if (alone.count > 0 || name === '' || text === '') return alone
  const named = await redactSecrets(start + text)
  if (named.count === 0) return alone
  return { text: named.text.startsWith(start) ? named.text.slice(start.length) : redaction, count: named.count }
}

/** All texts of a value, a line each behind the name of its member. */
function flat(value: Json): string {
  const lines: string[] = []
  const add = (it: Json, name: string): void => {
    if (typeof it === 'string') {
      if (it !== '') lines.push(`${name}: ${it}`)
    } else if (Array.isArray(it)) for (const one of it as readonly Json[]) add(one, name)
    else if (typeof it === 'object' && it !== null) {
      const label = labelOf(it)
      for (const [member, one] of Object.entries(it)) {
        // Names are bounded words but for maps, whose names are any text.
        if (member.length >= 16) lines.push(member)
        add(one, memberName(member, label))
      }
    }
  }
  add(value, '')
  return lines.join('\n')
}
