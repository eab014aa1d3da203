/** Rows of JSON without the secrets in their texts: what is kept of a transcript, and what its digest is of. */
import type { Json } from '../../model/json.ts'
import { holdsSecrets, redactSecrets, redaction } from '../redact/secrets.ts'

/** A row as it stands in a file, without its line end, and what it is. */
export interface Row {
  readonly bytes: Uint8Array
  readonly json: Json
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
  if (!(await holdsSecrets(rows.map(({ json }) => flat(json)).join('\n')))) {
    return rows.map((it) => ({ ...it, redactions: 0 }))
  }
  const redacted: RedactedRow[] = []
  for (const row of rows) {
    const text = rows.length === 1 || (await holdsSecrets(flat(row.json)))
    redacted.push(text ? await redactRow(row) : { ...row, redactions: 0 })
  }
  return redacted
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
    const object: { [member: string]: Json } = {}
    for (const [member, it] of Object.entries(value)) {
      const key = await redactSecrets(member)
      redactions += key.count
      object[key.text] = await without(it, member)
    }
    return object
  }
  const json = await without(row.json, '')
  if (redactions === 0) return { ...row, redactions }
  return { bytes: Buffer.from(JSON.stringify(json)), json, redactions }
}

/** Alone, and behind the name of its member; a secret that only the name tells is all of the text. */
async function redactMember(name: string, text: string): Promise<{ readonly text: string; readonly count: number }> {
  const alone = await redactSecrets(text)
  if (alone.count > 0 || name === '' || text === '') return alone
  const start = `${name}: `
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
      for (const [member, one] of Object.entries(it)) {
        // Names are bounded words but for maps, whose names are any text.
        if (member.length >= 16) lines.push(member)
        add(one, member)
      }
    }
  }
  add(value, '')
  return lines.join('\n')
}
