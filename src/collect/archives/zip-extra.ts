/** The extra fields of a zip's member (APPNOTE 4.5; those of Info-ZIP). */
import type { Metadata } from './member.ts'

interface ExtraField {
  readonly id: number
  readonly data: Buffer
}

/** What is no field, as the padding of zipalign, has the id -1. */
export function fieldsOf(extra: Buffer): readonly ExtraField[] {
  const fields: ExtraField[] = []
  let at = 0
  while (at < extra.length) {
    const end = at + 4 + (at + 4 <= extra.length ? extra.readUInt16LE(at + 2) : 0)
    if (end > extra.length) return [...fields, { id: -1, data: extra.subarray(at) }]
    fields.push({ id: extra.readUInt16LE(at), data: extra.subarray(at + 4, end) })
    at = end
  }
  return fields
}

/** NTFS, extended timestamp and Info-ZIP's older one hold times; the others of Info-ZIP who owns it. */
const meanings: ReadonlyMap<number, string> = new Map([
  [0x000a, 'extra mtime'],
  [0x5455, 'extra mtime'],
  [0x5855, 'extra mtime'],
  [0x7855, 'owner'],
  [0x7875, 'owner'],
])

/** By what they mean, of the directory and of the header before the member; sizes of zip64 are no metadata. */
export function extraFields(central: Buffer, local: Buffer): Metadata {
  const found: Record<string, string> = {}
  for (const [place, extra] of [
    ['central', central],
    ['local', local],
  ] as const) {
    for (const { id, data } of fieldsOf(extra)) {
      if (id === 1) continue
      const name = meanings.get(id) ?? 'extra'
      found[name] = `${found[name] ?? ''} ${place}:${id}:${data.toString('hex')}`
    }
  }
  return found
}
