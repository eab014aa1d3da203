/** Rows without the paths of the machine that they were written on. It comes before anything else, so that no digest is of such a path. */
import { isUtf8 } from 'node:buffer'
import type { Json } from '../../model/json.ts'
import type { LocalPaths } from '../redact/local-paths.ts'
import { distinctNames } from '../redact/taken-names.ts'
import { recordJson } from '../sessions/record-json.ts'
import type { Row } from './redacted-rows.ts'

/** The value in `bytes`; undefined where that is no JSON. A row that tells the folder of the session is read with what it tells. */
export function plainRow(bytes: Buffer, paths: LocalPaths): Row | undefined {
  const plain = withoutPaths(bytes, paths)
  if (plain === undefined) {
    const read = recordJson(bytes, bytes.length)
    if (!('json' in read)) return undefined
    return paths.learn(read.json) ? plainRow(bytes, paths) : { bytes, json: read.json }
  }
  const read = recordJson(plain.bytes, plain.bytes.length)
  // Two members may have one name now, which is no JSON for us.
  if (!('json' in read)) return plainMembers(bytes, paths)
  if (!paths.learn(read.json)) return { bytes: plain.bytes, json: read.json, paths: plain.count }
  return plainRow(bytes, paths)
}

/** A value that was put together here. */
export function plainJson(json: Json, paths: LocalPaths): Row {
  paths.learn(json)
  const bytes = Buffer.from(JSON.stringify(json))
  return plainRow(bytes, paths) ?? { bytes, json }
}

/** Rows by which a session is looked at before it is read: the first of them may be older than what they say. */
export function learnFolder(head: readonly Json[], paths: LocalPaths): void {
  for (const it of head) if (paths.learn(it)) return
}

function withoutPaths(bytes: Buffer, paths: LocalPaths): { bytes: Buffer; count: number } | undefined {
  // What is no UTF-8 must not become it.
  if (!paths.mayHold(bytes) || !isUtf8(bytes)) return undefined
  const { text, count } = paths.plain(bytes.toString())
  return count === 0 ? undefined : { bytes: Buffer.from(text), count }
}

function plainMembers(bytes: Buffer, paths: LocalPaths): Row | undefined {
  const read = recordJson(bytes, bytes.length)
  if (!('json' in read)) return undefined
  let count = 0
  const plain = (text: string): string => {
    const found = paths.plain(text)
    count += found.count
    return found.text
  }
  const without = (value: Json): Json => {
    if (typeof value === 'string') return plain(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return (value as readonly Json[]).map(without)
    const members = Object.entries(value)
    const names = distinctNames(members.map(([name]) => plain(name)))
    return Object.fromEntries(members.map(([, it], at) => [names[at] ?? '', without(it)]))
  }
  const json = without(read.json)
  return { bytes: Buffer.from(JSON.stringify(json)), json, paths: count }
}
